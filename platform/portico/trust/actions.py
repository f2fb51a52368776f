"""Setting up providers and demands. Each writes history; no secret gets into it."""

import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portico.accounts.encryption import encrypt
from portico.accounts.may import SET_UP_SIGN_IN
from portico.accounts.models import Person
from portico.accounts.roles import ROLES_OF_REGION, ROLES_OF_SCHOOL, STANDS_ON, Role
from portico.audit.actions import record
from portico.trust.kinds import KINDS
from portico.trust.models import Demand, Provider
from portico.trust.queries import PURPOSE, own_demand, own_providers
from tenants.context import current_schema, kind_of
from tenants.errors import Refused

TOLD = (
    "kind", "name", "issuer", "client_id", "belongs_to", "roster_claim", "trusts_email",
    "has_second_step", "new_people", "enabled",
)  # fmt: skip


@transaction.atomic
def add_provider(*, actor: Person, kind: str, name: str) -> Provider:
    """A provider of *kind*, off until it is filled in: its id is in the redirect address.

    Refused (`forbidden`, `kind`, `name`).
    """
    _may(actor)
    if kind not in KINDS:
        raise Refused("kind", _("Choose a provider."), field="kind")
    if not name.strip():
        raise Refused("name", _("Say what the button is to read."), field="name")
    provider = Provider.objects.create(
        owner=current_schema(),
        kind=kind,
        name=name.strip()[:60],
        issuer="" if "{" in KINDS[kind].issuer else KINDS[kind].issuer,
        roster_claim=KINDS[kind].roster_claim,
    )
    record(action="provider_added", subject=provider, actor=actor, after={"kind": kind})
    return provider


@transaction.atomic
def change_provider(
    *, actor: Person, provider_id: uuid.UUID, client_secret: str = "", **facts: Any
) -> Provider:
    """Fill in or change one of the tenant's own. An empty *client_secret* keeps the one there is.

    Provider.DoesNotExist for another's; Refused (`forbidden`, `belongs_to`, `issuer`,
    `incomplete`) when what remains would let strangers in or cannot work.
    """
    _may(actor)
    provider = own_providers().select_for_update().get(id=provider_id)
    before = {name: getattr(provider, name) for name in TOLD}
    for name, value in facts.items():
        if name not in TOLD or name == "kind":
            raise TypeError(f"{name} is not changed here")
        setattr(provider, name, value)
    what = provider.what
    if "{belongs_to}" in what.issuer:  # the directory is part of the issuer's name
        if len(provider.belongs_to) > 1:
            raise Refused("belongs_to", _("Name one directory."), field="belongs_to")
        provider.issuer = what.issuer.format(belongs_to="".join(provider.belongs_to))
        if not provider.belongs_to:
            provider.issuer = ""
    elif what.issuer:
        provider.issuer = what.issuer
    provider.issuer = provider.issuer.rstrip("/")
    if client_secret:
        provider.secret = encrypt(text=client_secret, purpose=PURPOSE)
    if provider.enabled and not provider.is_complete:
        raise Refused("incomplete", _("Fill in everything before people see the button."))
    provider.save()
    after = {name: getattr(provider, name) for name in TOLD}
    changed = {name for name in TOLD if before[name] != after[name]}
    record(
        action="provider_changed",
        subject=provider,
        actor=actor,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed}
        | ({"client_secret": "new"} if client_secret else {}),
    )
    return provider


@transaction.atomic
def remove_provider(*, actor: Person, provider_id: uuid.UUID) -> None:
    """Nobody signs in with it any more. Who did keeps the account, and other ways in."""
    _may(actor)
    provider = own_providers().select_for_update().filter(id=provider_id).first()
    if provider is None:
        return
    record(
        action="provider_removed",
        subject=provider,
        actor=actor,
        before={"name": provider.name, "issuer": provider.issuer},
    )
    provider.delete()


@transaction.atomic
def demand_second_step(*, actor: Person, roles: Collection[str]) -> None:
    """From their next sign-in on, people with any of *roles* must have a second step.

    A region's demand counts in all its schools. Students are never asked: they share
    computers and have no phone in class. Refused (`forbidden`, `role`).
    """
    _may(actor)
    if not set(roles) <= set(demandable_roles()):
        raise Refused("role", _("This role cannot be asked for a second step."), field="roles")
    before = own_demand()
    demand, _made = Demand.objects.update_or_create(
        owner=current_schema(), defaults={"roles": sorted(roles)}
    )
    if before != demand.roles:
        record(
            action="second_step_demanded",
            subject=demand,
            actor=actor,
            before={"roles": before},
            after={"roles": demand.roles},
        )


def demandable_roles() -> list[Role]:
    """Of whom the current tenant may demand it: its own staff; a region also its schools'.

    Roles that stand on another are asked with it.
    """
    here = ROLES_OF_SCHOOL
    if kind_of(current_schema()) == "region":
        here = ROLES_OF_SCHOOL | ROLES_OF_REGION
    left_out = {Role.STUDENT, *STANDS_ON}
    return [role for role in Role if role in here and role not in left_out]


def _may(actor: Person) -> None:
    if not actor.has_role(*SET_UP_SIGN_IN.roles):
        raise Refused("forbidden", _("You may not change how people sign in."))
