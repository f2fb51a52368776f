"""Cultivating: places a school would like to win, worked through one by one."""

import uuid

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.actions import save_site
from catalog.models import Lead, Site
from catalog.rules import require_role
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.actions import record
from tenants.errors import Refused

OPEN_STATES = (Lead.State.LEAD, Lead.State.CONTACTED)


def find_leads(*, state: str = "") -> QuerySet[Lead]:
    """Places to win: what is to be done next first, those without a date last.

    Without a *state*: those still open.
    """
    found = (
        Lead.objects.filter(state=state) if state else Lead.objects.filter(state__in=OPEN_STATES)
    )
    return found.select_related("site").order_by(F("next_on").asc(nulls_last=True), "name", "id")


def lead_counts() -> dict[str, int]:
    """How many there are in each state; states without any are missing."""
    return dict(Lead.objects.order_by().values_list("state").annotate(n=Count("id")))


def count_due_leads() -> int:
    """Open leads whose next date has come."""
    return Lead.objects.filter(state__in=OPEN_STATES, next_on__lte=timezone.localdate()).count()


@transaction.atomic
def save_lead(*, actor: Person, lead: Lead) -> Lead:
    """Add or change a place to win; ValidationError with the fields at fault."""
    require_role(actor, Role.COORDINATOR)
    is_new = lead._state.adding
    if lead.state not in OPEN_STATES:
        lead.next_on = None  # nothing is to be done any more
    lead.full_clean(exclude=["site"])
    lead.save()
    record(
        action="lead_added" if is_new else "lead_changed",
        subject=lead,
        actor=actor,
        after={"name": lead.name, "state": lead.state, "next_on": lead.next_on},
    )
    return lead


@transaction.atomic
def win_lead(*, actor: Person, lead_id: uuid.UUID) -> Site:
    """They said yes: a site is made of it (or the school's own of that name found).

    Refused: `won` when it has been won already.
    """
    require_role(actor, Role.COORDINATOR)
    lead = Lead.objects.select_for_update(of=("self",)).get(id=lead_id)
    if lead.state == Lead.State.WON and lead.site_id:
        raise Refused("won", _("This place has been won already."))
    site = Site.objects.filter(name__iexact=lead.name).first()
    if site is None:
        site = save_site(actor=actor, site=Site(name=lead.name, notes=lead.contact))
    lead.site, lead.state = site, Lead.State.WON
    save_lead(actor=actor, lead=lead)
    return site
