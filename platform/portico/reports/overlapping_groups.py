"""Shares of groups that may overlap, without pointing at anybody: grades and recorded groups.

small_groups.py is for groups that divide a school; here a student may be in several. A
group under MINIMUM is not shown, and nothing is that would let one be worked out: take a
shown group, or everyone, and subtract shown groups inside it that share no student. What
is left is nobody, or at least MINIMUM students; else one more group is hidden.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Any

from portico.reports.small_groups import MINIMUM, Group

Members = Mapping[Hashable, frozenset[Any]]


def hide_overlapping(
    members: Members, *, counted: Collection[Any], everyone: Collection[Any]
) -> tuple[dict[Hashable, Group], Group]:
    """Each group's share of those *counted*, hidden where it must be, and everyone's.

    *everyone* are the students the groups are of; *members* may leave some out.
    """
    whole = frozenset(everyone)
    if len(whole) < MINIMUM:
        return {key: Group(key, None, None) for key in members}, Group(None, None, None)
    shown = {key: group for key, group in members.items() if len(group) >= MINIMUM}
    while (hidden := _gives_away(shown, whole)) is not None:
        del shown[hidden]
    inside = frozenset(counted)
    return {
        key: Group(key, len(group & inside), len(group)) if key in shown else Group(key, None, None)
        for key, group in members.items()
    }, Group(None, len(whole & inside), len(whole))


def _gives_away(shown: Members, whole: frozenset[Any]) -> Hashable | None:
    """The group to hide next, or None when nothing can be worked out any more."""
    for container in (whole, *shown.values()):
        within = [(key, group) for key, group in shown.items() if group < container]
        within.sort(key=lambda one: (-len(one[1]), str(one[0])))
        for chosen, left in _remainders(within, container):
            if 0 < len(left) < MINIMUM:
                return min(chosen, key=lambda key: (len(shown[key]), str(key)))
    return None


def _remainders(
    groups: list[tuple[Hashable, frozenset[Any]]],
    left: frozenset[Any],
    chosen: tuple[Hashable, ...] = (),
) -> Iterator[tuple[tuple[Hashable, ...], frozenset[Any]]]:
    """What is left of a container when any of its *groups* without a common student are taken."""
    for number, (key, group) in enumerate(groups):
        if group <= left:
            rest = left - group
            yield (*chosen, key), rest
            yield from _remainders(groups[number + 1 :], rest, (*chosen, key))
