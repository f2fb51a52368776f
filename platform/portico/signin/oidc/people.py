"""Whose account it is that a provider vouches for."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.actions import add_person
from portico.accounts.models import Person
from portico.audit.actions import record
from portico.signin.models import Identity
from portico.trust.models import Provider
from tenants.errors import Refused


@transaction.atomic
def person_for(*, provider: Provider, claims: dict[str, Any]) -> Person:
    """The active person of the current tenant these *claims* are about.

    Who has come before is known by issuer and subject, whatever their e-mail is now. At the
    first time: by the roster's id, else by e-mail, if the provider has verified it or the
    school says that its addresses are its own; else, where the school wants that, a new
    person. Refused (`elsewhere`, `unknown`, `unverified`, `deactivated`, `linked`).
    """
    _must_belong(provider, claims)
    issuer, subject = provider.issuer, str(claims["sub"])[:255]
    identity = (
        Identity.objects.select_related("person").filter(issuer=issuer, subject=subject).first()
    )
    if identity is None:
        person = _rostered(provider, claims) or _by_email(provider, claims)
        if person is None:
            person = _newcomer(provider, claims)
        _must_be_active(person)
        if Identity.objects.filter(person=person, issuer=issuer).exists():
            # The address was given to somebody else, or two people have one roster's id.
            raise Refused("linked", _("This account belongs to somebody else already."))
        identity, made = Identity.objects.get_or_create(
            issuer=issuer, subject=subject, defaults={"person": person}
        )
        if made:  # else: two browsers at once, the other was first
            record(
                action="identity_linked",
                subject=person,
                actor=person,
                after={"issuer": issuer, "provider": provider.name},
            )
    _must_be_active(identity.person)
    Identity.objects.filter(id=identity.id).update(last_used_at=timezone.now())
    return identity.person


def _must_belong(provider: Provider, claims: dict[str, Any]) -> None:
    """Google has one service for all the world: without this anybody's account would do."""
    if not provider.what.must_belong:
        return
    said = next((str(claims[name]) for name in provider.what.claims if claims.get(name)), "")
    if said.lower() not in {one.lower() for one in provider.belongs_to}:
        raise Refused("elsewhere", _("This account is not one of the school's."))


def _must_be_active(person: Person) -> None:
    if not person.is_active:
        raise Refused("deactivated", _("This account is closed here."))


def _rostered(provider: Provider, claims: dict[str, Any]) -> Person | None:
    source_id = claims.get(provider.roster_claim) if provider.roster_claim else None
    return Person.objects.filter(source_id=str(source_id)).first() if source_id else None


def _by_email(provider: Provider, claims: dict[str, Any]) -> Person | None:
    email = _email(claims)
    found = Person.objects.filter(email__iexact=email).first() if email else None
    if found is not None and not _is_verified(provider, claims):
        raise Refused("unverified", _("The provider has not verified this e-mail address."))
    return found


def _newcomer(provider: Provider, claims: dict[str, Any]) -> Person:
    if not provider.new_people:
        raise Refused("unknown", _("Nobody in this portal has this account."))
    if not _is_verified(provider, claims):
        raise Refused("unverified", _("The provider has not verified this e-mail address."))
    whole = str(claims.get("name") or "").split()
    given = str(claims.get("given_name") or " ".join(whole[:-1]))
    family = str(claims.get("family_name") or "".join(whole[-1:]))
    try:
        person = add_person(
            email=_email(claims),
            given_name=given[:80],
            family_name=family[:80],
            roles=[provider.new_people],
        )
    except ValidationError as error:  # a provider that says no name, or no address
        raise Refused("unknown", _("The provider does not say who this is.")) from error
    record(
        action="person_added",
        subject=person,
        actor=None,
        label=provider.name,
        after={"roles": person.roles},
    )
    return person


def _email(claims: dict[str, Any]) -> str:
    return str(claims.get("email") or "").strip()


def _is_verified(provider: Provider, claims: dict[str, Any]) -> bool:
    # Some say "true" in words.
    return provider.trusts_email or claims.get("email_verified") in (True, "true")


def forget_links(*, actor: Person, provider: Provider) -> int:
    """Everybody's next sign-in with *provider* is a first one again; how many were forgotten.

    For a provider that names people anew, as Entra does for another client ID.
    """
    forgotten, _by_model = Identity.objects.filter(issuer=provider.issuer).delete()
    record(
        action="identities_forgotten",
        subject=provider,
        actor=actor,
        after={"issuer": provider.issuer, "count": forgotten},
    )
    return forgotten
