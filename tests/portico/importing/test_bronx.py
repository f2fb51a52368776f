"""The commands of docs/importing.md, run as written, on the real files of the Bronx."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections, transaction
from psycopg import sql

from catalog.models import Opportunity, Site
from portico import cli
from tenants.context import OWNER, public_context, tenant_context
from tenants.models import Domain, School, Tenant
from tenants.queries import schools_of

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"
GUIDE = ROOT / "docs" / "importing.md"
REGION = "bronx2014"

pytestmark = [
    pytest.mark.skipif(not DATA.exists(), reason="the files of ../shared are not here"),
    pytest.mark.usefixtures("committed_db"),
]


def commands_of_the_guide() -> list[list[str]]:
    """The lines of the guide's block that builds the region, as argument lists."""
    block = re.search(r"```sh bronx\n(.+?)```", GUIDE.read_text(), re.DOTALL)
    assert block is not None
    lines = block[1].replace("\\\n", " ").strip().splitlines()
    return [shlex.split(line)[1:] for line in lines]


@pytest.fixture
def _no_region_left(committed_db: None) -> Iterator[None]:
    yield
    with connections[OWNER].cursor() as cursor:
        # a transaction a school: all in one would hold more locks than the server has room for
        for school in Tenant.objects.filter(region__code=REGION):
            with transaction.atomic(using=OWNER):
                name = sql.Identifier(school.schema_name)
                cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(name))
                cursor.execute(sql.SQL("DROP OWNED BY {}").format(name))
        cursor.execute(f"DROP SCHEMA {REGION} CASCADE; DROP OWNED BY {REGION}, {REGION}_schools")
    with public_context(using=OWNER):
        Domain.objects.filter(tenant__schema_name__startswith=REGION).delete()
        School.objects.filter(region__code=REGION).delete()
        Tenant.objects.filter(code=REGION).delete()


@pytest.mark.usefixtures("_no_region_left")
def test_the_bronx_becomes_a_region(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    for arguments in commands_of_the_guide():
        assert cli.run(arguments) == 0, capsys.readouterr()
    printed = capsys.readouterr().out
    assert "schools: 118 new, 0 changed, 0 the same, 0 repeated, 0 bad" in printed
    assert "opportunities: 1559 new, 0 changed, 0 the same, 15 repeated, 0 bad" in printed

    schools = schools_of(region=REGION)
    assert len(schools) == 118
    preparatory = next(school for school in schools if school.external_id == "07X221")
    assert preparatory.address == "360 East 145 Street"
    assert (preparatory.grade_min, preparatory.grade_max, preparatory.student_count) == (6, 12, 644)
    counts = {}
    for school in schools:
        with tenant_context(school.schema_name):
            counts[school.code] = Opportunity.objects.count()
            assert Site.objects.count() == counts[school.code]
            assert set(Opportunity.objects.values_list("state", flat=True)) <= {"draft"}
    assert sum(counts.values()) == 1559
    assert min(counts.values()) == 0

    for arguments in commands_of_the_guide():
        if arguments[0] == "import":
            assert cli.run(arguments) == 0
    printed = capsys.readouterr().out
    assert "schools: 0 new, 0 changed, 118 the same, 0 repeated, 0 bad" in printed
    assert "opportunities: 0 new, 0 changed, 1559 the same, 15 repeated, 0 bad" in printed
