"""Geometry of the charts, drawn as SVG by the server.

No script and no inline style, so a chart passes a strict content policy, prints, and reads
out as the table beside it. Functions here only turn numbers into positions; the cotton
components `barchart`, `kpi` and `meters` draw what they return.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from portico.reports.scales import nice_scale

LEFT, RIGHT, TOP, BOTTOM = 34, 8, 12, 26
WIDEST_BAR = 26
GAP = 1.5  # between the parts of a bar, so that they tell apart without colour


@dataclass(frozen=True)
class Series:
    """One row of numbers: a stage, an origin, a field."""

    label: str
    values: Sequence[int]


@dataclass(frozen=True)
class Segment:
    """One part of a bar. *style* is `series-1`, `series-2`…, the class that colours it."""

    x: float
    y: float
    width: float
    height: float
    style: str
    label: str
    value: int


@dataclass(frozen=True)
class Bar:
    """A stack of segments over one label; *show_label* is false where labels would collide."""

    label: str
    middle: float
    segments: tuple[Segment, ...]
    total: int
    show_label: bool


@dataclass(frozen=True)
class Tick:
    """A line of the grid and the number beside it."""

    value: int
    y: float


@dataclass(frozen=True)
class LegendEntry:
    label: str
    style: str


@dataclass(frozen=True)
class NumberRow:
    """A row of the table under "Show the numbers"."""

    label: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class StackedBars:
    width: int
    height: int
    left: float
    right: float
    baseline: float
    label_y: float
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    legend: tuple[LegendEntry, ...]
    goal_label: str
    goal_path: str
    rows: tuple[NumberRow, ...]


@dataclass(frozen=True)
class Spark:
    """A line small enough to stand beside a number."""

    width: int
    height: int
    line: str
    area: str
    end_x: float
    end_y: float


@dataclass(frozen=True)
class Meter:
    """A share as a bar. A *hidden* meter is of a group too small to show."""

    label: str
    count: int
    total: int
    percent: int
    width: float
    style: str
    hidden: bool


@dataclass(frozen=True)
class Meters:
    rows: tuple[Meter, ...]
    width: int
    reference: int | None
    reference_x: float


def stacked_bars(
    *,
    labels: Sequence[str],
    series: Sequence[Series],
    goal: Sequence[float] = (),
    goal_label: str = "",
    width: int = 420,
    height: int = 300,
    most_labels: int = 5,
) -> StackedBars:
    """Bars over *labels*, one segment a series from the bottom up, and a dashed goal line.

    Every series, and the goal if there is one, has one number a label.
    """
    for each in (*(one.values for one in series), *([goal] if goal else [])):
        if len(each) != len(labels):
            raise ValueError(f"{len(each)} values for {len(labels)} labels")
        if any(value < 0 for value in each):
            raise ValueError("a bar cannot show a negative number")

    totals = [sum(one.values[column] for one in series) for column in range(len(labels))]
    top, step = nice_scale(max([*totals, *goal], default=0))
    inner_width, inner_height = width - LEFT - RIGHT, height - TOP - BOTTOM
    baseline = height - BOTTOM

    def height_of(value: float) -> float:
        return value / top * inner_height

    def middle_of(column: int) -> float:
        return round(LEFT + inner_width * (column + 0.5) / len(labels), 1)

    bar_width = round(min(WIDEST_BAR, inner_width / max(len(labels), 1) * 0.58), 1)
    every = max(math.ceil(len(labels) / most_labels), 1)
    bars = []
    for column, label in enumerate(labels):
        below = 0
        segments = []
        for number, one in enumerate(series, start=1):
            value = one.values[column]
            if value:
                segments.append(
                    Segment(
                        x=round(middle_of(column) - bar_width / 2, 1),
                        y=round(baseline - height_of(below + value), 1),
                        width=bar_width,
                        height=round(max(height_of(value) - GAP, 0.5), 1),
                        style=f"series-{number}",
                        label=one.label,
                        value=value,
                    )
                )
            below += value
        # counted from the right: the newest label always shows
        show_label = (len(labels) - 1 - column) % every == 0
        bars.append(Bar(label, middle_of(column), tuple(segments), below, show_label))

    goal_points = [
        f"{middle_of(column)},{round(baseline - height_of(value), 1)}"
        for column, value in enumerate(goal)
    ]
    return StackedBars(
        width=width,
        height=height,
        left=LEFT,
        right=width - RIGHT,
        baseline=baseline,
        label_y=height - BOTTOM + 17,
        bars=tuple(bars),
        ticks=tuple(
            Tick(value, round(baseline - height_of(value), 1)) for value in range(0, top + 1, step)
        ),
        legend=tuple(
            LegendEntry(one.label, f"series-{number}") for number, one in enumerate(series, start=1)
        ),
        goal_label=goal_label if goal else "",
        goal_path="M" + " L".join(goal_points) if goal_points else "",
        rows=tuple(
            NumberRow(label, tuple(one.values[column] for one in series))
            for column, label in enumerate(labels)
        ),
    )


def spark(values: Sequence[float], *, width: int = 88, height: int = 28) -> Spark | None:
    """The course of a number; None for fewer than two values, which have no course."""
    if len(values) < 2:
        return None
    lowest, highest = min(values), max(values)
    span = (highest - lowest) or 1
    points = [
        (
            round(2 + column * (width - 5) / (len(values) - 1), 1),
            round(height - 3 - (value - lowest) / span * (height - 6), 1),
        )
        for column, value in enumerate(values)
    ]
    line = "M" + " L".join(f"{x},{y}" for x, y in points)
    end_x, end_y = points[-1]
    return Spark(
        width=width,
        height=height,
        line=line,
        area=f"{line} L{end_x},{height} L{points[0][0]},{height} Z",
        end_x=end_x,
        end_y=end_y,
    )


def meters(
    *,
    groups: Sequence[tuple[str, int | None, int | None]],
    everyone: tuple[str, int, int] | None = None,
    low_by: int = 5,
    width: int = 240,
) -> Meters:
    """One bar a group (label, count, total), and *everyone* last as the mark to compare with.

    A group whose count or total is None is shown as hidden: deciding which groups are too
    small to show is the caller's, this only draws. A group more than *low_by* points under
    everyone is marked low.
    """
    reference = _percent(everyone[1], everyone[2]) if everyone else None
    rows = []
    for label, count, total in groups:
        if count is None or total is None:
            rows.append(Meter(label, 0, 0, 0, 0.0, "is-hidden", True))
            continue
        percent = _percent(count, total)
        low = reference is not None and percent < reference - low_by
        rows.append(_meter(label, count, total, "is-low" if low else "is-fair", width))
    if everyone:
        rows.append(_meter(*everyone, "is-everyone", width))
    return Meters(
        rows=tuple(rows),
        width=width,
        reference=reference,
        reference_x=round((reference or 0) / 100 * width, 1),
    )


def _meter(label: str, count: int, total: int, style: str, width: int) -> Meter:
    percent = _percent(count, total)
    return Meter(label, count, total, percent, round(percent / 100 * width, 1), style, False)


def _percent(count: int, total: int) -> int:
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total} is not a share")
    return round(100 * count / total) if total else 0
