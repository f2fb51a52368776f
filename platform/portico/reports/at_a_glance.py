"""The sums over all schools that the overview shows, kept for a few seconds.

At a thousand schools adding them up takes as long as the rest of the page. Kept for
settings.OVERVIEW_SECONDS they are still less than a minute behind: rollups are counted half
a minute after a change.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from portico.reports import overview
from portico.reports.overview import FieldNumbers, Flow, Happened, RegionNumbers
from tenants.context import current_schema


@dataclass(frozen=True)
class AtAGlance:
    """Everything of the overview that is the same for whoever looks."""

    numbers: RegionNumbers
    fields: list[FieldNumbers]
    weeks: list[Happened]
    terms: list[Happened]
    from_schools: list[Flow]
    from_partners: list[Flow]


def at_a_glance() -> AtAGlance:
    """The current region's sums, at most OVERVIEW_SECONDS old."""
    key = f"overview:{current_schema()}:{timezone.localdate().isoformat()}"
    kept = cache.get(key)
    if kept is None:
        kept = _add_up()
        cache.set(key, kept, settings.OVERVIEW_SECONDS)
    return kept


def _add_up() -> AtAGlance:
    weeks, terms = overview.trends()
    return AtAGlance(
        numbers=overview.region_numbers(),
        fields=overview.by_field(),
        weeks=weeks,
        terms=terms,
        from_schools=overview.flows_from_schools(),
        from_partners=overview.flows_from_partners(),
    )
