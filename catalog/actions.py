"""Curating: sites, mentors, opportunities, and what students want."""

import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.demand import plan_wish_news
from catalog.models import Favorite, Mentor, Opportunity, Site, Suggestion, WishlistItem
from catalog.rules import require_role
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.actions import record
from portico.due.counts import counts_changed
from portico.notices.actions import tell
from tenants.errors import Refused

MOST_WISHES = 20


def save_site(*, actor: Person, site: Site) -> Site:
    """Add or change a site; ValidationError with the fields at fault."""
    require_role(actor, Role.COORDINATOR)
    is_new = site._state.adding
    site.full_clean()
    site.save()
    record(action="site_added" if is_new else "site_changed", subject=site, actor=actor)
    return site


def save_mentor(*, actor: Person, mentor: Mentor) -> Mentor:
    """Add or change a mentor; ValidationError with the fields at fault."""
    require_role(actor, Role.COORDINATOR)
    is_new = mentor._state.adding
    mentor.full_clean()
    mentor.save()
    record(action="mentor_added" if is_new else "mentor_changed", subject=mentor, actor=actor)
    return mentor


def save_opportunity(*, actor: Person, opportunity: Opportunity) -> Opportunity:
    """Add or change an opportunity; place and name come from its site.

    Refused when capacity falls below what is taken or released already.
    """
    require_role(actor, Role.COORDINATOR)
    is_new = opportunity._state.adding
    site = opportunity.site
    opportunity.site_name = site.name
    opportunity.neighborhood = site.neighborhood
    opportunity.latitude, opportunity.longitude = site.latitude, site.longitude
    if not is_new:
        ledger = (
            Opportunity.objects.select_for_update()
            .values("taken", "released", "frees_at", "state", "published_at")
            .get(id=opportunity.id)
        )
        opportunity.taken, opportunity.released = ledger["taken"], ledger["released"]
        opportunity.frees_at = ledger["frees_at"]
        opportunity.state, opportunity.published_at = ledger["state"], ledger["published_at"]
        used = ledger["taken"] + ledger["released"]
        if opportunity.capacity < used:
            raise Refused(
                "slots_in_use",
                _("%(used)d slots are taken or released; recall or wait before offering fewer.")
                % {"used": used},
                field="capacity",
            )
    opportunity.full_clean(exclude=["doc"])
    opportunity.save()
    record(
        action="opportunity_added" if is_new else "opportunity_changed",
        subject=opportunity,
        actor=actor,
        after={"title": opportunity.title, "capacity": opportunity.capacity},
    )
    return opportunity


# Which state an opportunity may go to, from where.
STATE_ACTIONS: dict[str, tuple[frozenset[str], str]] = {
    "publish": (frozenset({"draft", "paused", "archived"}), "published"),
    "pause": (frozenset({"published"}), "paused"),
    "archive": (frozenset({"draft", "published", "paused"}), "archived"),
}


def change_opportunity_state(
    *, actor: Person, opportunity_id: uuid.UUID, action: str
) -> Opportunity:
    """`publish`, `pause` or `archive`. Released slots must be recalled before archiving."""
    require_role(actor, Role.COORDINATOR)
    sources, target = STATE_ACTIONS[action]
    opportunity = Opportunity.objects.select_for_update().get(id=opportunity_id)
    if opportunity.state not in sources:
        raise Refused(
            "wrong_state",
            _("It is %(state)s already or cannot go there now.")
            % {"state": opportunity.get_state_display()},
        )
    if action == "archive" and opportunity.released:
        raise Refused("released", _("Recall the released slots first."))
    before = opportunity.state
    opportunity.state = target
    if action == "publish" and opportunity.published_at is None:
        opportunity.published_at = timezone.now()
    opportunity.save(update_fields=["state", "published_at", "updated_at"])
    record(
        action=f"opportunity_{action}",
        subject=opportunity,
        actor=actor,
        before={"state": before},
        after={"state": target},
    )
    return opportunity


