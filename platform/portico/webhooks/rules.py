"""Who sees and changes which subscriptions."""

import uuid

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portico.accounts.may import KEEP_WEBHOOKS
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.webhooks.models import Subscription
from tenants.errors import Refused


def require_subscriber(person: Person) -> None:
    """Raise Refused(`forbidden`) unless *person* may subscribe at all."""
    if not person.has_role(*KEEP_WEBHOOKS.roles):
        raise Refused("forbidden", _("Your role does not allow this."))


def subscriptions_of(person: Person) -> QuerySet[Subscription]:
    """Those *person* may see and change: the tenant's own, or their own partner's."""
    theirs = Q(pk__in=())
    if person.has_role(Role.COORDINATOR, Role.DISTRICT_ADMIN):
        theirs |= Q(partner_id__isnull=True)
    if person.has_role(Role.PARTNER_STAFF) and person.partner_id is not None:
        theirs |= Q(partner_id=person.partner_id)
    return Subscription.objects.filter(theirs)


def partner_of(person: Person) -> uuid.UUID | None:
    """Whose a new subscription of *person* is: a partner's id, or None for the tenant's own.

    Refused(`forbidden`) for partner staff without a partner: theirs is not the whole pool.
    """
    if person.has_role(Role.COORDINATOR, Role.DISTRICT_ADMIN):
        return None
    if person.partner_id is None:
        raise Refused("forbidden", _("Your role does not allow this."))
    return person.partner_id
