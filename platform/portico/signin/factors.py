"""allauth.mfa for a tenant: what it stores, what it calls us, who must have a second step."""

import base64
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portico.accounts.encryption import Unreadable, decrypt, encrypt
from portico.accounts.may import HAVE_SECOND_STEP
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.trust.queries import demanded_roles
from tenants.context import current_schema
from tenants.queries import tenant_by_schema

log = logging.getLogger(__name__)

PURPOSE = "second step"
REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes only stand in


class FactorAdapter(DefaultMFAAdapter):
    """Seeds are encrypted at rest; an authenticator app shows the school's name."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or its time has passed."),
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text=text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Of a school that came from elsewhere, or whose key is gone: a seed no code fits.

        Who has such a step is told that the code is wrong, and has it reset.
        """
        try:
            return decrypt(text=encrypted_text, purpose=PURPOSE)
        except Unreadable:
            log.warning("a second step was made with another SECRET_KEY: reset it")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_issuer(self) -> str:
        return self._get_site_name()

    def _get_site_name(self) -> str:
        return tenant_by_schema(current_schema()).name

    def generate_authenticator_name(self, user: Person, type: str) -> str:  # noqa: A002
        made = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey") if not made else gettext("Passkey %s") % (made + 1)


def may_have_second_step(person: Person) -> bool:
    """Staff. Students share computers and often have no phone in class."""
    return person.has_role(*HAVE_SECOND_STEP.roles)


def has_second_step(person: Person) -> bool:
    return Authenticator.objects.filter(user=person, type__in=REAL).exists()


def must_enrol(person: Person) -> bool:
    """True when a role of *person*'s demands a second step that is not set up yet."""
    if not may_have_second_step(person) or demanded_roles().isdisjoint(person.roles_now):
        return False
    return not has_second_step(person)


def reset_second_step(person: Person) -> int:
    """Forget all of *person*'s passkeys, apps and codes: a phone was lost. How many there were."""
    deleted, _by_model = Authenticator.objects.filter(user=person).delete()
    return deleted


@dataclass(frozen=True)
class StaffFactors:
    person: Person
    passkeys: int
    app: bool
    last_used_at: datetime | None

    @property
    def any(self) -> bool:
        return self.app or self.passkeys > 0


def staff_and_factors() -> list[StaffFactors]:
    """Everybody here who may have a second step, and what they have."""
    staff = Person.objects.filter(is_active=True).exclude(roles=[Role.STUDENT.value])
    found: dict[Any, list[Authenticator]] = {}
    for one in Authenticator.objects.filter(type__in=REAL):
        found.setdefault(one.user_id, []).append(one)
    return [
        StaffFactors(
            person=person,
            passkeys=sum(one.type == Authenticator.Type.WEBAUTHN for one in theirs),
            app=any(one.type == Authenticator.Type.TOTP for one in theirs),
            last_used_at=max(
                (one.last_used_at for one in theirs if one.last_used_at), default=None
            ),
        )
        for person in staff
        if may_have_second_step(person)
        for theirs in [found.get(person.id, [])]
    ]
