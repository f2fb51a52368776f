"""History sealed: a chain of hashes, so that a changed, missing or slipped-in row is found.

A seal is an entry of history itself: it lists the entries since the last seal, each with
its hash. The last seal is among them, so every seal stands on the one before. Seals are
made by the worker and not by the acts: a chain that every act extends would make all acts
of a school wait for each other. docs/adr/0004 says more.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections
from django.utils import timezone

from portico.audit.models import Entry
from tenants.context import current_alias, current_schema

SEAL = "seal"  # the kind of due work
SEALED = "sealed"  # the action of a seal's entry
CHAIN_TYPE, CHAIN_ID = "audit.chain", "chain"
SEAL_AFTER = timedelta(seconds=60)
# A number that history skipped may belong to an act that is not committed yet. No act takes
# this long; what appears later has been slipped in.
GAPS_CLOSE_AFTER = timedelta(hours=1)
MOST_AT_ONCE = 2000


def plan_seal() -> None:
    """Have this tenant's history sealed soon; called with every entry, one cheap statement.

    Never waits for another act: each plans a row of its own, unless one is planned already.
    """
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO due_duework (id, school, kind, subject_id, due_at, attempts)
            SELECT %s, %s, %s, %s, %s, 0
            WHERE NOT EXISTS (SELECT 1 FROM due_duework WHERE school = %s AND kind = %s)
            """,
            [
                *(uuid.uuid4(), current_schema(), SEAL, uuid.uuid4()),
                *(timezone.now() + SEAL_AFTER, current_schema(), SEAL),
            ],
        )


def seal_history(*, subject_id: uuid.UUID) -> datetime | None:
    """Due work: seal what is new. Comes back until nothing was new; two at once do it once."""
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_lock_name()])
    last = last_seal()
    top, gaps = (last.after["top"], _open_gaps(last)) if last else (0, [])
    late = list(_within(gaps))
    fresh = list(Entry.objects.filter(id__gt=top).order_by("id")[:MOST_AT_ONCE])
    rows = [*late, *fresh]
    if all(row.action == SEALED for row in rows):
        return None
    gaps = _without(gaps, late) + _skipped(fresh, top)
    Entry.objects.create(
        at=timezone.now(),
        actor=None,
        actor_label="clock",
        action=SEALED,
        subject_type=CHAIN_TYPE,
        subject_id=CHAIN_ID,
        after={
            "top": fresh[-1].id if fresh else top,
            "rows": [[row.id, fingerprint(row)] for row in rows],
            "gaps": gaps,
        },
        via="job",
    )
    return timezone.now() + (SEAL_AFTER if len(fresh) < MOST_AT_ONCE else timedelta())


def last_seal() -> Entry | None:
    """The newest seal of this tenant; its fingerprint stands for all history before it."""
    return _seals().order_by("-id").first()


def _seals() -> Any:
    return Entry.objects.filter(subject_type=CHAIN_TYPE, subject_id=CHAIN_ID)


def _lock_name() -> str:
    return f"seal {current_schema()}"


# Numbers that history skipped, as [first, last, since].
Gap = list[Any]


def _open_gaps(seal: Entry) -> list[Gap]:
    still = timezone.now() - GAPS_CLOSE_AFTER
    return [gap for gap in seal.after["gaps"] if datetime.fromisoformat(gap[2]) > still]


def _within(gaps: list[Gap]) -> Iterator[Entry]:
    """Entries that were on their way when their numbers were skipped."""
    for first, last, _since in gaps:
        yield from Entry.objects.filter(id__range=(first, last)).order_by("id")


def _without(gaps: list[Gap], late: list[Entry]) -> list[Gap]:
    """*gaps* around the entries that have come meanwhile."""
    left = []
    for first, last, since in gaps:
        start = first
        for number in [row.id for row in late if first <= row.id <= last]:
            if start < number:
                left.append([start, number - 1, since])
            start = number + 1
        if start <= last:
            left.append([start, last, since])
    return left


def _skipped(rows: list[Entry], top: int) -> list[Gap]:
    """The gaps between *rows*, numbers after *top*."""
    now = timezone.now().isoformat()
    gaps = []
    for row in rows:
        if row.id > top + 1:
            gaps.append([top + 1, row.id - 1, now])
        top = row.id
    return gaps


def fingerprint(entry: Entry) -> str:
    """The hash of all an entry says, its number included."""
    said = [
        entry.id,
        entry.at.astimezone(UTC).isoformat(),
        entry.actor_id,
        entry.actor_label,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        entry.before,
        entry.after,
        entry.via,
        entry.address,
    ]
    text = json.dumps(said, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Verdict:
    """What a look through the chain found. `head` stands for all that is sealed."""

    entries: int = 0
    seals: int = 0
    unsealed: int = 0
    head: str = ""
    heads: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def verify_history() -> Verdict:
    """Compare every entry of this tenant's history with the seals over it."""
    verdict = Verdict()
    sealed: dict[int, str] = {}
    for seal in _seals().order_by("id").iterator():
        verdict.seals += 1
        verdict.head = fingerprint(seal)
        verdict.heads.add(verdict.head)
        for number, said in seal.after["rows"]:
            if number in sealed:
                verdict.faults.append(f"entry {number} is sealed twice")
            sealed[number] = said
    last = last_seal()
    top, gaps = (last.after["top"], _open_gaps(last)) if last else (0, [])
    for entry in Entry.objects.order_by("id").iterator():
        verdict.entries += 1
        said = sealed.pop(entry.id, None)
        if said is not None:
            if said != fingerprint(entry):
                verdict.faults.append(f"entry {entry.id} was changed")
        elif entry.id <= top and not any(first <= entry.id <= end for first, end, _since in gaps):
            verdict.faults.append(f"entry {entry.id} was slipped in")
        else:
            verdict.unsealed += 1
    verdict.faults += [f"entry {number} is missing" for number in sorted(sealed)]
    return verdict
