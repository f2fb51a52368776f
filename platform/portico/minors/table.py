"""The table of rules: read from rules.toml, and from the installation's own file."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

BUILT_IN = Path(__file__).with_name("rules.toml")
FEDERAL = "US"


class BadRules(Exception):
    """A rule file that cannot be used; says which row and why."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One row. Hours are of a day or a week; None: no limit. *ages*: whole years, both included.

    *where*: `US`, or a state's two letters. Times are the site's own.
    """

    where: str
    ages: tuple[int, int]
    pay: frozenset[str]
    source: str
    link: str = ""
    school_day_hours: float | None = None
    school_week_hours: float | None = None
    free_day_hours: float | None = None
    free_week_hours: float | None = None
    earliest: time | None = None
    latest: time | None = None
    summer_latest: time | None = None
    outside_school_hours: bool = False
    not_employed: bool = False
    hazardous_orders: bool = False

    def fits(self, *, age: int, pay: str, state: str) -> bool:
        first, last = self.ages
        return (
            first <= age <= last and pay in self.pay and self.where in (FEDERAL, state) and age < 18
        )


@dataclass(frozen=True)
class RuleBook:
    """All rows, and the state each region (its code) lies in."""

    rules: tuple[Rule, ...]
    states: Mapping[str, str]

    def rules_for(self, *, age: int, pay: str, region: str) -> list[Rule]:
        state = self.states.get(region, "")
        return [rule for rule in self.rules if rule.fits(age=age, pay=pay, state=state)]


def rule_book() -> RuleBook:
    """The federal rows and the installation's (settings.MINORS_RULES); BadRules."""
    return _read((BUILT_IN, *([Path(settings.MINORS_RULES)] if settings.MINORS_RULES else [])))


@lru_cache(maxsize=4)
def _read(paths: tuple[Path, ...]) -> RuleBook:
    rules: list[Rule] = []
    states: dict[str, str] = {}
    for path in paths:
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as fault:
            raise BadRules(f"{path.name}: {fault}") from fault
        rules += _rules(path.name, content.get("rule", []))
        states |= {str(code): str(state) for code, state in content.get("states", {}).items()}
    return RuleBook(tuple(rules), states)


def _rules(name: str, rows: Iterable[Mapping[str, Any]]) -> list[Rule]:
    known = {field.name for field in fields(Rule)}
    found = []
    for number, row in enumerate(rows, start=1):
        if unknown := set(row) - known:
            raise BadRules(f"{name}, rule {number}: what is {', '.join(sorted(unknown))}?")
        try:
            first, last = row["ages"]
            rule = Rule(**{**row, "ages": (first, last), "pay": frozenset(row["pay"])})
        except (KeyError, TypeError, ValueError) as fault:
            raise BadRules(f"{name}, rule {number}: {fault}") from fault
        found.append(rule)
    return found
