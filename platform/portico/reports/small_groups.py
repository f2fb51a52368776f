"""Shares of groups of students without pointing at anybody.

A group under MINIMUM is not shown. Nor may it be worked out from what is shown: with a
total and all groups but one, the last is a subtraction. So what is hidden together is
at least two groups and at least MINIMUM students.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

MINIMUM = 10


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