def set_favorite(*, student: Person, listing_id: uuid.UUID, saved: bool) -> None:
    """Save or forget a listing; saving twice is saving once."""
    require_role(student, Role.STUDENT)
    if saved:
        Favorite.objects.get_or_create(student=student, listing_id=listing_id)
    else:
        Favorite.objects.filter(student=student, listing_id=listing_id).delete()
    counts_changed()


def add_wish(*, student: Person, field: str = "", job: str = "") -> WishlistItem:
    """Wish for a field, a job, or a job in a field. Wishing twice is wishing once."""
    require_role(student, Role.STUDENT)
    wish = WishlistItem(student=student, field=field, job=" ".join(job.split()))
    if not wish.field and not wish.job:
        raise Refused("empty", _("Choose a field or write a job."), field="job")
    wish.full_clean(validate_unique=False, validate_constraints=False)
    if WishlistItem.objects.filter(student=student).count() >= MOST_WISHES:
        raise Refused("too_many", _("Twenty wishes are enough; remove one first."))
    wish, _made = WishlistItem.objects.get_or_create(student=student, field=field, job=wish.job)
    plan_wish_news()
    counts_changed()
    return wish


def remove_wish(*, student: Person, wish_id: uuid.UUID) -> None:
    """Remove an own wish; nothing happens when it is gone already."""
    WishlistItem.objects.filter(student=student, id=wish_id).delete()
    counts_changed()


def suggest_site(*, student: Person, suggestion: Suggestion) -> Suggestion:
    """A student proposes a place; coordinators are told."""
    require_role(student, Role.STUDENT)
    suggestion.student = student
    suggestion.full_clean(exclude=["site"])
    suggestion.save()
    record(action="site_suggested", subject=suggestion, actor=student)
    for coordinator in Person.objects.filter(roles__contains=[Role.COORDINATOR], is_active=True):
        tell(
            kind="suggestion_new",
            person=coordinator,
            data={"student": student.full_name, "site": suggestion.site_name},
        )
    return suggestion


def take_over_suggestion(*, actor: Person, suggestion_id: uuid.UUID, answer: str = "") -> Site:
    """Make a site of a suggestion (or find the school's own of that name) and tell the student."""
    require_role(actor, Role.COORDINATOR)
    suggestion = _new_suggestion(suggestion_id)
    site = Site.objects.filter(name__iexact=suggestion.site_name).first()
    if site is None:
        site = save_site(
            actor=actor,
            site=Site(
                name=suggestion.site_name, address=suggestion.address, notes=suggestion.contact
            ),
        )
    suggestion.site = site
    suggestion.state = Suggestion.State.TAKEN_OVER
    suggestion.answer = answer or str(_("Thank you! We will talk to them."))
    suggestion.save()
    _answer(actor, suggestion)
    return site


def decline_suggestion(*, actor: Person, suggestion_id: uuid.UUID, answer: str) -> Suggestion:
    """Say why not; the student reads it."""
    require_role(actor, Role.COORDINATOR)
    if not answer.strip():
        raise Refused("reason_required", _("Say why, the student will read it."), field="answer")
    suggestion = _new_suggestion(suggestion_id)
    suggestion.state = Suggestion.State.DECLINED
    suggestion.answer = answer.strip()
    suggestion.save()
    _answer(actor, suggestion)
    return suggestion


def _new_suggestion(suggestion_id: uuid.UUID) -> Suggestion:
    suggestion = (
        Suggestion.objects.select_for_update(of=("self",))
        .select_related("student")
        .get(id=suggestion_id)
    )
    if suggestion.state != Suggestion.State.NEW:
        raise Refused("answered", _("This suggestion has been answered already."))
    return suggestion


def _answer(actor: Person, suggestion: Suggestion) -> None:
    record(
        action="suggestion_answered",
        subject=suggestion,
        actor=actor,
        after={"state": suggestion.state},
    )
    data: dict[str, Any] = {"site": suggestion.site_name, "answer": suggestion.answer}
    tell(kind="suggestion_answered", person=suggestion.student, data=data)
