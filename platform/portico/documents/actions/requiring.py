"""The school says what it requires before a start."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.rules import require_role
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.actions import record
from portico.documents.models import Giver, Requirement
from tenants.errors import Refused

WORDS = ("title", "text", "translations")  # what is read and signed


@transaction.atomic
def save_requirement(
    *, actor: Person, requirement: Requirement, sign_anew: bool = False
) -> Requirement:
    """Add a requirement, or change one: other words make a new version of its text.

    With *sign_anew* what was given under earlier versions counts no more. ValidationError
    with the fields at fault; Refused: `forbidden`, `text`, `covers`.
    """
    require_role(actor, Role.COORDINATOR)
    if requirement.way == Requirement.Way.SIGNATURE and not requirement.text.strip():
        raise Refused("text", _("Write the text that is signed."), field="text")
    if requirement.covers == Requirement.Covers.MENTOR and requirement.giver != Giver.MENTOR:
        raise Refused("covers", _("Only the mentor's own covers the mentor."), field="covers")
    requirement.full_clean()
    is_new = requirement._state.adding
    if not is_new:
        before = Requirement.objects.select_for_update().get(id=requirement.id)
        if any(getattr(before, name) != getattr(requirement, name) for name in WORDS):
            requirement.version = before.version + 1
        if sign_anew:
            requirement.since_version = requirement.version
    requirement.save()
    record(
        action="requirement_added" if is_new else "requirement_changed",
        subject=requirement,
        actor=actor,
        after={
            "title": requirement.title,
            "giver": requirement.giver,
            "version": requirement.version,
            "since_version": requirement.since_version,
        },
    )
    return requirement


@transaction.atomic
def set_requirement_active(
    *, actor: Person, requirement_id: uuid.UUID, is_active: bool
) -> Requirement:
    """Ask for it, or stop asking; what was given stays. Twice is once."""
    require_role(actor, Role.COORDINATOR)
    requirement = Requirement.objects.select_for_update().get(id=requirement_id)
    if requirement.is_active != is_active:
        requirement.is_active = is_active
        requirement.save(update_fields=["is_active", "changed_at"])
        record(
            action="requirement_asked" if is_active else "requirement_stopped",
            subject=requirement,
            actor=actor,
            after={"title": requirement.title},
        )
    return requirement
