"""The commands of docs/importing.md, run as written, on the real files of the Bronx.

The region they make is made once; then the district's page of it is compared with the files.
"""

import contextlib
import csv
import io
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from catalog.fields import Field
from catalog.models import Opportunity, Site
from portico import cli
from portico.accounts.models import Person
from portico.due.runner import run_due
from tenants.context import tenant_context
from tenants.queries import schools_of

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"
GUIDE = ROOT / "docs" / "importing.md"
REGION = "bronx2014"

pytestmark = [
    pytest.mark.skipif(not DATA.exists(), reason="the files of ../shared are not here"),
    pytest.mark.timeout(600),  # to make 118 schools takes its time, on a busy machine above all
]


def commands_of_the_guide() -> list[list[str]]:
    """The lines of the guide's block that builds the region, as argument lists."""
    block = re.search(r"```sh bronx\n(.+?)```", GUIDE.read_text(), re.DOTALL)
    assert block is not None
    lines = block[1].replace("\\\n", " ").strip().splitlines()
    return [shlex.split(line)[1:] for line in lines]


@pytest.fixture(scope="module")
def printed(own_database: None) -> Iterator[str]:
    """What the commands of the guide said while they made the region."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        with contextlib.redirect_stdout(io.StringIO()) as said:
            for arguments in commands_of_the_guide():
                assert cli.run(arguments) == 0, said.getvalue()
        yield said.getvalue()


def test_the_bronx_becomes_a_region(printed: str, capsys: pytest.CaptureFixture[str]) -> None:
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

    for arguments in commands_of_the_guide():  # again: nothing is doubled
        if arguments[0] == "import" and "--dry-run" not in arguments:
            assert cli.run(arguments) == 0
    again = capsys.readouterr().out
    assert "schools: 0 new, 0 changed, 118 the same, 0 repeated, 0 bad" in again
    assert "opportunities: 0 new, 0 changed, 1559 the same, 15 repeated, 0 bad" in again


def field_labels_by_sector() -> dict[str, str]:
    """The guide's table of sectors and fields, its last row being all other sectors."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", GUIDE.read_text(), re.MULTILINE)
    labels = {str(label) for label in Field.labels}
    return {
        name.strip(): field
        for sectors, field in rows
        if field in labels
        for name in sectors.split(",")
    }


def counted_in_the_files() -> dict[str, Counter[str]]:
    """School's id → field's label → organisations, one a name; schools without any too."""
    with (DATA / "bronx_high_schools_2014.csv").open(encoding="utf-8") as lines:
        counts: dict[str, Counter[str]] = {row["dbn"]: Counter() for row in csv.DictReader(lines)}
    label_of = field_labels_by_sector()
    sector_of: dict[tuple[str, str], str] = {}
    with (DATA / "bronx_partnerships_2014.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            name = " ".join(row["organization"].split()).lower()
            sector_of.setdefault((row["dbn"], name), row["sector"])
    for (dbn, _name), sector in sector_of.items():
        counts[dbn][label_of.get(sector, label_of["anything else"])] += 1
    return counts


@pytest.mark.usefixtures("printed")
def test_any_two_schools_are_as_the_file_says() -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        run_due(region=REGION)
    with tenant_context(REGION):
        dana = Person.objects.create(
            email="dana@example.org",
            given_name="Dana",
            family_name="Admin",
            roles=["district_admin"],
        )
    client = Client(SERVER_NAME=f"{REGION}.localhost")
    with tenant_context(REGION):
        client.force_login(dana)

    expected = counted_in_the_files()
    numbers = {dbn: sum(counts.values()) for dbn, counts in expected.items()}
    assert len(numbers) == 118
    assert max(numbers.values()) == 101
    assert list(numbers.values()).count(0) == 7
    schools = {school.external_id: school for school in schools_of(region=REGION)}

    first = client.get("/overview/")
    assert first.context["kpis"][0]["value"] == sum(numbers.values()) == 1559
    most = first.context["compare"]  # what is shown unasked: most beside nothing
    assert [one.opportunities for one in most.numbers] == [101, 0]
    by_number = sorted(expected, key=lambda dbn: (numbers[dbn], dbn))
    for a, b in zip(by_number[:59], by_number[:58:-1], strict=True):  # each school once
        page = client.get("/overview/", {"a": schools[a].code, "b": schools[b].code})
        compared = page.context["compare"]
        assert compared.names == (schools[a].name, schools[b].name)
        assert [one.opportunities for one in compared.numbers] == [numbers[a], numbers[b]]
        assert [one.sites for one in compared.numbers] == [numbers[a], numbers[b]]
        drawn = {pair.label: pair.parts for pair in compared.offered.pairs}
        assert len(drawn) == 14
        largest = max(*expected[a].values(), *expected[b].values(), 1)
        for label, parts in drawn.items():
            for part, dbn in zip(parts, (a, b), strict=True):
                assert part.value == expected[dbn][label], (dbn, label)
                assert part.width == pytest.approx(240 * part.value / largest, abs=0.1)
