"""Terms: made and changed, carried over, archived."""

import uuid

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Opportunity, Term
from catalog.rules import require_role
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.actions import record
from tenants.errors import Refused


def terms() -> QuerySet[Term]:
    """All terms, the newest first."""
    return Term.objects.order_by("-starts_on", "name")


def current_term() -> Term | None:
    """The term of today; between terms the last that began, else the first to come."""
    today = timezone.localdate()
    began = Term.objects.filter(starts_on__lte=today)
    return (
        began.filter(ends_on__gte=today, archived_at__isnull=True).order_by("-starts_on").first()
        or began.order_by("-starts_on").first()
        or Term.objects.order_by("starts_on").first()
    )


def save_term(*, actor: Person, term: Term) -> Term:
    """Add or change a term; ValidationError with the fields at fault."""
    require_role(actor, Role.COORDINATOR)
    is_new = term._state.adding
    if term.starts_on and term.ends_on and term.ends_on < term.starts_on:
        raise Refused("dates", _("It ends before it begins."), field="ends_on")
    term.full_clean()
    term.save()
    record(
        action="term_added" if is_new else "term_changed",
        subject=term,
        actor=actor,
        after={"name": term.name, "starts_on": term.starts_on, "ends_on": term.ends_on},
    )
    return term


def archive_term(*, actor: Person, term_id: uuid.UUID) -> Term:
    """Nothing is left to do in it; it stays to be read. Archiving twice is archiving once."""
    require_role(actor, Role.COORDINATOR)
    term = Term.objects.select_for_update().get(id=term_id)
    if term.archived_at is None:
        term.archived_at = timezone.now()
        term.save(update_fields=["archived_at"])
        record(action="term_archived", subject=term, actor=actor)
    return term


def carry_opportunity(*, actor: Person, opportunity_id: uuid.UUID, term: Term) -> Opportunity:
    """Offer an opportunity again in *term*; where it has dates, they become the term's."""
    require_role(actor, Role.COORDINATOR)
    opportunity = (
        Opportunity.objects.select_for_update(of=("self",))
        .select_related("term")
        .defer("doc")
        .get(id=opportunity_id)
    )
    old = opportunity.term
    if old is not None and old.id == term.id:
        return opportunity
    before = {"term": old.name if old else ""}
    if opportunity.starts_on is not None:
        opportunity.starts_on = term.starts_on
    if opportunity.ends_on is not None:
        opportunity.ends_on = term.ends_on
    opportunity.term = term
    opportunity.save(update_fields=["term", "starts_on", "ends_on", "updated_at"])
    record(
        action="opportunity_carried",
        subject=opportunity,
        actor=actor,
        before=before,
        after={"term": term.name},
    )
    return opportunity
