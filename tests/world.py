"""A small world for tests: schools with people and offers, made through the real rules.

`School` enters its tenant for each thing it makes, so a test reads as a story:

    alice = met.person("coordinator")
    offer = met.opportunity(capacity=2)
    with met: ...   # run code as this school
"""

import datetime
import itertools
import uuid
from contextlib import AbstractContextManager
from typing import Any

from django.test import Client
from django.utils import timezone

from catalog.actions import change_opportunity_state, save_mentor, save_opportunity, save_site
from catalog.models import Mentor, Opportunity, Site
from portico.accounts.models import Person
from portico.internships import actions
from portico.internships.models import Placement
from sharing.actions import release_slots, save_posting
from sharing.models import MentorContact, Partner, PoolListing
from tenants.context import tenant_context
from tenants.names import region_of

PASSWORD = "correct horse battery staple"
_numbers = itertools.count(1)
START = actions.StartRequest(
    starts_on=datetime.date(2027, 2, 1),
    ends_on=datetime.date(2027, 6, 15),
    days=[2, 4],
    start_time=datetime.time(9),
    end_time=datetime.time(14, 30),
    goals=["Learn to greet visitors", "Keep a log"],
)


class TenantWorld:
    """Code run as one tenant: `with met: ...`; `client(person)` is that person's browser."""

    def __init__(self, schema: str) -> None:
        self.schema = schema
        self._entered: list[AbstractContextManager[None]] = []

    def __enter__(self) -> "TenantWorld":
        context = tenant_context(self.schema)
        context.__enter__()
        self._entered.append(context)
        return self

    def __exit__(self, *details: Any) -> None:
        self._entered.pop().__exit__(*details)

    @property
    def host(self) -> str:
        region = region_of(self.schema)
        return (
            f"{self.schema.split('__')[1]}.{region}.localhost"
            if region
            else f"{self.schema}.localhost"
        )

    def person(self, *roles: str, **facts: Any) -> Person:
        number = next(_numbers)
        facts.setdefault("given_name", "Pat")
        facts.setdefault("family_name", f"Number{number}")
        facts.setdefault("email", f"pat{number}@{self.schema.replace('__', '.')}.example.org")
        password = facts.pop("password", None)
        with self:
            person = Person(roles=list(roles), **facts)
            if password:
                person.set_password(password)
            person.save()
        return person

    def client(self, person: Person | None = None) -> Client:
        """A browser at this tenant's address, signed in as *person*."""
        client = Client(SERVER_NAME=self.host, raise_request_exception=True)
        if person is not None:
            with self:
                client.force_login(person)
        return client


class School(TenantWorld):
    def student(self, **facts: Any) -> Person:
        facts.setdefault("grade", 11)
        return self.person("student", **facts)

    def substitute(self, *, teacher: Person | None = None) -> Person:
        """Somebody who stands in for *teacher* for the next hour."""
        return self.person(
            "substitute_teacher",
            stands_in_for=teacher or self.person("teacher"),
            stands_in_until=timezone.now() + datetime.timedelta(hours=1),
        )

    def coordinator(self) -> Person:
        """The school's first coordinator, made when there is none."""
        with self:
            found = Person.objects.filter(roles__contains=["coordinator"]).order_by("id").first()
        return found or self.person("coordinator", given_name="Alice")

    def opportunity(self, *, publish: bool = True, **facts: Any) -> Opportunity:
        alice = self.coordinator()
        site_name = facts.pop("site_name", f"Kelly Street Growers {next(_numbers)}")
        facts.setdefault("title", "Urban Farm Apprentice")
        facts.setdefault("description", "Grow vegetables with neighbors on a roof.")
        facts.setdefault("field", "agriculture")
        facts.setdefault("capacity", 1)
        with self:
            site = save_site(
                actor=alice,
                site=Site(
                    name=site_name, address="12 Kelly Street", latitude=40.82, longitude=-73.9
                ),
            )
            mentor = save_mentor(
                actor=alice,
                mentor=Mentor(
                    site=site, name="Rosa Mentor", email="rosa@example.com", phone="718-555-0101"
                ),
            )
            opportunity = save_opportunity(
                actor=alice, opportunity=Opportunity(site=site, mentor=mentor, **facts)
            )
            if publish:
                opportunity = change_opportunity_state(
                    actor=alice, opportunity_id=opportunity.id, action="publish"
                )
        return opportunity

    def release(self, opportunity: Opportunity, *, slots: int = 1, **terms: Any) -> uuid.UUID:
        """Release *slots*; the pool listing's id."""
        with self:
            return release_slots(
                actor=self.coordinator(), opportunity_id=opportunity.id, slots=slots, **terms
            )

    def placement(
        self, listing_id: uuid.UUID, *, state: str = "requested", **who: Any
    ) -> Placement:
        """A placement walked to *state* by the real actions."""
        student = who.get("student") or self.student(teacher=who.get("teacher"))
        alice = self.coordinator()
        with self:
            placement = actions.request_placement(student=student, listing_id=listing_id)
            if state == "requested":
                return placement
            if state == "declined":
                return actions.decline_request(
                    placement_id=placement.id, actor=alice, reason="Another student first."
                )
            placement = actions.approve_request(placement_id=placement.id, actor=alice)
            if state in ("pursuing", "awaiting_owner"):
                return placement
            if state == "withdrawn":
                return actions.withdraw_placement(placement_id=placement.id, actor=student)
            placement = actions.request_start(placement_id=placement.id, actor=student, start=START)
            if state == "start_requested":
                return placement
            placement = actions.approve_start(placement_id=placement.id, actor=alice)
            if state == "active":
                return placement
            return actions.end_placement(
                placement_id=placement.id,
                actor=alice,
                completed=state == "completed",
                reason="The season is over.",
            )


class Region(TenantWorld):
    def partner_staff(self, partner_name: str = "Bridge Works") -> Person:
        with self:
            partner, _made = Partner.objects.get_or_create(name=partner_name)
        return self.person("partner_staff", partner_id=partner.id)

    def posting(self, *, staff: Person | None = None, **facts: Any) -> PoolListing:
        staff = staff or self.partner_staff()
        facts.setdefault("title", "Nonprofit Intern")
        facts.setdefault("site_name", "The Stoop")
        facts.setdefault("description", "Help a neighborhood center run its front desk.")
        facts.setdefault("field", "management")
        facts.setdefault("published_at", timezone.now())
        with self:
            return save_posting(
                actor=staff,
                listing=PoolListing(**facts),
                contact=MentorContact(name="Sam Mentor", email="sam@example.com"),
            )
