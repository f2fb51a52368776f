"""Who gets an address that the roster gives to several, or that somebody here has already."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from portico.accounts.models import Person
from portico.rosters.roster import Member


def allot_emails(
    pairs: list[tuple[Person, Member]],
    people: list[Person],
    remark: Callable[[str, str, str, str], None],
) -> Iterator[tuple[Person, str]]:
    """Each person's address as it shall be, where the roster has one.

    Nobody takes an address that its holder keeps; among several the first in the file gets
    it. The others stay with what they have, and *remark* tells of them.
    """
    wishes = {
        person.id: member.email for person, member in pairs if member.email and not member.leaves
    }
    holders = {person.email.lower(): person.id for person in people if person.email}
    without: set[Any] = set()  # whoever cannot have the address they wish for
    while refused := _refused(wishes, holders, without):
        without |= refused
    for person, member in pairs:
        if person.id in without:
            remark(
                member.full_name,
                _("somebody else has the address %(email)s; it is left out") % vars(member),
                member.id,
                _("somebody else has the address; it is left out"),
            )
        elif person.id in wishes:
            yield person, wishes[person.id]


def _refused(wishes: dict[Any, str], holders: dict[str, Any], without: set[Any]) -> set[Any]:
    """Who else must do without, now that *without* keep the addresses they have."""
    given = {
        email: holder
        for email, holder in holders.items()
        if holder in without or wishes.get(holder, email) == email
    }
    return {
        person
        for person, email in wishes.items()
        if person not in without and given.setdefault(email, person) != person
    }
