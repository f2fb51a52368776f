"""Tokens of services: a program of the district, at its region or at one of its schools.

A service is nobody's token: it acts as itself, with the role that keeps the tenant's data
(coordinator at a school, district admin at the region), and goes on when whoever made it
has left. History names it for what it does, and the admin for making and revoking it.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.rules import require_role
from portico.accounts.models import ApiToken, Person
from portico.accounts.roles import Role
from portico.accounts.tokens import live_tokens, make_token, revoke_token
from portico.audit.actions import record
from tenants.context import current_schema, kind_of, tenant_context
from tenants.errors import Refused
from tenants.names import school_schema
from tenants.queries import school_names

ACTS_AS = {"school": Role.COORDINATOR, "region": Role.DISTRICT_ADMIN}


def make_service_token(
    *,
    actor: Person,
    school: str = "",
    service: str,
    access: str = "read",
    only: str = "",
    days: int | None = None,
) -> tuple[ApiToken, str]:
    """A new token of *service* and its secret, shown once; *school*: a code, else the region.

    Call inside the region. A service of one name has one history, however many tokens.
    Refused: `forbidden`, `no_school`, `name_required`, and what make_token refuses.
    """
    require_role(actor, Role.DISTRICT_ADMIN)
    name = " ".join(service.split())
    if not name:
        raise Refused("name_required", _("Say what the token is for."), field="name")
    with _tenant_of(school):
        person = Person.services.filter(given_name=name).first()
        if person is None:
            person = Person(
                given_name=name[:80],
                family_name="(service)",
                roles=[ACTS_AS[kind_of(current_schema())]],
                is_service=True,
            )
            person.set_unusable_password()
            person.save()
        token, secret = make_token(person=person, name=name, access=access, only=only, days=days)
        _note("service_token_made", token, actor)
    return token, secret


def live_service_tokens(*, school: str = "") -> list[ApiToken]:
    """Those that work now at the region, or at the *school* of that code; newest first."""
    with _tenant_of(school):
        return list(_live().select_related("person"))


def revoke_service_token(*, actor: Person, school: str = "", token_id: uuid.UUID) -> None:
    """It stops working at once; ApiToken.DoesNotExist when there is none such there."""
    require_role(actor, Role.DISTRICT_ADMIN)
    with _tenant_of(school):
        token = _live().select_related("person").get(id=token_id)
        revoke_token(person=token.person, token_id=token.id)
        _note("service_token_revoked", token, actor)


def _live() -> QuerySet[ApiToken]:
    return live_tokens().filter(person__is_service=True)


@contextmanager
def _tenant_of(school: str) -> Iterator[None]:
    """The current region itself, or its school of that code."""
    region = current_schema()
    assert kind_of(region) == "region", "services are kept from the region's address"
    schema = school_schema(region=region, school=school) if school else region
    if school and schema not in school_names(region=region):
        raise Refused("no_school", _("There is no such school."), field="school")
    with tenant_context(schema):
        yield


def _note(action: str, token: ApiToken, actor: Person) -> None:
    """In the history of where the service works; the admin is no person of a school's."""
    at_home = kind_of(current_schema()) == "region"
    record(
        action=action,
        subject=token.person,
        actor=actor if at_home else None,
        label=actor.full_name,
        after={"service": token.name, "access": token.access, "only": token.only},
    )
