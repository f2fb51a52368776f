"""The district's page of the real Bronx: every school's number and chart are the file's."""

import csv
import re
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from catalog.fields import Field
from portico import cli
from portico.accounts.models import Person
from portico.due.runner import run_due
from tenants.context import tenant_context
from tenants.queries import schools_of
from tests.portico.importing.test_bronx import (
    DATA,
    GUIDE,
    REGION,
    ROOT,
    _no_region_left,  # noqa: F401 - the fixture
    commands_of_the_guide,
)

pytestmark = [
    pytest.mark.skipif(not DATA.exists(), reason="the files of ../shared are not here"),
    pytest.mark.usefixtures("committed_db", "_no_region_left"),
]


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


def test_any_two_schools_are_as_the_file_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    for arguments in commands_of_the_guide():
        assert "--dry-run" in arguments or cli.run(arguments) == 0, capsys.readouterr()
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
