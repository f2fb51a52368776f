"""Axes of charts, on pages and on paper alike."""

import math


def nice_scale(highest: float, *, most_ticks: int = 7) -> tuple[int, int]:
    """The top of an axis and its step, in whole numbers people count in (1, 2 or 5 × 10ⁿ)."""
    if highest <= 0:
        return 1, 1
    step = 1
    while True:
        for factor in (1, 2, 5):
            candidate = step * factor
            if math.ceil(highest / candidate) < most_ticks:
                return math.ceil(highest / candidate) * candidate, candidate
        step *= 10
