"""Each page of a coordinator: who may open it, and that another school's objects do not exist."""

import uuid
from typing import Any

import pytest
from django.urls import reverse

from catalog.actions import suggest_site
from catalog.cultivation import save_lead
from catalog.models import Lead, Mentor, Suggestion, Term
from catalog.terms import save_term
from tests.world import School

pytestmark = pytest.mark.django_db
URLCONF = "portico.web.urls_school"

LISTS = [
    "board",
    "board-map",
    "requests",
    "questions",
    "placements",
    "opportunities",
    "opportunity-add",
    "release-unwanted",
    "sites",
    "site-add",
    "suggestions-staff",
    "pool",
    "school-settings",
    "term",
    "terms",
    "term-add",
    "fairness",
    "groups",
    "group",
    "demand",
    "leads",
    "lead-add",
    "asset-map",
]
# name of a page of one object -> the key of the object in `objects_of`
DETAILS = {
    "request": "requested",
    "placement-staff": "active",
    "opportunity": "opportunity",
    "opportunity-edit": "opportunity",
    "site": "site",
    "site-edit": "site",
    "mentor-add": "site",
    "mentor-edit": "mentor",
    "suggestion-staff": "suggestion",
    "term-edit": "term",
    "term-roll": "term",
    "lead": "lead",
}


def address(name: str, *args: Any) -> str:
    return reverse(name, urlconf=URLCONF, args=args)


def objects_of(school: School) -> dict[str, uuid.UUID]:
    """One of everything, made by the real rules."""
    offer = school.opportunity(capacity=3)
    requested = school.placement(offer.id)
    active = school.placement(offer.id, state="active")
    with school:
        suggestion = suggest_site(
            student=school.student(),
            suggestion=Suggestion(site_name="Hunts Point Bakery", reason="They bake at night."),
        )
        mentor = Mentor.objects.get(id=offer.mentor_id)
        term = save_term(
            actor=school.coordinator(),
            term=Term(name="Spring", starts_on="2026-09-01", ends_on="2027-01-31"),
        )
        lead = save_lead(actor=school.coordinator(), lead=Lead(name="Bakery to win"))
    return {
        "opportunity": offer.id,
        "requested": requested.id,
        "active": active.id,
        "site": offer.site_id,
        "mentor": mentor.id,
        "suggestion": suggestion.id,
        "term": term.id,
        "lead": lead.id,
    }


@pytest.mark.parametrize("name", LISTS)
def test_lists_open_for_a_coordinator_alone(met: School, name: str) -> None:
    path = address(name)
    assert met.client(met.coordinator()).get(path).status_code == 200
    assert met.client(met.person("teacher")).get(path).status_code == 403
    assert met.client(met.student()).get(path).status_code == 403
    signed_out = met.client().get(path)
    assert signed_out.status_code == 302
    assert signed_out.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", LISTS)
def test_lists_show_a_school_that_has_something(met: School, name: str) -> None:
    objects_of(met)
    assert met.client(met.coordinator()).get(address(name)).status_code == 200


def test_details_open_for_a_coordinator_alone_and_for_this_school(
    met: School, academy: School
) -> None:
    ours, theirs = objects_of(met), objects_of(academy)
    alice, teacher = met.client(met.coordinator()), met.client(met.person("teacher"))
    for name, key in DETAILS.items():
        assert alice.get(address(name, ours[key])).status_code == 200, name
        assert teacher.get(address(name, ours[key])).status_code == 403, name
        assert alice.get(address(name, theirs[key])).status_code == 404, name
        assert alice.get(address(name, uuid.uuid4())).status_code == 404, name


def test_another_schools_acts_do_not_exist(met: School, academy: School) -> None:
    theirs = objects_of(academy)
    alice = met.client(met.coordinator())
    attempts = {
        address("placement-act", theirs["requested"], "approve"): {},
        address("placement-act", theirs["requested"], "decline"): {"reason": "Not here."},
        address("opportunity-state", theirs["opportunity"]): {"action": "pause"},
        address("release", theirs["opportunity"]): {"slots": "1"},
        address("recall", theirs["opportunity"]): {},
        address("opportunity-edit", theirs["opportunity"]): {"title": "Taken over"},
        address("mentor-add", theirs["site"]): {"name": "A", "email": "a@example.com"},
        address("suggestion-staff", theirs["suggestion"]): {"do": "take_over"},
        address("term-edit", theirs["term"]): {"name": "Taken over"},
        address("term-roll", theirs["term"]): {},
        address("lead", theirs["lead"]): {"name": "Taken over"},
        address("lead-won", theirs["lead"]): {},
    }
    for path, data in attempts.items():
        assert alice.post(path, data).status_code == 404, path


def test_no_page_shows_another_schools_words(met: School, academy: School) -> None:
    marker = "Zanzibar Marker"
    offer = academy.opportunity(title=marker, site_name=marker)
    academy.placement(offer.id, student=academy.student(given_name="Zanzibar"))
    alice = met.client(met.coordinator())
    for name in LISTS:
        assert "Zanzibar" not in alice.get(address(name)).content.decode(), name
