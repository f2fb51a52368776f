"""Partners of a region, and the accounts of their staff."""

import uuid

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.rules import require_role
from portico.accounts.actions import add_person
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.actions import record
from portico.notices.inviting import invite
from sharing.models import Hold, Partner, PoolListing
from tenants.errors import Refused


def save_partner(*, actor: Person, partner: Partner) -> Partner:
    """Add or change a partner; ValidationError with the fields at fault.

    A new name is at once the origin's label on all its postings.
    """
    require_role(actor, Role.DISTRICT_ADMIN)
    is_new = partner._state.adding
    partner.name = " ".join(partner.name.split())
    partner.full_clean()
    partner.save()
    if not is_new:
        PoolListing.objects.filter(partner=partner).exclude(origin_name=partner.name).update(
            origin_name=partner.name
        )
    record(
        action="partner_added" if is_new else "partner_changed",
        subject=partner,
        actor=actor,
        after={"name": partner.name},
    )
    return partner


def invite_partner_staff(
    *,
    actor: Person,
    partner_id: uuid.UUID,
    given_name: str,
    family_name: str,
    email: str,
    region_name: str,
) -> Person:
    """Give somebody of a partner an account and send the invitation.

    ValidationError with the fields at fault.
    """
    require_role(actor, Role.DISTRICT_ADMIN)
    partner = Partner.objects.get(id=partner_id)
    person = add_person(
        email=email,
        given_name=given_name,
        family_name=family_name,
        roles=[Role.PARTNER_STAFF],
        partner_id=partner.id,
    )
    invite(person=person, school_name=region_name, inviter=actor.full_name)
    record(action="partner_staff_invited", subject=partner, actor=actor)
    return person


def set_staff_active(*, actor: Person, person_id: uuid.UUID, active: bool) -> Person:
    """Close the account of partner staff, or open it again. Nothing they posted changes."""
    require_role(actor, Role.DISTRICT_ADMIN)
    person = Person.objects.select_for_update().get(
        id=person_id, roles__contains=[Role.PARTNER_STAFF]
    )
    if not active and person.id == actor.id:
        raise Refused("own_account", _("You cannot close your own account."))
    if person.is_active != active:
        person.is_active = active
        person.save(update_fields=["is_active"])
        record(action="account_opened" if active else "account_closed", subject=person, actor=actor)
    return person


def partners_with_counts() -> QuerySet[Partner]:
    """Partners by name, each with `open_postings`."""
    return Partner.objects.annotate(
        open_postings=Count("listings", filter=Q(listings__state=PoolListing.State.OPEN))
    )


def staff_of(*, partner_id: uuid.UUID) -> QuerySet[Person]:
    return Person.objects.filter(partner_id=partner_id, roles__contains=[Role.PARTNER_STAFF])


def staff_counts() -> dict[uuid.UUID, int]:
    """How many active accounts each partner has."""
    rows = (
        Person.objects.filter(roles__contains=[Role.PARTNER_STAFF], is_active=True)
        .exclude(partner_id=None)
        .values_list("partner_id")
        .annotate(count=Count("id"))
        .order_by()
    )
    return {partner: count for partner, count in rows if partner}


def postings_of(*, partner_id: uuid.UUID) -> QuerySet[PoolListing]:
    """A partner's postings, newest first, each with `in_use`: slots held or filled now."""
    return with_in_use(PoolListing.objects.filter(partner_id=partner_id)).order_by("-created_at")


def with_in_use(listings: QuerySet[PoolListing]) -> QuerySet[PoolListing]:
    """*listings* with `in_use`: a hold whose deadline has passed no longer counts.

    A subquery and not a join, so that counting the listings does not count their holds.
    """
    of_one = Hold.objects.filter(live(), listing=OuterRef("pk")).order_by().values("listing")
    in_use = Subquery(of_one.annotate(count=Count("id")).values("count"))
    for_search = [field.name for field in PoolListing._meta.fields if field.generated]
    return listings.defer(*for_search).annotate(in_use=Coalesce(in_use, 0))


def use_by_school(*, listing_ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """Slots in use of each listing by school (schema): numbers, never whose."""
    rows = (
        Hold.objects.filter(live(), listing__in=listing_ids)
        .values_list("listing", "school")
        .annotate(count=Count("id"))
        .order_by("school")
    )
    use: dict[uuid.UUID, dict[str, int]] = {}
    for listing, school, count in rows:
        use.setdefault(listing, {})[school] = count
    return use


def live() -> Q:
    """Holds that hold now: filled, standing still, or with time left."""
    return Q(until__isnull=True) | Q(until__gt=timezone.now())
