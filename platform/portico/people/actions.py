"""Keeping a school's people by hand: adding, changing, inviting, closing an account."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portico.accounts.actions import add_person
from portico.accounts.may import KEEP_PEOPLE
from portico.accounts.models import Person
from portico.accounts.roles import GIVEN_BY_HAND, Role
from portico.audit.actions import record
from portico.due.counts import counts_changed
from portico.notices.inviting import invite
from portico.people.rules import require, require_an_admin_left
from tenants.errors import Refused

FACTS = ("given_name", "family_name", "email", "grade", "teacher_id")


@transaction.atomic
def add_somebody(
    *,
    actor: Person,
    email: str,
    given_name: str,
    family_name: str,
    roles: list[str],
    grade: int | None = None,
    teacher_id: uuid.UUID | None = None,
    school_name: str,
) -> Person:
    """Add a person of the school and invite them by e-mail.

    ValidationError with the fields at fault; Refused `forbidden`, or `roles` for none or
    one that is not given by hand.
    """
    require(actor, KEEP_PEOPLE)
    _check_roles(roles)
    person = add_person(
        email=email, given_name=given_name, family_name=family_name, roles=roles,
        grade=grade if Role.STUDENT in roles else None,
        teacher_id=teacher_id if Role.STUDENT in roles else None,
    )  # fmt: skip
    record(action="person_added", subject=person, actor=actor, after={"roles": roles})
    invite(person=person, school_name=school_name, inviter=actor.full_name)
    return person


@transaction.atomic
def change_somebody(
    *, actor: Person, person_id: uuid.UUID, roles: list[str], **facts: Any
) -> Person:
    """Change a person's *facts* (see FACTS) and the roles given by hand; others stay.

    Refused `last_admin` when nobody would be left to keep the school's people.
    """
    require(actor, KEEP_PEOPLE)
    assert facts.keys() <= set(FACTS), facts
    person = Person.objects.select_for_update(of=("self",)).get(id=person_id)
    _check_roles(roles)
    if Role.SCHOOL_ADMIN not in roles:
        require_an_admin_left(person)
    kept = [role for role in person.roles if role not in GIVEN_BY_HAND]
    wanted = {**facts, "roles": [*roles, *kept]}
    if "email" in wanted:
        wanted["email"] = _free_email(wanted["email"], person)
    if Role.STUDENT not in roles:
        wanted |= {"grade": None, "teacher_id": None}
    if wanted.get("teacher_id") == person.id:
        raise Refused("teacher", _("Nobody is their own teacher."), field="teacher_id")
    before = {name: getattr(person, name) for name in wanted}
    changed = {name: value for name, value in wanted.items() if before[name] != value}
    if not changed:
        return person
    for name, value in changed.items():
        setattr(person, name, value)
    person.full_clean(exclude=["password", "mail_choices"], validate_constraints=False)
    person.save(update_fields=[name.removesuffix("_id") for name in changed])
    record(
        action="person_changed",
        subject=person,
        actor=actor,
        before={name: before[name] for name in changed},
        after=changed,
    )
    counts_changed()
    return person


@transaction.atomic
def set_active(*, actor: Person, person_id: uuid.UUID, active: bool) -> Person:
    """Close somebody's account, or open it again; nothing is deleted. A second time is harmless."""
    require(actor, KEEP_PEOPLE)
    person = Person.objects.select_for_update(of=("self",)).get(id=person_id)
    if person.is_active == active:
        return person
    if not active:
        if person.id == actor.id:
            raise Refused("yourself", _("Nobody closes their own account."))
        require_an_admin_left(person)
    person.is_active = active
    person.save(update_fields=["is_active"])
    action = "person_returned" if active else "person_deactivated"
    record(action=action, subject=person, actor=actor)
    counts_changed()
    return person


@transaction.atomic
def invite_again(*, actor: Person, person_id: uuid.UUID, school_name: str) -> Person:
    """Send a fresh invitation. Refused where there is no e-mail or the account is closed."""
    require(actor, KEEP_PEOPLE)
    person = Person.objects.get(id=person_id)
    if not person.email:
        raise Refused("no_email", _("There is no e-mail to write to. Add one first."))
    if not person.is_active:
        raise Refused("closed", _("This account is closed. Open it again first."))
    invite(person=person, school_name=school_name, inviter=actor.full_name)
    record(action="person_invited", subject=person, actor=actor)
    return person


def _check_roles(roles: list[str]) -> None:
    if not roles or not set(roles) <= set(GIVEN_BY_HAND):
        raise Refused("roles", _("Choose at least one role."), field="roles")


def _free_email(email: str, person: Person) -> str:
    """The address as it is kept; it may stay empty only where it was."""
    email = email.strip().lower()
    if not email and person.email:
        raise ValidationError({"email": _("This field cannot be blank.")})
    if email and Person.objects.filter(email__iexact=email).exclude(id=person.id).exists():
        raise ValidationError({"email": _("Somebody has this e-mail already.")})
    return email
