"""No group under ten is shown, and none can be worked out from the others and the total."""

from hypothesis import given, settings
from hypothesis import strategies as st

from portico.reports.small_groups import (
    MINIMUM,
    Group,
    Margin,
    hide_small,
    shown_cell,
    shown_margins,
    shown_sum,
)


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


def margin(counts: list[int]) -> Margin:
    small = [count for count in counts if shown_cell(count) is None]
    return Margin(sum(counts), len(small), sum(small))


schools_by_fields = st.integers(1, 5).flatmap(
    lambda schools: st.lists(
        st.lists(st.integers(0, 25), min_size=schools, max_size=schools), min_size=1, max_size=6
    )
)


@settings(deadline=None)
@given(schools_by_fields)
def test_no_total_gives_a_schools_small_count_away(fields: list[list[int]]) -> None:
    totals, everything = shown_margins([margin(counts) for counts in fields])
    for counts, total in zip(fields, totals, strict=True):
        hidden = [count for count in counts if shown_cell(count) is None]
        if total is not None and hidden:
            # the rest is shared by several, and leaves room for more than one sharing
            assert len(hidden) > 1
            assert sum(hidden) < len(hidden) * (MINIMUM - 1)
    if everything is not None:
        assert totals.count(None) != 1


def test_totals_of_large_counts_are_shown() -> None:
    assert shown_margins([margin([12, 30]), margin([10])]) == ([42, 10], 52)


def test_a_total_with_one_small_count_takes_the_smallest_other_with_it() -> None:
    totals, everything = shown_margins([margin([12, 3]), margin([40]), margin([11])])
    assert (totals, everything) == ([None, 40, None], 66)


def test_one_school_alone_is_its_own_cell() -> None:
    assert shown_sum(3, schools=1) is None
    assert shown_sum(3, schools=2) == 3
    assert shown_sum(MINIMUM, schools=1) == MINIMUM
    assert shown_sum(0, schools=0) == 0
