"""The two sources of the list: what this school offers, and what it may see of the pool."""

from dataclasses import dataclass

_SHARED = """id, title, site_name, neighborhood, description, field, skills, days, start_time,
    end_time, starts_on, ends_on, pay, hourly_rate, pay_note, grades, requirements, remote,
    latitude, longitude, published_at"""


@dataclass(frozen=True)
class Branch:
    """`frees_at` in the past means that a slot is free though `taken` still counts it."""

    name: str
    source: str
    live: str  # what makes a row a listing
    is_open: str
    appeared: str  # when students could see it first
    origin_kind: str
    facts: str  # as public.portico_facts makes them; an index has the pool's
    columns: str


OWN = Branch(
    name="own",
    source="catalog_opportunity",
    # what is released as a whole is nothing an own student could take
    live="state = 'published' AND published_at IS NOT NULL AND released < capacity",
    is_open="(taken + released < capacity OR frees_at <= now())",
    appeared="published_at",
    origin_kind="'own'",
    facts="public.portico_facts(field, days, pay, grades, 'own')",
    columns=_SHARED
    + """, 'own' AS origin_kind, '' AS origin_name, capacity - released AS slots,
    greatest(capacity - released - taken, (frees_at <= now())::int) AS open_slots,
    false AS ask_owner""",
)
POOL = Branch(
    name="pool",
    source="sharing_visible_listing",
    live="published_at IS NOT NULL",
    is_open="(taken < slots OR frees_at <= now())",
    appeared="greatest(published_at, visible_from)",
    origin_kind="origin_kind",
    facts="facts",
    columns=_SHARED
    + """, origin_kind, origin_name, slots,
    greatest(slots - taken, (frees_at <= now())::int) AS open_slots, ask_owner""",
)
BRANCHES = (OWN, POOL)
