"""Our columns among theirs: by header, by alias, or as --map says."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from portico.importing.reading import Row


class ColumnsMissing(Exception):
    """A column that is needed is not in the file, or one is there twice."""


@dataclass(frozen=True)
class Column:
    """A column of ours: how it may be headed elsewhere, and what its text means.

    *parse* makes the value of a text that is not empty; ValueError with a message for people.
    """

    name: str
    parse: Callable[[str], Any] = str
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Layout:
    """Where each of our columns stands in this file, values set for all rows, what is left over."""

    columns: Mapping[str, Column]
    places: Mapping[str, int]
    preset: Mapping[str, Any] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        return name in self.places or name in self.preset

    def read(self, row: Row) -> tuple[dict[str, Any], list[str]]:
        """The row's values by our names, empty cells left out; and what is wrong with it."""
        values = dict(self.preset)
        problems = list(row.problems)
        for name, place in self.places.items():
            text = row.cells[place]
            column = self.columns[name]
            if not text:
                if column.required and name not in self.preset:
                    problems.append(_("%(column)s is empty") % {"column": name})
                continue
            if text.startswith("="):
                continue  # among the row's problems already
            try:
                values[name] = column.parse(text)
            except ValueError as error:
                problems.append(f"{name}: {error}")
        return values, problems


def lay_out(
    headers: Iterable[str],
    columns: Iterable[Column],
    *,
    chosen: Mapping[str, str] | None = None,
    preset: Mapping[str, str] | None = None,
) -> Layout:
    """Find *columns* among *headers*.

    *chosen* maps ours to theirs (`--map`), *preset* ours to a value for all rows (`--set`).
    ColumnsMissing says what is needed and what was found.
    """
    theirs = list(headers)
    ours = {column.name: column for column in columns}
    chosen, preset = dict(chosen or {}), dict(preset or {})
    for name in (*chosen, *preset):
        if name not in ours:
            raise ColumnsMissing(
                _("“%(name)s” is not one of our columns: %(ours)s.")
                % {"name": name, "ours": ", ".join(ours)}
            )
    by_key: dict[str, list[int]] = {}
    for place, header in enumerate(theirs):
        if header:
            by_key.setdefault(_key(header), []).append(place)
    places = {}
    for column in ours.values():
        wanted = [chosen[column.name]] if column.name in chosen else [column.name, *column.aliases]
        found = next((by_key[_key(name)] for name in wanted if _key(name) in by_key), [])
        if len(found) > 1:
            raise ColumnsMissing(
                _("The column “%(name)s” is there twice.") % {"name": theirs[found[0]]}
            )
        if column.name in chosen and not found:
            raise ColumnsMissing(
                _("There is no column “%(name)s”; the file has: %(theirs)s.")
                % {"name": chosen[column.name], "theirs": ", ".join(theirs)}
            )
        if found:
            places[column.name] = found[0]
    missing = [
        column.name
        for column in ours.values()
        if column.required and column.name not in places and column.name not in preset
    ]
    if missing:
        raise ColumnsMissing(
            _(
                "Missing: %(missing)s. The file has: %(theirs)s. "
                "Name it with --map %(first)s=THEIRS."
            )
            % {"missing": ", ".join(missing), "theirs": ", ".join(theirs), "first": missing[0]}
        )
    used = set(places.values())
    return Layout(
        columns=ours,
        places=places,
        preset={name: _preset_value(ours[name], text) for name, text in preset.items()},
        ignored=tuple(name for place, name in enumerate(theirs) if name and place not in used),
    )


def _preset_value(column: Column, text: str) -> Any:
    try:
        return column.parse(text)
    except ValueError as error:
        raise ColumnsMissing(f"--set {column.name}: {error}") from error


def _key(header: str) -> str:
    """Headers are the same whatever their case, blanks, underscores and hyphens."""
    return "".join(letter for letter in header.casefold() if letter.isalnum())
