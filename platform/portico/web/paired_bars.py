"""Geometry of two numbers side by side: what is offered beside what is wanted, A beside B.

Lying pairs (`lying_pairs`) for labels as long as a field's name, drawn by the cotton
component `pairs`; standing ones (`standing_pairs`) for weeks, drawn by `barchart`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portico.web.charts import Bar, NumberRow, Segment, Series, StackedBars, stacked_bars

WIDTH = 240
STYLES = ("series-1", "series-3")


@dataclass(frozen=True)
class Part:
    """One bar of a pair; *value* None: too few to show."""

    label: str
    value: int | None
    width: float
    y: int
    style: str


@dataclass(frozen=True)
class Pair:
    label: str
    url: str
    parts: tuple[Part, Part]


@dataclass(frozen=True)
class LyingPairs:
    labels: tuple[str, str]
    styles: tuple[str, str]
    pairs: tuple[Pair, ...]
    width: int = WIDTH


def lying_pairs(
    *,
    labels: tuple[str, str],
    rows: Sequence[tuple[str, int | None, int | None]],
    urls: Sequence[str] = (),
) -> LyingPairs:
    """A pair for each of *rows* (label, first, second), all to the scale of the largest."""
    largest = max((value or 0 for _label, *values in rows for value in values), default=0) or 1
    pairs = []
    for number, (label, *values) in enumerate(rows):
        first, second = (
            Part(name, value, round((value or 0) / largest * WIDTH, 1), y, style)
            for name, value, y, style in zip(labels, values, (0, 11), STYLES, strict=True)
        )
        pairs.append(Pair(label, urls[number] if urls else "", (first, second)))
    return LyingPairs(labels=labels, styles=STYLES, pairs=tuple(pairs))


def standing_pairs(
    *, labels: Sequence[str], first: Series, second: Series, most_labels: int = 5
) -> StackedBars:
    """Two bars over each of *labels*, beside each other and not on top of each other."""
    taller = [max(pair) for pair in zip(first.values, second.values, strict=True)]
    frame = stacked_bars(labels=labels, series=[Series("", taller)], most_labels=most_labels)
    top = frame.ticks[-1].value
    room = frame.baseline - frame.ticks[-1].y
    column = (frame.right - frame.left) / max(len(labels), 1)
    width = round(min(13, column * 0.34), 1)
    bars = []
    for number, bar in enumerate(frame.bars):
        segments = []
        for series, style, x in (
            (first, STYLES[0], bar.middle - width - 0.5),
            (second, STYLES[1], bar.middle + 0.5),
        ):
            value = series.values[number]
            if value:
                height = round(value / top * room, 1)
                segments.append(
                    Segment(
                        x=round(x, 1),
                        y=round(frame.baseline - height, 1),
                        width=width,
                        height=height,
                        style=style,
                        label=series.label,
                        value=value,
                    )
                )
        bars.append(Bar(bar.label, bar.middle, tuple(segments), bar.total, bar.show_label))
    legend = tuple(
        replace(frame.legend[0], label=series.label, style=style)
        for series, style in zip((first, second), STYLES, strict=True)
    )
    rows = tuple(
        NumberRow(label, (first.values[number], second.values[number]))
        for number, label in enumerate(labels)
    )
    return replace(frame, bars=tuple(bars), legend=legend, rows=rows)
