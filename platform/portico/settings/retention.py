"""How long kinds of a school's data are kept, and what a school may choose of it.

The kinds are in portico/privacy/retention.py; docs/privacy.md says what each is.
"""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

DAYS = {
    "location": 400,
    "words": 730,
    "taps": 90,
    "documents": 3 * 365,
    "notices": 400,
    "links": 30,
    "mentor_links": 90,
    "requests": 2,
    "missed_searches": 3 * 365,
    "students": 5 * 365,
}
BOUNDS = {  # the fewest and the most days
    "location": (7, 3 * 365),
    "words": (30, 3 * 365),
    "taps": (30, 365),
    "documents": (90, 7 * 365),
    "notices": (30, 3 * 365),
    "links": (7, 365),
    "mentor_links": (7, 365),
    "requests": (2, 30),
    "missed_searches": (90, 7 * 365),
    "students": (365, 7 * 365),
}


def retention_days(said: Mapping[str, str]) -> dict[str, int]:
    """Days by kind; *said* changes some (`words=365`), 0 keeps for ever."""
    return DAYS | {kind: int(days) for kind, days in said.items()}


def retention_bounds(said: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Bounds by kind; *said* changes some (`documents=1095-2555`), or ImproperlyConfigured."""
    bounds = dict(BOUNDS)
    for kind, days in said.items():
        fewest, dash, most = days.partition("-")
        if not (dash and fewest.isdigit() and most.isdigit() and 1 <= int(fewest) <= int(most)):
            raise ImproperlyConfigured(f"RETENTION_BOUNDS: {kind}={days} is not like 30-365.")
        bounds[kind] = int(fewest), int(most)
    return bounds
