"""The demo region, made through the same actions people use."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from catalog.actions import (
    add_wish,
    change_opportunity_state,
    save_mentor,
    save_opportunity,
    save_site,
    set_favorite,
    suggest_site,
)
from catalog.models import Mentor, Opportunity, Site, Suggestion, Term
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.demo import attendance, content, history, office
from portico.demo.clock import clock_at
from sharing.actions import release_slots, save_posting
from sharing.models import MentorContact, Partner, PoolListing
from tenants.context import OWNER, public_context, tenant_context
from tenants.models import Tenant
from tenants.names import school_schema
from tenants.provisioning.provision import SchoolFacts, provision_region, provision_school

PASSWORD = "internships-for-all"
DAY = timedelta(days=1)
Progress = Callable[[str], None]
TOUR = (
    (Role.STUDENT, "student"),
    (Role.COORDINATOR, "coordinator"),
    (Role.TEACHER, "teacher"),
    (Role.DISTRICT_ADMIN, "district admin"),
    (Role.PARTNER_STAFF, "partner staff"),
)


@dataclass
class Seeded:
    """What was made, by the content's keys."""

    people: dict[str, Person] = field(default_factory=dict)
    opportunities: dict[str, uuid.UUID] = field(default_factory=dict)  # key -> own id
    listings: dict[str, uuid.UUID] = field(default_factory=dict)  # key -> id in the pool
    partners: dict[str, uuid.UUID] = field(default_factory=dict)

    def listing_for(self, key: str, *, school: str) -> uuid.UUID:
        """The id under which a student of *school* finds the opportunity *key*."""
        return self.opportunities[key] if key.startswith(f"{school}/") else self.listings[key]


def schema_of(tenant: str) -> str:
    """A content tenant's code as a schema: the region's own, or a school's."""
    region = content.region().code
    return region if tenant == region else school_schema(region=region, school=tenant)


def sign_ins() -> list[tuple[str, str, str, str]]:
    """(role, host, e-mail, password) of one person a role, for a tour."""
    region = content.region().code
    rows = []
    for role, words in TOUR:
        person = next(p for p in content.people() if p.tour and role in p.roles)
        host = (
            f"{region}.localhost"
            if person.tenant == region
            else f"{person.tenant}.{region}.localhost"
        )
        rows.append((words, host, person.email, PASSWORD))
    return rows


def seed_demo(*, progress: Progress = lambda line: None) -> None:
    """Make the demo region with its schools, people, offers and placements. Once."""
    seeded = Seeded()
    progress("schools")
    _make_tenants()
    progress("people")
    _make_people(seeded)
    progress("opportunities")
    for offer in content.opportunities():
        _make_offer(offer, seeded)
    progress("placements")
    history.play(seeded, release_offer)
    progress("days at the internships")
    attendance.play([schema_of(school.code) for school in content.schools()])
    progress("wishes")
    _make_wishes(seeded)
    progress("the office")
    office.play(schema=schema_of(office.content()["school"]))


def _make_tenants() -> None:
    region = content.region()
    provision_region(code=region.code, name=region.name)
    for school in content.schools():
        provision_school(
            region=region.code,
            code=school.code,
            name=school.name,
            facts=SchoolFacts(
                short_name=school.short_name,
                color=school.color.lower(),
                address=school.address,
                city="Bronx",
                latitude=school.latitude,
                longitude=school.longitude,
                grade_min=9,
                grade_max=12,
            ),
        )
        with public_context(using=OWNER):
            Tenant.objects.using(OWNER).filter(code=school.code).update(
                pursuit_days=school.pursuit_days
            )
        with tenant_context(schema_of(school.code)):
            _make_terms()


def _make_terms() -> None:
    today = timezone.localdate()
    start = today.replace(month=9, day=1) if today.month >= 8 else today.replace(month=2, day=1)
    end = start.replace(month=12, day=20) if start.month == 9 else start.replace(month=6, day=25)
    Term.objects.create(
        name=f"{'Fall' if start.month == 9 else 'Spring'} {start.year}",
        starts_on=start,
        ends_on=end,
    )


def _make_people(seeded: Seeded) -> None:
    password = make_password(PASSWORD)  # one hash for all: hashing eighty times takes half a minute
    with tenant_context(content.region().code):
        for partner in content.partners():
            made = Partner.objects.create(name=partner.name, about=partner.about)
            seeded.partners[partner.code] = made.id
    for row in content.people():
        with tenant_context(schema_of(row.tenant)):
            seeded.people[row.email] = Person.objects.create(
                email=row.email,
                given_name=row.first_name,
                family_name=row.last_name,
                roles=list(row.roles),
                grade=row.grade,
                teacher=seeded.people.get(row.teacher),
                partner_id=seeded.partners.get(row.partner),
                language=row.language,
                password=password,
            )


def _one(seeded: Seeded, role: str, tenant: str) -> Person:
    return next(
        seeded.people[p.email] for p in content.people() if p.tenant == tenant and role in p.roles
    )


