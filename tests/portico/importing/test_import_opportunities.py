"""`portico import opportunities`: all or nothing, new or changed, and every bad row named."""

from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Mentor, Opportunity, Site
from portico import cli
from portico.audit.models import Entry
from portico.importing import offer_plan
from portico.importing.columns import lay_out
from portico.importing.offer_plan import apply_opportunities, plan_opportunities, schools_by_name
from portico.importing.opportunities import COLUMNS
from portico.importing.reading import open_table
from sharing.models import MentorContact, VisibleListing
from tenants.queries import schools_of
from tests.world import School

pytestmark = pytest.mark.usefixtures("committed_db")
HEAD = "school,site,title,capacity,field,mentor,contact email\n"
FARM = "met,Kelly Street Growers,Urban Farm Apprentice,2,agriculture,Rosa Diaz,rosa@example.com\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "offers.csv"


def run(file: Path, text: str, *options: str) -> int:
    file.write_text(text, encoding="utf-8")
    return cli.run(["import", "opportunities", str(file), "--region", "bronx", *options])


def test_a_row_becomes_site_mentor_and_opportunity(file: Path, met: School) -> None:
    assert run(file, HEAD + FARM) == 0
    with met:
        offer = Opportunity.objects.select_related("site", "mentor").get()
        assert (offer.title, offer.capacity, offer.field) == (
            "Urban Farm Apprentice",
            2,
            "agriculture",
        )
        assert (offer.site.name, offer.site_name) == ("Kelly Street Growers",) * 2
        assert (offer.mentor.name, offer.mentor.email) == ("Rosa Diaz", "rosa@example.com")
        assert (offer.state, offer.published_at) == ("draft", None)
        entry = Entry.objects.get(action="opportunities_imported")
        assert (entry.after["new"], entry.after["file"], entry.via) == (1, "offers.csv", "command")


def test_importing_again_changes_instead_of_doubling(
    file: Path, met: School, capsys: pytest.CaptureFixture[str]
) -> None:
    run(file, HEAD + FARM)
    assert run(file, HEAD + FARM) == 0
    assert "0 new, 0 changed, 1 the same" in capsys.readouterr().out
    changed = FARM.replace(",2,", ",3,").replace("rosa@", "r.diaz@").replace("Kelly", "KELLY")
    assert run(file, HEAD + changed) == 0
    assert "0 new, 1 changed, 0 the same" in capsys.readouterr().out
    with met:
        assert Opportunity.objects.get().capacity == 3
        assert Mentor.objects.get().email == "r.diaz@example.com"
        assert Site.objects.get().name == "Kelly Street Growers"


def test_an_empty_cell_leaves_what_is_there(file: Path, met: School) -> None:
    run(file, HEAD + FARM)
    assert run(file, HEAD + "met,Kelly Street Growers,Urban Farm Apprentice,,,,\n") == 0
    with met:
        offer = Opportunity.objects.get()
        assert (offer.capacity, offer.field, offer.mentor.name) == (2, "agriculture", "Rosa Diaz")


