"""Regions and schools, with the people who begin there: all of it or none of it.

These acts make schemas and roles, so they need the owner's connection: commands and
the worker call them, a web process never does. Each is one transaction; a process killed
in the middle leaves nothing behind.
"""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import F, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Term
from portico.accounts.actions import add_person
from portico.accounts.roles import Role
from portico.audit.actions import record
from portico.due.counts import ROLLUP
from portico.due.models import DueWork
from portico.notices.inviting import invite
from sharing.models import Hold, OwnerQuestion, PoolListing, Rollup
from tenants.context import OWNER, public_context, tenant_context
from tenants.errors import Refused
from tenants.models import Tenant
from tenants.names import school_schema
from tenants.provisioning import provision
from tenants.provisioning.provision import SchoolFacts

Progress = Callable[[str], None]


def say_nothing(line: str) -> None:
    """The progress nobody watches."""


@dataclass(frozen=True, kw_only=True)
class FirstPerson:
    """Who gets the first invitation: a school's coordinator, a region's admin."""

    given_name: str
    family_name: str
    email: str


def add_school(
    *,
    region: str,
    code: str,
    name: str,
    facts: SchoolFacts | None = None,
    coordinator: FirstPerson | None = None,
    inviter: str,
    request_id: uuid.UUID | None = None,
    progress: Progress = say_nothing,
) -> Tenant:
    """Make a school: schema, role, host, first term, and its coordinator with an invitation,
    who keeps the school's people too.

    ValidationError names the field at fault; a coordinator's are `coordinator_email`,
    `coordinator_given_name` and `coordinator_family_name`. *inviter* is who the invitation
    says it is from. *request_id* is kept in the region's history: see sharing.school_requests.
    """
    try:
        with public_context(using=OWNER):
            progress(_("Checking the code and making the tables"))
            school = provision.provision_school(region=region, code=code, name=name, facts=facts)
            with tenant_context(school.schema_name, using=OWNER):
                progress(_("Opening the first term"))
                _first_term(timezone.localdate()).save()
                if coordinator:
                    progress(_("Inviting the coordinator"))
                    _invite_first(
                        coordinator,
                        roles=[Role.COORDINATOR, Role.SCHOOL_ADMIN],
                        tenant=school,
                        inviter=inviter,
                        prefix="coordinator_",
                    )
                record(action="school_opened", subject=school, actor=None, label=inviter)
            with tenant_context(region, using=OWNER):
                record(
                    action="school_added",
                    subject=school,
                    actor=None,
                    label=inviter,
                    after={"code": code, "request": str(request_id or "")},
                )
            progress(_("Saving"))
    except IntegrityError as twice:  # another process made the same school meanwhile
        raise ValidationError({"code": _("This code is in use already.")}) from twice
    return school


def add_region(
    *,
    code: str,
    name: str,
    time_zone: str = "America/New_York",
    admin: FirstPerson | None = None,
    inviter: str,
    progress: Progress = say_nothing,
) -> Tenant:
    """Make a region, and its first district admin with an invitation.

    ValidationError names the field at fault; the admin's begin with `admin_`.
    """
    try:
        with public_context(using=OWNER):
            progress(_("Making the tables"))
            region = provision.provision_region(code=code, name=name, time_zone=time_zone)
            if admin:
                progress(_("Inviting the district admin"))
                with tenant_context(region.schema_name, using=OWNER):
                    _invite_first(
                        admin,
                        roles=[Role.DISTRICT_ADMIN],
                        tenant=region,
                        inviter=inviter,
                        prefix="admin_",
                    )
    except IntegrityError as twice:
        raise ValidationError({"code": _("This code is in use already.")}) from twice
    return region


def remove_school(*, region: str, code: str) -> None:
    """Forget a school: its schema, and what the region's tables know of it.

    Refused while another school's student holds a slot this school released.
    """
    schema = school_schema(region=region, school=code)
    with public_context(using=OWNER):
        if not Tenant.objects.filter(schema_name=schema).exists():
            raise Refused("not_found", _("There is no such school."), field="code")
        with tenant_context(region, using=OWNER):
            _leave_the_pool(schema)
        provision.remove_school(schema=schema)


def _leave_the_pool(schema: str) -> None:
    released = PoolListing.objects.filter(origin_schema=schema)
    locked = [listing.id for listing in released.select_for_update().order_by("id")]
    now = timezone.now()
    in_use = Hold.objects.filter(listing__in=locked).exclude(until__lte=now).count()
    if in_use:
        raise Refused(
            "slots_in_use",
            _("%(count)d released slots are in use by other schools.") % {"count": in_use},
        )
    for question in OwnerQuestion.objects.filter(owner=schema, state=OwnerQuestion.State.ASKED):
        # who still waits for this school's answer hears that there is none
        _plan_for(question.school, kind="owner_answer", subject_id=question.placement_id)
    released.delete()
    held = PoolListing.objects.filter(holds__school=schema).distinct()
    for listing_id in sorted(held.values_list("id", flat=True)):
        _give_back(listing_id, schema=schema)
    OwnerQuestion.objects.filter(school=schema).delete()
    DueWork.objects.filter(school=schema).delete()
    Rollup.objects.filter(school=schema).delete()
    had = Rollup.objects.filter(kind=Rollup.Kind.ORIGIN, key=schema)
    for school in had.values_list("school", flat=True):
        # what it had from the leaving one is nobody's any more
        _plan_for(school, kind=ROLLUP, subject_id=uuid.uuid4())


def _give_back(listing_id: uuid.UUID, *, schema: str) -> None:
    """All slots of a listing that the leaving school holds; the listing first, as wall.sql."""
    listing = PoolListing.objects.select_for_update(no_key=True).get(id=listing_id)
    holds = Hold.objects.filter(listing_id=listing_id)
    gone, _by_model = holds.filter(school=schema).delete()
    next_free = holds.filter(state=Hold.State.HELD).aggregate(first=Min("until"))["first"]
    PoolListing.objects.filter(id=listing_id).update(taken=F("taken") - gone, frees_at=next_free)
    if listing.origin_kind == "school":
        _plan_for(listing.origin_schema, kind="release_freed", subject_id=listing_id)


def _plan_for(school: str, *, kind: str, subject_id: uuid.UUID) -> None:
    """Due work in another school's name, as only the region may."""
    DueWork.objects.update_or_create(
        school=school,
        kind=kind,
        subject_id=subject_id,
        defaults={"due_at": timezone.now(), "attempts": 0},
    )


def _invite_first(
    who: FirstPerson, *, roles: list[str], tenant: Tenant, inviter: str, prefix: str
) -> None:
    try:
        person = add_person(
            email=who.email, given_name=who.given_name, family_name=who.family_name, roles=roles
        )
    except ValidationError as error:
        named = {f"{prefix}{field}": said for field, said in error.message_dict.items()}
        raise ValidationError(named) from error
    invite(person=person, school_name=tenant.name, inviter=inviter)


def _first_term(today: datetime.date) -> Term:
    """The half-year *today* is in; a coordinator renames it or adds others."""
    if today.month <= 6:
        name, first, last = "Spring", (1, 1), (6, 30)
    else:
        name, first, last = "Fall", (7, 1), (12, 31)
    return Term(
        name=f"{name} {today.year}",
        starts_on=datetime.date(today.year, *first),
        ends_on=datetime.date(today.year, *last),
    )
