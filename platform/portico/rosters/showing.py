"""A difference in words, for the page and the command."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portico.accounts.roles import Role
from portico.rosters.difference import CONCENTRATOR, KINDS, Change, Difference

HIDDEN = ("source_id", "is_active")  # an id of theirs says nothing; the kind says the other


@dataclass(frozen=True)
class Shown:
    """One line: what happens to whom."""

    kind: str
    name: str
    details: str
    line: int


def shown_changes(difference: Difference, *, names: bool = True) -> list[Shown]:
    """The lines, the new first, each kind by name.

    Without *names*, for a region's page: the roster's ids, and which facts change, not to what.
    """
    lines = [
        Shown(change.kind, _name(change), _details(change, difference.names), change.line)
        if names
        else Shown(change.kind, _id(change), _which(change), change.line)
        for change in difference.changes
    ]
    return sorted(lines, key=lambda line: (KINDS.index(line.kind), line.name.casefold()))


def _id(change: Change) -> str:
    """How the district's own system knows them; empty for who has no id in it yet."""
    old_and_new = change.values.get("source_id", ("", change.person.source_id))
    return str(old_and_new[1])


def _which(change: Change) -> str:
    labels = _labels()
    parts = [change.where] if change.where else []
    if not change.is_new:
        parts += [labels[name] for name in change.values if name in labels]
    return ", ".join(parts)


def _name(change: Change) -> str:
    values = change.values
    names = [
        values[name][1] if name in values else getattr(change.person, name)
        for name in ("given_name", "family_name")
    ]
    return " ".join(name for name in names if name)


def _details(change: Change, teachers: dict[Any, str]) -> str:
    labels = _labels()
    parts = [change.where] if change.where else []
    for name, (old, new) in change.values.items():
        if name in HIDDEN or (change.is_new and name in ("given_name", "family_name")):
            continue
        after = _text(name, new, teachers)
        if change.is_new:
            parts.append(f"{labels[name]} {after}")
        else:
            parts.append(f"{labels[name]} {_text(name, old, teachers)} → {after}")
    if not parts and "source_id" in change.values and not change.is_new:
        parts.append(_("is known to the roster now"))
    return ", ".join(parts)


def _labels() -> dict[str, str]:
    return {
        "given_name": _("given name"), "family_name": _("family name"), "email": _("e-mail"),
        "grade": _("grade"), "roles": _("roles"), "teacher_id": _("teacher"),
        CONCENTRATOR: _("CTE concentrator"),
    }  # fmt: skip


def _text(name: str, value: Any, teachers: dict[Any, str]) -> str:
    if name == "roles":
        return " + ".join(str(Role(role).label) for role in value) or "–"
    if name == CONCENTRATOR:
        return str(_("yes") if value else _("no"))
    if name == "teacher_id":
        return teachers.get(value, "–")
    return "–" if value in (None, "") else str(value)
