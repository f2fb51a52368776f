"""Places to win: worked through, won once; terms made, carried, archived once."""

import datetime

import pytest
import time_machine

from catalog.actions import add_wish
from catalog.cultivation import count_due_leads, find_leads, save_lead, win_lead
from catalog.demand import next_afternoon, note_missed_search
from catalog.models import Lead, MissedSearch, Site, Term
from catalog.terms import current_term, save_term
from portico.due.models import DueWork
from tenants.errors import Refused
from tests.world import School

pytestmark = pytest.mark.django_db


def test_what_is_to_be_done_next_comes_first(met: School) -> None:
    alice = met.coordinator()
    with time_machine.travel("2027-03-03T15:00Z"), met:
        for name, next_on in (("Later", "2027-04-01"), ("Undated", None), ("Now", "2027-03-03")):
            save_lead(actor=alice, lead=Lead(name=name, next_on=next_on))
        done = save_lead(actor=alice, lead=Lead(name="Gone", state="dropped", next_on="2027-03-01"))
        assert [one.name for one in find_leads()] == ["Now", "Later", "Undated"]
        assert count_due_leads() == 1
        assert done.next_on is None


def test_a_place_is_won_once_and_becomes_a_site(met: School) -> None:
    alice = met.coordinator()
    with met:
        lead = save_lead(actor=alice, lead=Lead(name="Kelly Bakery", contact="Ask for Jo"))
        site = win_lead(actor=alice, lead_id=lead.id)
        with pytest.raises(Refused, match="won"):
            win_lead(actor=alice, lead_id=lead.id)
        assert Site.objects.filter(name="Kelly Bakery").count() == 1
        assert (site.notes, Lead.objects.get().state) == ("Ask for Jo", "won")


def test_a_known_site_is_not_made_twice(met: School) -> None:
    alice = met.coordinator()
    offer = met.opportunity(site_name="Kelly Bakery")
    with met:
        lead = save_lead(actor=alice, lead=Lead(name="kelly bakery"))
        assert win_lead(actor=alice, lead_id=lead.id).id == offer.site_id


def test_only_coordinators_cultivate(met: School) -> None:
    teacher = met.person("teacher")
    with met, pytest.raises(Refused):
        save_lead(actor=teacher, lead=Lead(name="A place"))
    with met, pytest.raises(Refused):
        save_term(actor=teacher, term=Term(name="T", starts_on="2027-01-01", ends_on="2027-02-01"))


def test_a_term_ends_after_it_begins(met: School) -> None:
    with met, pytest.raises(Refused) as refusal:
        save_term(
            actor=met.coordinator(),
            term=Term(
                name="T",
                starts_on=datetime.date(2027, 2, 1),
                ends_on=datetime.date(2027, 1, 1),
            ),
        )
    assert refusal.value.field == "ends_on"


@pytest.mark.parametrize(
    ("today", "name"),
    [
        ("2026-08-01", "Fall"),  # the first to come
        ("2026-10-01", "Fall"),
        ("2027-01-15", "Fall"),  # between terms: the last that began
        ("2027-03-01", "Spring"),
        ("2027-09-01", "Spring"),
    ],
)
def test_the_current_term(met: School, today: str, name: str) -> None:
    with met:
        Term.objects.create(name="Fall", starts_on="2026-09-01", ends_on="2026-12-31")
        Term.objects.create(name="Spring", starts_on="2027-02-01", ends_on="2027-06-30")
        with time_machine.travel(f"{today}T15:00Z"):
            found = current_term()
    assert found is not None
    assert found.name == name


def test_missed_searches_are_counted_by_month_and_nobody_is_named(met: School) -> None:
    with met:
        for month in ("2027-03-01", "2027-03-31", "2027-04-01"):
            with time_machine.travel(f"{month}T15:00Z"):
                note_missed_search(words="  Vet   Tech ", field="")
        note_missed_search(words="ve", field="")  # too short to mean anything
        rows = list(MissedSearch.objects.order_by("month").values_list("words", "count"))
    assert rows == [("vet tech", 2), ("vet tech", 1)]
    columns = {field.name for field in MissedSearch._meta.local_concrete_fields}
    assert columns - {"pk"} == {"month", "field", "words", "count"}


def test_searches_of_last_year_are_forgotten(met: School) -> None:
    with met:
        for day in ("2026-01-10", "2027-04-10"):
            with time_machine.travel(f"{day}T15:00Z"):
                note_missed_search(words=f"words of {day}")
        assert [row.words for row in MissedSearch.objects.all()] == ["words of 2027-04-10"]


def test_the_next_afternoon_is_never_now() -> None:
    noon = datetime.datetime(2027, 3, 3, 12, tzinfo=datetime.UTC)
    assert next_afternoon(noon).isoformat() == "2027-03-03T16:00:00+00:00"
    assert next_afternoon(next_afternoon(noon)).isoformat() == "2027-03-04T16:00:00+00:00"


def test_many_wishes_are_one_piece_of_work(met: School) -> None:
    student, other = met.student(), met.student()
    with met:
        add_wish(student=student, field="arts")
        add_wish(student=other, job="Florist")
        assert DueWork.objects.filter(kind="wish_news", school=met.schema).count() == 1
