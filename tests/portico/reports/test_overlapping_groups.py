"""Groups that overlap: none under ten is shown, and none follows from what is shown."""

import itertools
from collections.abc import Hashable

from hypothesis import given, settings
from hypothesis import strategies as st

from portico.reports.overlapping_groups import hide_overlapping
from portico.reports.small_groups import MINIMUM


def shown(everyone: int, **members: range) -> dict[Hashable, int | None]:
    groups = {name: frozenset(ids) for name, ids in members.items()}
    found, _whole = hide_overlapping(groups, counted=set(), everyone=range(everyone))
    return {name: group.total for name, group in found.items()}


def test_large_groups_may_overlap() -> None:
    assert shown(40, learners=range(20), girls=range(10, 30)) == {"learners": 20, "girls": 20}


def test_a_small_group_is_hidden() -> None:
    assert shown(40, few=range(9)) == {"few": None}


def test_almost_everybody_would_name_the_others() -> None:
    assert shown(40, most=range(31)) == {"most": None}
    assert shown(40, most=range(30)) == {"most": 30}


def test_two_that_leave_a_few_lose_the_smaller_one() -> None:
    assert shown(40, girls=range(20), boys=range(20, 35)) == {"girls": 20, "boys": None}


def test_a_group_inside_another_must_leave_enough() -> None:
    assert shown(60, learners=range(30), newcomers=range(25)) == {"learners": 30, "newcomers": None}


def test_the_share_is_of_those_counted() -> None:
    found, whole = hide_overlapping(
        {"girls": frozenset(range(12))}, counted={0, 1, 30}, everyone=range(40)
    )
    assert (found["girls"].count, found["girls"].total) == (2, 12)
    assert (whole.count, whole.total) == (3, 40)


def test_a_school_of_nine_shows_nothing() -> None:
    found, whole = hide_overlapping({"all": frozenset(range(9))}, counted=set(), everyone=range(9))
    assert whole.is_hidden
    assert found["all"].is_hidden


GROUPS = st.dictionaries(
    st.sampled_from("abcdef"), st.sets(st.integers(0, 44), max_size=45), max_size=6
)


@settings(deadline=None, max_examples=150)
@given(GROUPS)
def test_no_subtraction_leaves_a_few(groups: dict[str, set[int]]) -> None:
    everyone = frozenset(range(45))
    found, _whole = hide_overlapping(
        {name: frozenset(ids) for name, ids in groups.items()}, counted=set(), everyone=everyone
    )
    seen = [frozenset(groups[name]) for name, group in found.items() if not group.is_hidden]  # type: ignore[index]
    assert all(len(group) >= MINIMUM for group in seen)
    for container in (everyone, *seen):
        for number in range(1, len(seen) + 1):
            for chosen in itertools.combinations(seen, number):
                union = frozenset().union(*chosen)
                apart = sum(map(len, chosen)) == len(union)
                if apart and union < container:
                    assert len(container - union) >= MINIMUM
