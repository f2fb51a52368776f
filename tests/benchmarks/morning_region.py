"""A region on a school morning: students who intern today, signed in, and their mentors."""

import datetime
import secrets
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from catalog.models import Mentor, Opportunity, Site
from portico.accounts.models import Person
from portico.internships.models import Placement
from portico.signin.models import Session
from portico.signin.session_store import SessionStore
from tenants.context import OWNER, tenant_context
from tenants.names import school_schema
from tenants.provisioning.provision import provision_region, provision_school

REGION = "morning"
INTERNS_A_MENTOR = 5
BACKEND = "portico.accounts.backends.EmailBackend"


@dataclass(frozen=True)
class Phone:
    """What a student's phone sends with every tap."""

    host: str
    session: str
    student: str
    placement: str


def make_morning(*, schools: int, students: int) -> list[Phone]:
    """The phones of *students* in each of *schools*, school by school."""
    provision_region(code=REGION, name="Morning")
    phones: list[Phone] = []
    for number in range(schools):
        code = f"s{number}"
        provision_school(region=REGION, code=code, name=f"School {number}")
        with tenant_context(school_schema(region=REGION, school=code), using=OWNER):
            phones += _fill_school(f"{code}.{REGION}.localhost", number, students)
    return phones


def _fill_school(host: str, number: int, students: int) -> list[Phone]:
    offers = [_offer(number, n) for n in range(-(-students // INTERNS_A_MENTOR))]
    people = Person.objects.bulk_create(
        Person(
            email=f"student{n}@{host}",
            given_name="Pat",
            family_name=f"Number{n}",
            roles=["student"],
            grade=11,
            password="!",
        )
        for n in range(students)
    )
    placements = Placement.objects.bulk_create(
        Placement(**_placement(person, offers[n // INTERNS_A_MENTOR]))
        for n, person in enumerate(people)
    )
    keys = [secrets.token_hex(16) for _ in people]
    store, now = SessionStore(), timezone.now()
    later = now + datetime.timedelta(days=7)
    Session.objects.bulk_create(
        Session(
            session_key=key,
            session_data=store.encode(_session(person)),
            expire_date=later,
            person=person,
            began_at=now,
            last_used_at=now,
        )
        for key, person in zip(keys, people, strict=True)
    )
    return [
        Phone(host, key, str(person.id), str(placement.id))
        for key, person, placement in zip(keys, people, placements, strict=True)
    ]


def _offer(school: int, number: int) -> Opportunity:
    site = Site.objects.create(name=f"Site {number}", latitude=40.82, longitude=-73.9)
    mentor = Mentor.objects.create(
        site=site, name=f"Mentor {number}", email=f"mentor{number}@s{school}.example.org"
    )
    return Opportunity.objects.create(
        site=site,
        mentor=mentor,
        title="Intern",
        site_name=site.name,
        description="Work beside people who have done this for years.",
        field="education",
        capacity=INTERNS_A_MENTOR,
        state=Opportunity.State.PUBLISHED,
    )


def _placement(person: Person, offer: Opportunity) -> dict[str, Any]:
    now, today = timezone.now(), timezone.localdate()
    return {
        "student": person,
        "source": "own",
        "opportunity": offer,
        "title": offer.title,
        "site_name": offer.site_name,
        "field": offer.field,
        "latitude": 40.82,
        "longitude": -73.9,
        "origin_kind": "own",
        "origin_name": "School",
        "state": "active",
        "requested_at": now,
        "started_at": now,
        "starts_on": today - datetime.timedelta(days=20),
        "ends_on": today + datetime.timedelta(days=90),
        "days": [1, 2, 3, 4, 5, 6, 7],
        "start_time": datetime.time(9),
        "end_time": datetime.time(14, 30),
        "goals": ["Learn to greet visitors"],
    }


def _session(person: Person) -> dict[str, str]:
    return {
        "_auth_user_id": str(person.id),
        "_auth_user_backend": BACKEND,
        "_auth_user_hash": person.get_session_auth_hash(),
    }
