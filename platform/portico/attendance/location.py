"""At the site or not: a verdict and a rounded distance, from a position nobody keeps."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portico.attendance.models import Where

EARTH_M = 6_371_000
# A fix vaguer than this says nothing about a site; phones indoors are often 50 to 100 m off.
VAGUE_M = 500
FARTHEST_M = 100_000  # beyond that "far away" is enough


@dataclass(frozen=True)
class Fix:
    """What a phone said about where it is; `accuracy` is the radius it is sure of, in meters."""

    latitude: float
    longitude: float
    accuracy: float


@dataclass(frozen=True)
class Verdict:
    where: Where
    distance: int | None = None  # meters, rounded


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Meters between two positions (latitude, longitude) along the globe."""
    (lat_a, lon_a), (lat_b, lon_b) = (map(math.radians, point) for point in (a, b))
    h = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_M * math.asin(math.sqrt(min(1.0, h)))


def rounded(meters: float) -> int:
    """To 50 m near the site, to a kilometer far from it: a distance must not become an address."""
    step = 50 if meters < 1_000 else 1_000
    return min(FARTHEST_M, round(meters / step) * step)


def judge(
    *, fix: Fix | None, status: str, site: tuple[float, float] | None, radius_m: int
) -> Verdict:
    """Compare a phone's *fix* with the *site*.

    The benefit of the doubt is the student's: at the site when any point the phone may be
    at is within the radius. *status* is what the phone says when it has no fix: `refused`,
    `poor`, `off` or `unavailable`.
    """
    if fix is None:
        known = {str(where) for where in (Where.REFUSED, Where.POOR, Where.OFF)}
        return Verdict(Where(status) if status in known else Where.UNAVAILABLE)
    if site is None:
        return Verdict(Where.UNAVAILABLE)
    if fix.accuracy > VAGUE_M:
        return Verdict(Where.POOR)
    away = distance_m((fix.latitude, fix.longitude), site)
    verdict = Where.AT_SITE if away - fix.accuracy <= radius_m else Where.AWAY
    return Verdict(verdict, rounded(away))


def read_location(data: Any) -> tuple[Fix | None, str]:
    """A fix and a status from what came over the wire; nonsense is `unavailable`."""
    if not isinstance(data, Mapping):
        return None, "unavailable"
    status = str(data.get("status", "unavailable"))
    if status != "ok":
        return None, status
    try:
        numbers = [float(data[name]) for name in ("latitude", "longitude", "accuracy")]
    except (KeyError, TypeError, ValueError):
        return None, "unavailable"
    fix = Fix(*numbers)
    sane = (
        all(map(math.isfinite, numbers))
        and abs(fix.latitude) <= 90
        and abs(fix.longitude) <= 180
        and fix.accuracy >= 0
    )
    return (fix, "ok") if sane else (None, "unavailable")
