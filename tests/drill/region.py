"""The region of the drill: twenty schools, four of them busy, everybody signed in already.

Rows are written at once and not by acts, so history and ledger are written with them: a
recount finds nothing before the first fault.
"""

import datetime
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from catalog.models import Mentor, Opportunity, Site
from portico.accounts.models import Person
from portico.audit.models import Entry
from portico.internships.models import Placement
from portico.signin.models import Session
from portico.signin.session_store import SessionStore
from sharing.actions import release_slots
from tenants.context import OWNER, tenant_context
from tenants.names import school_schema
from tenants.provisioning.provision import provision_region, provision_school

REGION = "drill"
BACKEND = "portico.accounts.backends.EmailBackend"
INTERNS_A_MENTOR = 10
POOL_SLOTS = 400


@dataclass(frozen=True)
class Account:
    """Somebody signed in at a school: what a browser of theirs sends."""

    schema: str
    host: str
    session: str
    person: str
    auth_hash: str
    placement: str = ""  # of an intern: where they check in


@dataclass(frozen=True)
class BusySchool:
    schema: str
    coordinator: Account
    students: list[Account]  # who go the main story
    interns: list[Account]  # who check in and out
    listing: uuid.UUID  # what it has in the pool


@dataclass(frozen=True)
class World:
    schemas: list[str]  # of all schools
    busy: list[BusySchool]


def make_region(*, schools: int, busy: int, students: int, interns: int) -> World:
    """*schools* in all; each of *busy* with *students* for the story and *interns* at work."""
    provision_region(code=REGION, name="Drill")
    filled, schemas = [], []
    for number in range(schools):
        code = f"s{number}"
        provision_school(region=REGION, code=code, name=f"School {number}")
        schemas.append(school_schema(region=REGION, school=code))
        if number < busy:
            filled.append(_fill(schemas[-1], f"{code}.{REGION}.localhost", students, interns))
    return World(schemas, filled)


def _fill(schema: str, host: str, students: int, interns: int) -> BusySchool:
    with tenant_context(schema, using=OWNER):
        people = Person.objects.bulk_create(
            Person(
                email=f"{role}{number}@{host.replace('localhost', 'example.org')}",
                given_name="Pat",
                family_name=f"Number{number}",
                roles=[role],
                grade=11 if role == "student" else None,
                password="!",
            )
            for role, count in (("coordinator", 1), ("student", students + interns))
            for number in range(count)
        )
        mentors = [_mentor(host, number) for number in range(-(-interns // INTERNS_A_MENTOR))]
        placements = [
            _internship(person, mentors[number // INTERNS_A_MENTOR])
            for number, person in enumerate(people[1 + students :])
        ]
        accounts = [_account(schema, host, person) for person in people[: 1 + students]]
        at_work = [
            _account(schema, host, person, str(placement.id))
            for person, placement in zip(people[1 + students :], placements, strict=True)
        ]
        sign_in([*accounts, *at_work])
        shared = _offer(mentors[0], "Greenhouse Guide", capacity=POOL_SLOTS)
    with tenant_context(schema):
        listing = release_slots(actor=people[0], opportunity_id=shared.id, slots=POOL_SLOTS)
    return BusySchool(schema, accounts[0], accounts[1:], at_work, listing)


def sign_in(accounts: list[Account]) -> None:
    """Sessions for *accounts*, as if each had signed in; in the school's context."""
    store, now = SessionStore(), timezone.now()
    Session.objects.bulk_create(
        (
            Session(
                session_key=one.session,
                session_data=store.encode(
                    {
                        "_auth_user_id": one.person,
                        "_auth_user_backend": BACKEND,
                        "_auth_user_hash": one.auth_hash,
                    }
                ),
                expire_date=now + datetime.timedelta(days=7),
                person_id=one.person,
                began_at=now,
                last_used_at=now,
            )
            for one in accounts
        ),
        ignore_conflicts=True,
    )


def _account(schema: str, host: str, person: Person, placement: str = "") -> Account:
    secret = secrets.token_hex(16)
    return Account(schema, host, secret, str(person.id), person.get_session_auth_hash(), placement)


def _mentor(host: str, number: int) -> Mentor:
    site = Site.objects.create(name=f"Site {number}", latitude=40.82, longitude=-73.9)
    email = f"mentor{number}@{host.replace('localhost', 'example.org')}"
    return Mentor.objects.create(site=site, name=f"Mentor {number}", email=email)


def _offer(mentor: Mentor, title: str, *, capacity: int, taken: int = 0) -> Opportunity:
    return Opportunity.objects.create(
        site=mentor.site,
        mentor=mentor,
        title=title,
        site_name=mentor.site.name,
        description="Work beside people who have done this for years.",
        field="education",
        capacity=capacity,
        taken=taken,
        state=Opportunity.State.PUBLISHED,
        published_at=timezone.now(),
    )


def _internship(person: Person, mentor: Mentor) -> Placement:
    """An active one, every day of the week, with the entry of history that made it so."""
    now, today = timezone.now(), timezone.localdate()
    offer = _offer(mentor, "Intern", capacity=1, taken=1)
    facts: dict[str, Any] = {
        "title": offer.title,
        "site_name": offer.site_name,
        "field": offer.field,
        "latitude": 40.82,
        "longitude": -73.9,
    }
    placement = Placement.objects.create(
        student=person,
        source="own",
        opportunity=offer,
        origin_kind="own",
        origin_name="School",
        state="active",
        requested_at=now,
        started_at=now,
        starts_on=today - datetime.timedelta(days=20),
        ends_on=today + datetime.timedelta(days=90),
        days=[1, 2, 3, 4, 5, 6, 7],
        start_time=datetime.time(0, 1),
        end_time=datetime.time(23, 58),
        goals=["Learn to greet visitors"],
        **facts,
    )
    Entry.objects.create(
        at=now,
        actor_label="clock",
        action="placement_approve_start",
        subject_type=Placement._meta.label_lower,
        subject_id=str(placement.id),
        after={"state": "active"},
        via="job",
    )
    return placement
