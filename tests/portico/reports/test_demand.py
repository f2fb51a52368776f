"""Demand against supply, and what is out of reach: counted, never whose."""

import pytest

from catalog.actions import add_wish, set_favorite
from catalog.cultivation import save_lead
from catalog.demand import note_missed_search
from catalog.models import Lead
from portico.reports.asset_map import Wanted, coverage, pins
from portico.reports.demand import FieldDemand, demand_by_field, missed_words, wished_jobs
from tests.world import Region, School

pytestmark = pytest.mark.django_db
SCHOOL = (40.82, -73.92)


def of_field(school: School, field: str) -> FieldDemand:
    with school:
        return next(one for one in demand_by_field() if one.field == field)


def test_a_field_is_wanted_offered_and_cultivated(
    met: School, academy: School, bronx: Region
) -> None:
    nurse, doctor = met.student(), met.student()
    offer = met.opportunity(field="health", capacity=3)
    met.placement(offer.id, state="active")
    academy.release(academy.opportunity(field="health", capacity=4), slots=4)
    bronx.posting(field="health", slots=5)
    with met:
        for student in (nurse, doctor):
            add_wish(student=student, field="health")
        add_wish(student=nurse, field="health", job="Nurse")  # the same student
        set_favorite(student=nurse, listing_id=offer.id, saved=True)
        note_missed_search(words="nurse", field="health")
        save_lead(actor=met.coordinator(), lead=Lead(name="Clinic", field="health"))
        save_lead(actor=met.coordinator(), lead=Lead(name="No", field="health", state="dropped"))
    found = of_field(met, "health")
    assert found == FieldDemand(
        field="health", students=2, saved=1, missed=1, own=2, region=9, leads=1
    )
    assert found.gap == 0


def test_the_widest_gap_comes_first(met: School) -> None:
    with met:
        for _ in range(3):
            add_wish(student=met.student(), field="arts")
        add_wish(student=met.student(), field="health")
        fields = [one.field for one in demand_by_field()]
    assert fields[:2] == ["arts", "health"]


def test_another_schools_wishes_are_not_ours(met: School, academy: School) -> None:
    with academy:
        add_wish(student=academy.student(), field="arts", job="Painter")
        note_missed_search(words="painter")
    assert of_field(met, "arts").students == 0
    with met:
        assert wished_jobs() == []
        assert missed_words() == []


def test_beginnings_of_a_word_are_folded_into_it(met: School) -> None:
    with met:
        for words in ("vet te", "vet tec", "vet tech", "vet tech", "florist"):
            note_missed_search(words=words)
        assert [(one.words, one.count) for one in missed_words()] == [
            ("vet tech", 2),
            ("florist", 1),
        ]


def test_a_search_in_vain_is_noted_by_the_page(met: School) -> None:
    student = met.student()
    client = met.client(student)
    client.get("/?q=Astronaut")
    client.get("/?q=Astronaut&day=2")  # perhaps on another day
    client.get("/")
    with met:
        assert [(one.words, one.count) for one in missed_words()] == [("astronaut", 1)]


# --- the map ------------------------------------------------------------------------------


def titles(world: School, **wanted: object) -> list[str]:
    with world:
        return [one.title for one in pins(wanted=Wanted(**wanted), school=SCHOOL)]  # type: ignore[arg-type]


def test_what_narrows_the_map(met: School, academy: School, bronx: Region) -> None:
    met.opportunity(title="Own", field="arts", pay="paid")
    academy.release(academy.opportunity(title="Released", field="arts"))
    bronx.posting(title="Posted", latitude=40.85, longitude=-73.9)
    assert sorted(titles(met)) == ["Own", "Posted", "Released"]
    assert titles(met, origin="own") == ["Own"]
    assert titles(met, origin="released") == ["Released"]
    assert titles(met, origin="partner") == ["Posted"]
    assert titles(met, school=academy.schema) == ["Released"]
    assert titles(met, school=met.schema) == ["Own"]
    assert sorted(titles(met, field="arts")) == ["Own", "Released"]
    assert titles(met, paid=True) == ["Own"]


def test_the_nearest_first_and_what_has_no_place_last(met: School, bronx: Region) -> None:
    bronx.posting(title="Near", latitude=40.83, longitude=-73.92)
    bronx.posting(title="Far", latitude=40.9, longitude=-73.92)
    bronx.posting(title="Nowhere")
    assert titles(met) == ["Near", "Far", "Nowhere"]
    with met:
        near = pins(wanted=Wanted(), school=SCHOOL)[0]
    assert near.miles == pytest.approx(0.69, abs=0.01)


def test_a_wished_field_without_a_slot_in_reach_is_a_gap(met: School, bronx: Region) -> None:
    bronx.posting(title="Far studio", field="arts", latitude=40.9, longitude=-73.92)
    bronx.posting(title="Clinic", field="health", latitude=40.83, longitude=-73.92, slots=2)
    bronx.posting(title="From home", field="digital", remote=True)
    with met:
        for field in ("arts", "health", "digital", "energy"):
            add_wish(student=met.student(), field=field)
        found = {one.field: one for one in coverage(school=SCHOOL, miles=3)}
        wider = {one.field: one for one in coverage(school=SCHOOL, miles=10)}
    assert {field for field, one in found.items() if one.is_gap} == {"arts", "energy"}
    assert found["arts"].nearest == pytest.approx(5.5, abs=0.1)
    assert found["energy"].nearest is None
    assert (found["health"].slots, found["digital"].slots) == (2, 1)
    assert {field for field, one in wider.items() if one.is_gap} == {"energy"}
