"""Charts: positions that agree with the numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.reports.scales import nice_scale
from portico.web import charts

WEEKS = ["Jan 6", "Jan 13", "Jan 20"]
COUNTS = st.integers(min_value=0, max_value=100_000)


def _bars(**changes):
    arguments = {
        "labels": WEEKS,
        "series": [charts.Series("Interning", [3, 5, 8]), charts.Series("Pursuing", [6, 0, 12])],
    }
    return charts.stacked_bars(**{**arguments, **changes})


def test_segments_stand_on_each_other_and_on_the_baseline():
    chart = _bars()
    interning, pursuing = chart.bars[0].segments
    assert interning.y + interning.height + charts.GAP == pytest.approx(chart.baseline, abs=0.2)
    assert pursuing.y + pursuing.height + charts.GAP == pytest.approx(interning.y, abs=0.2)
    assert chart.bars[0].total == 9


def test_heights_are_in_proportion():
    chart = charts.stacked_bars(labels=["a", "b"], series=[charts.Series("n", [10, 20])])
    one, two = (bar.segments[0].height + charts.GAP for bar in chart.bars)
    assert two == pytest.approx(2 * one, rel=0.01)


def test_an_empty_part_is_not_drawn_and_keeps_its_row():
    chart = _bars()
    assert [segment.label for segment in chart.bars[1].segments] == ["Interning"]
    assert chart.rows[1] == charts.NumberRow("Jan 13", (5, 0))


def test_the_goal_line_passes_over_every_bar():
    chart = _bars(goal=[10, 15, 30], goal_label="Goal")
    points = chart.goal_path.removeprefix("M").split(" L")
    assert [float(point.split(",")[0]) for point in points] == [bar.middle for bar in chart.bars]
    assert chart.ticks[-1].value >= 30
    assert chart.goal_label == "Goal"


def test_the_newest_label_shows_and_not_all_of_many():
    labels = [str(number) for number in range(40)]
    chart = charts.stacked_bars(labels=labels, series=[charts.Series("n", [1] * 40)])
    shown = [bar.label for bar in chart.bars if bar.show_label]
    assert shown[-1] == "39"
    assert len(shown) <= 5


@pytest.mark.parametrize("values", [[1, 2], [1, 2, -3]])
def test_numbers_that_do_not_fit_are_refused(values):
    with pytest.raises(ValueError, match=r"values for|negative"):
        _bars(series=[charts.Series("Interning", values)])


@pytest.mark.parametrize("goal", [[1, 2], [1, 2, -3]])
def test_a_goal_that_does_not_fit_is_refused(goal):
    with pytest.raises(ValueError, match=r"values for|negative"):
        _bars(goal=goal)


@pytest.mark.parametrize("series", [[], [charts.Series("n", [0, 0, 0])]])
def test_nothing_to_show_is_an_empty_chart(series):
    chart = _bars(series=series)
    assert all(bar.segments == () for bar in chart.bars)
    assert charts.stacked_bars(labels=[], series=[]).bars == ()


@given(data=st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=60))
def test_nothing_leaves_the_picture(data):
    chart = charts.stacked_bars(
        labels=[str(number) for number in range(len(data))],
        series=[
            charts.Series("a", [one for one, _ in data]),
            charts.Series("b", [b for _, b in data]),
        ],
    )
    for bar in chart.bars:
        for segment in bar.segments:
            assert segment.x >= chart.left
            assert segment.x + segment.width <= chart.right
            assert segment.y >= 0
            assert segment.y + segment.height <= chart.baseline + 0.6


@pytest.mark.parametrize(
    ("highest", "scale"),
    [
        (0, (1, 1)),
        (1, (1, 1)),
        (6, (6, 1)),
        (7, (8, 2)),
        (54, (60, 10)),
        (119, (120, 20)),
        (1284, (1500, 500)),
    ],
)
def test_axes_count_the_way_people_do(highest, scale):
    assert nice_scale(highest) == scale


@given(highest=st.floats(min_value=0, max_value=1e9))
def test_an_axis_covers_its_numbers_with_few_ticks(highest):
    top, step = nice_scale(highest)
    assert top >= highest
    assert top % step == 0
    assert top / step <= 7


def test_a_spark_ends_at_the_last_value():
    up = charts.spark([1, 2, 9])
    assert up is not None
    assert up.line.endswith(f"L{up.end_x},{up.end_y}")
    assert up.end_y < up.height / 2


@pytest.mark.parametrize("values", [[], [4]])
def test_a_course_needs_two_values(values):
    assert charts.spark(values) is None


def test_a_flat_course_is_a_flat_line():
    flat = charts.spark([5, 5, 5])
    assert flat is not None
    assert {point.split(",")[1] for point in flat.line[1:].split(" L")} == {str(flat.end_y)}


def test_meters_compare_with_everyone():
    drawn = charts.meters(
        groups=[("English learners", 21, 36), ("Girls", 55, 77), ("Boys", 53, 80)],
        everyone=("All students", 108, 159),
    )
    assert [row.percent for row in drawn.rows] == [58, 71, 66, 68]
    assert [row.style for row in drawn.rows] == ["is-low", "is-fair", "is-fair", "is-everyone"]
    assert drawn.reference == 68
    assert drawn.reference_x == pytest.approx(drawn.width * 0.68, abs=0.1)


def test_a_group_too_small_shows_nothing_of_itself():
    (row,) = charts.meters(groups=[("Migrant students", None, None)]).rows
    assert (row.hidden, row.count, row.total, row.percent, row.width) == (True, 0, 0, 0, 0.0)


def test_a_group_of_nobody_is_none_of_it():
    (row,) = charts.meters(groups=[("Seniors", 0, 0)]).rows
    assert row.percent == 0


@pytest.mark.parametrize("share", [(5, 4), (-1, 4)])
def test_a_share_is_part_of_its_whole(share):
    with pytest.raises(ValueError, match="is not a share"):
        charts.meters(groups=[("Girls", *share)])
