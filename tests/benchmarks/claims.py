"""Claims a second: the pool's own function in a school's transaction, beside bare statements.

Many hands take the slots of a few listings at once; none may be taken twice. The limit is
the guarded UPDATE and the INSERT of a hold, written by hand on the owner's connection.
"""

import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
from django.db import connections

from sharing import pool
from tenants.context import OWNER, tenant_context
from tenants.setup import set_up_database
from tests.benchmarks.case import Case
from tests.benchmarks.filled_region import fill_region

HANDS = 4
LISTINGS = 50
SLOTS = {"small": 20, "full": 100}
REGION = "claims"


def measure(scale: str) -> list[Case]:
    set_up_database()
    school = fill_region(code=REGION, schools=3, listings=LISTINGS)
    slots = SLOTS[scale]
    # in turns, so that what else the machine does hits both
    rates: dict[str, list[float]] = {"ours": [], "raw": []}
    over = 0
    for _turn in range(3):
        for name, claimer in (("ours", _ours(school)), ("raw", _raw)):
            ids = _empty_listings(slots)
            rate, won = _rate(ids, slots, claimer)
            rates[name].append(rate)
            over += max(0, won - slots * LISTINGS) + _overbooked()
    ours, limit = max(rates["ours"]), max(rates["raw"])
    return [
        Case(
            case=f"claims by {HANDS} hands",
            unit="claims/s",
            ours=ours,
            limit=limit,
            aim="≥ 0.7 × limit",
            ok=ours >= 0.7 * limit,
        ),
        Case(case="slots taken twice", unit="slots", ours=over, aim="0", ok=over == 0),
    ]


Claim = Callable[[uuid.UUID], bool]


def _rate(
    ids: list[uuid.UUID], slots: int, open_hand: Callable[[], tuple[Claim, Callable]]
) -> tuple[float, int]:
    """(claims won a second, claims won); every hand tries one time more than there are slots."""
    won: list[int] = []
    ready = threading.Barrier(HANDS + 1)

    def work() -> None:
        claim, close = open_hand()
        claim(ids[0])
        ready.wait()
        mine = sum(claim(one) for _round in range(slots // HANDS + 1) for one in ids)
        won.append(mine)
        close()

    hands = [threading.Thread(target=work) for _hand in range(HANDS)]
    for hand in hands:
        hand.start()
    ready.wait()
    began = time.perf_counter()
    for hand in hands:
        hand.join()
    return sum(won) / (time.perf_counter() - began), sum(won)


def _ours(school: str) -> Callable[[], tuple[Claim, Callable]]:
    until = datetime.now(UTC) + timedelta(days=14)

    def claim(listing: uuid.UUID) -> bool:
        with tenant_context(school):
            return pool.claim(listing_id=listing, placement_id=uuid.uuid4(), until=until)

    return lambda: (claim, connections["default"].close)


def _raw() -> tuple[Claim, Callable]:
    parameters = connections[OWNER].get_connection_params()
    wanted = {key: parameters[key] for key in ("dbname", "user", "password", "host", "port")}
    raw = psycopg.connect(**wanted, autocommit=True, options=f"-c search_path={REGION}")
    until = datetime.now(UTC) + timedelta(days=14)

    def claim(listing: uuid.UUID) -> bool:
        with raw.transaction():
            taken = raw.execute(
                "UPDATE sharing_poollisting SET taken = taken + 1"
                " WHERE id = %s AND taken < slots RETURNING id",
                [listing],
            ).fetchone()
            if taken is None:
                return False
            raw.execute(
                "INSERT INTO sharing_hold"
                " (id, listing_id, school, placement_id, state, until, created_at)"
                " VALUES (gen_random_uuid(), %s, 'x', %s, 'held', %s, now())",
                [listing, uuid.uuid4(), until],
            )
            return True

    return claim, raw.close


def _empty_listings(slots: int) -> list[uuid.UUID]:
    with tenant_context(REGION, using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("DELETE FROM sharing_hold")
        cursor.execute(
            "UPDATE sharing_poollisting SET taken = 0, slots = %s, frees_at = NULL,"
            " origin_kind = 'partner', origin_schema = '', opportunity_id = NULL,"
            " partner_id = (SELECT id FROM sharing_partner LIMIT 1) RETURNING id",
            [slots],
        )
        return [row[0] for row in cursor.fetchall()]


def _overbooked() -> int:
    with tenant_context(REGION, using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(greatest(0, n - slots)), 0) FROM sharing_poollisting p JOIN"
            " (SELECT listing_id, count(*) AS n FROM sharing_hold GROUP BY 1) h"
            " ON h.listing_id = p.id"
        )
        return int(cursor.fetchone()[0])