def _facts(offer: content.Opportunity) -> dict[str, object]:
    stipend = f"${offer.stipend} for the term" if offer.stipend else ""
    return {
        "title": offer.title,
        "description": offer.description,
        "field": offer.cluster,
        "skills": list(offer.skills),
        "days": list(offer.days),
        "start_time": offer.starts,
        "end_time": offer.ends,
        "pay": offer.pay,
        "hourly_rate": offer.hourly_rate,
        "pay_note": stipend,
        "grades": list(offer.grades),
        "requirements": "; ".join(offer.requirements),
        "remote": offer.remote,
    }


def _make_offer(offer: content.Opportunity, seeded: Seeded) -> None:
    with clock_at(timezone.now() - offer.created_days_ago * DAY):
        if offer.owner in seeded.partners:
            seeded.listings[offer.key] = _post(offer, seeded)
        else:
            seeded.opportunities[offer.key] = _offer_at_school(offer, seeded)


def release_offer(offer: content.Opportunity, seeded: Seeded) -> None:
    """Release what the content says of *offer*; the clock stands at that day."""
    assert offer.release is not None
    with tenant_context(schema_of(offer.owner)):
        seeded.listings[offer.key] = release_slots(
            actor=_one(seeded, Role.COORDINATOR, offer.owner),
            opportunity_id=seeded.opportunities[offer.key],
            slots=offer.release.slots,
            ask_owner=offer.release.ask_owner,
            visible_from=_until(offer.release),
        )
    with tenant_context(content.region().code):  # the pool's clock is PostgreSQL's
        PoolListing.objects.filter(id=seeded.listings[offer.key]).update(
            published_at=timezone.now()
        )


def _until(release: content.Release) -> datetime | None:
    if release.own_first_days is None:
        return None
    real_now = (
        timezone.now() + release.released_days_ago * DAY
    )  # the block's clock stands back then
    return real_now + release.own_first_days * DAY


def _site_row(offer: content.Opportunity) -> content.Site:
    return next(site for site in content.sites() if site.key == offer.site)


def _offer_at_school(offer: content.Opportunity, seeded: Seeded) -> uuid.UUID:
    alice = _one(seeded, Role.COORDINATOR, offer.owner)
    place = _site_row(offer)
    with tenant_context(schema_of(offer.owner)):
        site = Site.objects.filter(name=place.name).first() or save_site(
            actor=alice,
            site=Site(
                name=place.name,
                address=place.address,
                neighborhood=place.neighborhood,
                city="Bronx",
                latitude=place.latitude,
                longitude=place.longitude,
                notes=place.transit,
            ),
        )
        known = next(mentor for mentor in place.mentors if mentor.email == offer.mentor)
        mentor = site.mentors.filter(email=known.email).first() or save_mentor(
            actor=alice,
            mentor=Mentor(
                site=site,
                name=f"{known.first_name} {known.last_name}",
                title=known.title,
                email=known.email,
                phone=known.phone,
                language=known.language,
            ),
        )
        row = save_opportunity(
            actor=alice,
            opportunity=Opportunity(
                site=site,
                mentor=mentor,
                term=Term.objects.first(),
                capacity=offer.capacity,
                **_facts(offer),
            ),
        )
        for action in {
            "draft": (),
            "published": ("publish",),
            "paused": ("publish", "pause"),
            "archived": ("publish", "archive"),
        }[offer.status]:
            change_opportunity_state(actor=alice, opportunity_id=row.id, action=action)
        return row.id


def _post(offer: content.Opportunity, seeded: Seeded) -> uuid.UUID:
    region = content.region().code
    staff = next(seeded.people[p.email] for p in content.people() if p.partner == offer.owner)
    place = _site_row(offer)
    known = next(mentor for mentor in place.mentors if mentor.email == offer.mentor)
    state = {"published": "open", "draft": "draft"}.get(offer.status, "closed")
    with tenant_context(region):
        return save_posting(
            actor=staff,
            listing=PoolListing(
                site_name=place.name,
                neighborhood=place.neighborhood,
                latitude=place.latitude,
                longitude=place.longitude,
                slots=offer.capacity,
                state=state,
                schools=[schema_of(code) for code in offer.only_schools] or None,
                **_facts(offer),
            ),
            contact=MentorContact(
                site_address=place.address,
                name=f"{known.first_name} {known.last_name}",
                title=known.title,
                email=known.email,
                phone=known.phone,
                language=known.language,
            ),
        ).id


def _make_wishes(seeded: Seeded) -> None:
    schools = {person.email: person.tenant for person in content.people()}
    for wish in content.wishlists():
        student, school = seeded.people[wish.student], schools[wish.student]
        with tenant_context(schema_of(school)):
            for code in wish.fields:
                add_wish(student=student, field=code)
            for job in wish.jobs:
                add_wish(student=student, job=job)
            for key in wish.favorites:
                set_favorite(
                    student=student, listing_id=seeded.listing_for(key, school=school), saved=True
                )
    for row in content.suggestions():
        with (
            clock_at(timezone.now() - row.days_ago * DAY),
            tenant_context(schema_of(schools[row.student])),
        ):
            suggest_site(
                student=seeded.people[row.student],
                suggestion=Suggestion(
                    site_name=row.site_name,
                    address=f"{row.address}, {row.neighborhood}",
                    contact=row.contact,
                    field=row.cluster,
                    reason=row.why,
                ),
            )
