"""No group under ten is shown, and none can be worked out from the others and the total."""

from hypothesis import given, settings
from hypothesis import strategies as st

from portico.reports.small_groups import MINIMUM, Group, hide_small


def groups(*totals: int) -> list[Group]:
    return [Group(key=n, count=0, total=total) for n, total in enumerate(totals)]


def shown_totals(*totals: int) -> list[int | None]:
    return [group.total for group in hide_small(groups(*totals))[0]]


def test_large_groups_are_all_shown() -> None:
    assert shown_totals(12, 30, 10) == [12, 30, 10]


def test_a_single_small_group_takes_the_next_smallest_with_it() -> None:
    assert shown_totals(3, 40, 12) == [None, 40, None]


def test_two_small_groups_that_make_ten_are_enough() -> None:
    assert shown_totals(6, 5, 40) == [None, None, 40]


def test_two_small_groups_under_ten_together_take_a_third() -> None:
    assert shown_totals(2, 3, 40, 12) == [None, None, 40, None]


def test_too_few_students_show_nothing_at_all() -> None:
    rows, everyone = hide_small(groups(4, 5))
    assert [row.total for row in rows] == [None, None]
    assert everyone.is_hidden


@settings(deadline=None)  # a busy machine is no counterexample
@given(st.lists(st.integers(1, 60), max_size=8))
def test_what_is_hidden_cannot_be_worked_out(totals: list[int]) -> None:
    rows, everyone = hide_small(groups(*totals))
    hidden = [total for row, total in zip(rows, totals, strict=True) if row.is_hidden]
    assert all(row.is_hidden or (row.total or 0) >= MINIMUM for row in rows)
    if hidden and not everyone.is_hidden:
        # the rest of the total is shared by all that is hidden
        assert sum(hidden) >= MINIMUM
        assert len(hidden) > 1 or len(totals) == 1
