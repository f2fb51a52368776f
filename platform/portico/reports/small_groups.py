"""Shares of groups of students without pointing at anybody.

A group under MINIMUM is not shown. Nor may it be worked out from what is shown: with a
total and all groups but one, the last is a subtraction. So what is hidden together is
at least two groups and at least MINIMUM students.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings

MINIMUM: int = settings.SMALLEST_GROUP


@dataclass(frozen=True)
class Group:
    """A group's share; count and total are None where it is hidden. `key` None: everyone."""

    key: Hashable
    count: int | None
    total: int | None

    @property
    def is_hidden(self) -> bool:
        return self.total is None


def hide_small(groups: Sequence[Group]) -> tuple[list[Group], Group]:
    """*groups* with the small ones hidden, and everyone; everyone is hidden if too few too."""
    everyone = Group(
        None,
        sum(group.count or 0 for group in groups),
        sum(group.total or 0 for group in groups),
    )
    if (everyone.total or 0) < MINIMUM:
        return [_hidden(group) for group in groups], _hidden(everyone)
    by_size = sorted(range(len(groups)), key=lambda number: groups[number].total or 0)
    hidden = {number for number in by_size if (groups[number].total or 0) < MINIMUM}
    for number in by_size:
        together = sum(groups[one].total or 0 for one in hidden)
        if not hidden or (len(hidden) > 1 and together >= MINIMUM):
            break
        hidden.add(number)
    shown = [_hidden(group) if n in hidden else group for n, group in enumerate(groups)]
    return shown, everyone


def _hidden(group: Group) -> Group:
    return replace(group, count=None, total=None)


# --- a table of counts: schools by fields, with the fields' totals ---------------------


def shown_cell(count: int) -> int | None:
    """One school's count of students, or None where it is too small to show; 0 is small too."""
    return count if count >= MINIMUM else None


@dataclass(frozen=True)
class Margin:
    """A total over several schools' counts of which *small* are not shown (shown_cell).

    *rest*: what the small ones add up to.
    """

    total: int
    small: int
    rest: int

    @property
    def gives_away(self) -> bool:
        """True when the total less what is shown would be a school's small count.

        So it is with one small count, and when all are as large as a small one can be.
        """
        return self.small == 1 or (self.small > 0 and self.rest == self.small * (MINIMUM - 1))


def shown_margins(margins: Sequence[Margin]) -> tuple[list[int | None], int | None]:
    """The totals that may be shown, and the total of all.

    A single hidden total could be worked out from the total of all: the smallest other one
    is hidden with it; where there is no other, the total of all is.
    """
    totals: list[int | None] = [None if one.gives_away else one.total for one in margins]
    everything = sum(one.total for one in margins)
    if totals.count(None) != 1:
        return totals, everything
    others = [number for number, total in enumerate(totals) if total is not None]
    if not others:
        return totals, None
    totals[min(others, key=lambda number: margins[number].total)] = None
    return totals, everything


def shown_sum(total: int, *, schools: int) -> int | None:
    """A total of *schools* that count anything, none of which is shown by itself.

    One school's count alone is its own cell, and hidden when it is small.
    """
    return None if schools == 1 and total < MINIMUM else total