def test_a_dry_run_shows_and_changes_nothing(
    file: Path, met: School, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(file, HEAD + FARM, "--dry-run") == 0
    printed = capsys.readouterr().out
    assert "Urban Farm Apprentice" in printed
    assert "1 new" in printed
    with met:
        assert not Site.objects.exists()


def test_one_bad_row_stops_all_and_every_one_is_named(
    file: Path, met: School, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [
        "met,,Aide,1,health,,",
        "nowhere,Clinic,Aide,1,health,,",
        "met,Clinic,Aide,many,alchemy,,",
        "met,Clinic,Aide,0,health,,",
        "met,Clinic,Aide,1,health,,lonely@example.com",
        "met,Clinic,Aide,1,health,Ann,nowhere",
        "met,Clinic,=A1,1,health,,",
    ]
    assert run(file, HEAD + FARM + "\n".join(bad) + "\n") == 1
    printed = capsys.readouterr().out
    for line, reason in {
        3: "site is empty",
        4: "school: there is no “nowhere” here",
        5: "capacity: “many” is not a whole number",
        6: "capacity: Ensure this value is greater than or equal to 1.",
        7: "mentor_name is empty, though the row has a mentor's contact",
        8: "mentor_email: Enter a valid email address.",
        9: "title: a formula (=A1), put its value there",
    }.items():
        assert f"line {line}: {reason}" in printed
    assert "line 5: field: “alchemy” is no field" in printed
    assert "7 bad" in printed
    assert "Nothing was changed." in printed
    with met:
        assert not Site.objects.exists()


def test_a_crash_while_saving_leaves_no_school_half_done(
    file: Path, met: School, academy: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = offer_plan._apply_batch
    seen: list[int] = []

    def fail_at_the_second(rows: list[Any]) -> Any:
        seen.append(len(rows))
        if len(seen) == 2:
            raise OSError("disk full")
        return real(rows)

    monkeypatch.setattr(offer_plan, "_apply_batch", fail_at_the_second)
    assert run(file, HEAD + FARM + FARM.replace("met,", "academy,")) == 1
    assert len(seen) == 2
    for school in (met, academy):
        with school:
            assert not Site.objects.exists()


def test_a_repeated_row_is_left_out_and_said(
    file: Path, met: School, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(file, HEAD + FARM + FARM) == 0
    printed = capsys.readouterr().out
    assert "line 3: repeats line 2, left out" in printed
    assert "1 new, 0 changed, 0 the same, 1 repeated" in printed
    with met:
        assert Opportunity.objects.count() == 1


def test_a_site_with_two_internships_and_one_shared_mentor(file: Path, met: School) -> None:
    second = FARM.replace("Urban Farm Apprentice", "Market Helper")
    assert run(file, HEAD + FARM + second) == 0
    with met:
        assert (Site.objects.count(), Mentor.objects.count()) == (1, 1)
        assert Opportunity.objects.count() == 2


def test_without_titles_an_internship_a_coordinator_renamed_is_still_the_same(
    file: Path, met: School, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "dbn,organization,sector\nmet,The Stoop,nonprofit\n"
    run(file, text)
    with met:
        assert Opportunity.objects.get().title == "Intern"
        Opportunity.objects.update(title="Front Desk Intern", description="Welcome people.")
    assert run(file, text) == 0
    assert "0 new, 0 changed, 1 the same" in capsys.readouterr().out
    with met:
        assert Opportunity.objects.get().title == "Front Desk Intern"


@pytest.mark.parametrize(
    ("sector", "field"),
    [
        ("higher education", "education"),
        ("Hospital", "health"),
        ("cultural", "arts"),
        ("financial", "finance"),
        ("community-based organization", "public_service"),
        ("nonprofit", "management"),
        ("corporate", "management"),
        ("something else", "management"),
        ("", "management"),
    ],
)
def test_a_sector_chooses_the_field(file: Path, met: School, sector: str, field: str) -> None:
    run(file, f"school,site,sector\nmet,Place,{sector}\n")
    with met:
        assert Opportunity.objects.get().field == field


def test_a_name_too_long_is_shortened_and_kept_whole_in_the_description(
    file: Path, met: School, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "Students take part in many programs " * 8
    assert run(file, f"school,site\nmet,{name}\n") == 0
    assert "line 2: site: shortened to 120 characters" in capsys.readouterr().out
    with met:
        assert len(Site.objects.get().name) == 120
        assert name.strip() in Opportunity.objects.get().description
    assert run(file, f"school,site\nmet,{name}\n") == 0
    with met:
        assert Site.objects.count() == 1


def test_one_school_for_all_rows(file: Path, met: School, academy: School) -> None:
    assert run(file, "site\nThe Stoop\n", "--school", "met") == 0
    with met:
        assert Site.objects.count() == 1
    with academy:
        assert not Site.objects.exists()


def test_a_school_is_found_by_code_or_name(file: Path, met: School, academy: School) -> None:
    assert run(file, "school,site\nMET,One\nBronx  academy,Two\n") == 0
    with met:
        assert Site.objects.get().name == "One"
    with academy:
        assert Site.objects.get().name == "Two"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--school", "nowhere"], "There is no school nowhere in bronx"),
        ([], "No column says which school"),
        (["--map", "school"], "--map school: write it as OURS=THEIRS"),
        (["--map", "school=x"], "There is no column “x”; the file has: site"),
    ],
)
def test_a_wrong_command_line_is_one_line(
    file: Path, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(file, "site\nThe Stoop\n", *options) == 1
    assert said in capsys.readouterr().err


def test_map_set_and_state(file: Path, met: School) -> None:
    text = "Schule,Ort\nmet,The Stoop\n"
    options = ["--map", "school=Schule", "--map", "site=Ort", "--set", "state=published"]
    assert run(file, text, *options, "--set", "capacity=4") == 0
    with met:
        offer = Opportunity.objects.get()
        assert (offer.state, offer.capacity) == ("published", 4)
        assert offer.published_at is not None


def test_slots_in_use_are_not_taken_away(
    file: Path, met: School, academy: School, capsys: pytest.CaptureFixture[str]
) -> None:
    offer = met.opportunity(capacity=3, title="Aide", site_name="Clinic")
    listing_id = met.release(offer, slots=2)
    academy.placement(listing_id, state="active")
    assert run(file, "school,site,title,slots\nmet,Clinic,Aide,1\n") == 1
    assert "line 2: capacity: 2 slots are taken or released already" in capsys.readouterr().out


def test_what_was_released_is_brought_up_to_date_in_the_pool(
    file: Path, met: School, academy: School
) -> None:
    offer = met.opportunity(capacity=2, title="Aide", site_name="Clinic")
    listing_id = met.release(offer, slots=2)
    text = "school,site,title,description,mentor,contact phone\n"
    text += "met,Clinic,Aide,Now with animals.,Rosa Mentor,718-555-0199\n"
    assert run(file, text) == 0
    with academy:
        assert VisibleListing.objects.get(id=listing_id).description == "Now with animals."
    academy.placement(listing_id, state="active")
    with academy:
        assert MentorContact.objects.get().phone == "718-555-0199"


def _many(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.write("school,site,title,capacity,latitude,longitude\n")
        for number in range(count):
            school = ("met", "academy", "riverdale")[number % 3]
            file.write(f"{school},Site {number // 7},Intern {number},2,40.8,-73.9\n")
    return path


def test_statements_grow_with_the_thousands_not_with_the_rows(file: Path) -> None:
    def statements(count: int) -> int:
        table = open_table(_many(file, count))
        find = schools_by_name(schools_of(region="bronx"))
        with CaptureQueriesContext(connection) as captured:
            plan = plan_opportunities(table, lay_out(table.headers, COLUMNS), find_school=find)
            apply_opportunities(plan, source="many.csv")
        assert plan.is_good
        return len(captured)

    assert statements(3_000) < 200
    assert statements(3_000) < 200  # the second time, all is there


def test_memory_hardly_grows_with_the_rows(file: Path) -> None:
    table = open_table(_many(file, 30_000))
    layout = lay_out(table.headers, COLUMNS)
    find = schools_by_name(schools_of(region="bronx"))
    process, sizes = psutil.Process(), []

    def weigh(line: str) -> None:
        sizes.append(process.memory_info().rss)

    plan = plan_opportunities(table, layout, find_school=find, progress=weigh)
    assert plan.counts["new"] == 30_000
    assert len(sizes) == 30
    assert max(sizes) - sizes[0] < 20_000_000  # the line numbers alone are kept, to find repeats
