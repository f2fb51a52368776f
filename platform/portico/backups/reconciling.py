"""A restored school and its region: the slots each says the other has, brought together.

The school is as it was; the region went on. What the school no longer knows is given back,
what it believes it has is taken again where it is still free, and what is not free any more
is ended. Others' holds are never touched. All of it runs on the owner's connection, which
row-level security does not narrow, while the school's tables are locked.
"""

from datetime import datetime
from typing import Any

from django.utils import translation

from portico.backups.holds import end_without_slot, give_back, take_again
from portico.backups.locked_pool import lock_pool, write_totals
from portico.backups.questions import settle_questions
from portico.backups.releases import offers_of_school, reconcile_releases, write_offers
from portico.internships.models import Placement, Source
from tenants.context import OWNER, tenant_context
from tenants.names import region_of
from tenants.queries import tenant_by_schema


def reconcile_school(
    *, schema: str, made_at: datetime, releases: list[dict[str, Any]]
) -> list[str]:
    """Bring the pool and the restored school *schema* together; what was done, line by line.

    *made_at* (aware): when the backup was made; *releases*: the terms of its listings then.
    Call it in the owner's transaction that restored the school.
    """
    region = region_of(schema)
    assert region is not None
    with tenant_context(schema, using=OWNER):
        school = tenant_by_schema(schema)
        of_the_pool = Placement.objects.filter(source=Source.POOL)
        placements = {one.id: one for one in of_the_pool.select_related("student__teacher")}
        offers = offers_of_school()
    with tenant_context(region, using=OWNER):
        pool = lock_pool(school=schema, listing_ids=[one.listing_id for one in placements.values()])
        give_back(pool, placements)
        lost = take_again(pool, placements)
        settle_questions(pool, placements, school=school, made_at=made_at)
        reconcile_releases(pool, offers, terms=releases)
        write_totals(pool)
    with tenant_context(schema, using=OWNER), translation.override(school.language):
        for placement in lost:
            end_without_slot(placement)
        write_offers(offers, pool)
    return pool.lines
