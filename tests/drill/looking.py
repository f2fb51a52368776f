"""Looking whether what was promised is there, once, and everything still adds up.

While everybody stands still; the outbox is given time to run empty first.
"""

import time
from collections import Counter
from dataclasses import dataclass, field

from django.db import close_old_connections, connections
from django.utils import timezone

from portico.attendance.models import Attendance, Tap
from portico.audit.models import Entry
from portico.audit.sealing import verify_history
from portico.due.models import DueWork
from portico.internships.models import Placement
from portico.internships.recount import recount
from portico.notices.models import Notice
from tenants.context import OWNER, tenant_context
from tests.drill.load import Promise
from tests.drill.region import REGION, World
from tests.mailserver import MailServer

DRAIN_SECONDS = 90
DELIVER = "deliver"


@dataclass
class Findings:
    """Empty is good. `twice_mailed` is not a fault: at least once is what is promised."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    ledger: list[str] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    unsent: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    twice_mailed: int = 0

    @property
    def is_good(self) -> bool:
        return not any(
            (self.lost, self.doubled, self.ledger, self.history, self.unsent, self.invented)
        )


def look(world: World, promises: list[Promise], mail: MailServer, forgotten: set[str]) -> Findings:
    """*forgotten*: notices that a restore undid; mail about them had gone before."""
    connections[OWNER].close()  # PostgreSQL may have been killed since we spoke to it
    close_old_connections()
    found = Findings()
    found.unsent = drain(world)
    found.ledger = [str(one) for one in recount(region=REGION, using=OWNER)]
    by_school: dict[str, list[Promise]] = {}
    for promise in promises:
        by_school.setdefault(promise.schema, []).append(promise)
    sent: set[str] = set()
    known: set[str] = set(forgotten)
    for schema in [REGION, *(school.schema for school in world.busy)]:
        with tenant_context(schema, using=OWNER):
            if schema != REGION:
                check_promises(schema, by_school.get(schema, []), found)
            found.history += [f"{schema}: {fault}" for fault in verify_history().faults]
            for number, state in Notice.objects.values_list("id", "state"):
                known.add(str(number))
                if state == Notice.State.SENT:
                    sent.add(str(number))
    arrived = Counter(map(notice_of, mail.ids))
    found.unsent += [f"notice {one} is said to be sent" for one in sorted(sent - arrived.keys())]
    found.invented = sorted(arrived.keys() - known)
    found.twice_mailed = sum(count - 1 for count in arrived.values())
    return found


def notice_of(message_id: str) -> str:
    """The notice a mail is of: its Message-ID is made from it."""
    return message_id.strip("<>").partition("@")[0]


def drain(world: World) -> list[str]:
    """Wait until every mail has gone; what waits for its next attempt need not wait so long."""
    give_up = time.monotonic() + DRAIN_SECONDS
    while True:
        with tenant_context(REGION, using=OWNER):
            waiting = DueWork.objects.filter(kind=DELIVER)
            if waiting.exists():
                waiting.filter(due_at__gt=timezone.now()).update(due_at=timezone.now())
        left = []
        for school in world.busy:
            with tenant_context(school.schema, using=OWNER):
                open_ones = Notice.objects.filter(state__in=["waiting", "failed"])
                left += [f"notice {one.id} {one.state} {one.last_error}" for one in open_ones]
        if not left or time.monotonic() > give_up:
            return left
        time.sleep(0.5)


def check_promises(schema: str, promises: list[Promise], found: Findings) -> None:
    taps = {str(key) for key in Tap.objects.values_list("key", flat=True)}
    label = Placement._meta.label_lower
    acts = Counter(
        Entry.objects.filter(subject_type=label).values_list("action", "subject_id").order_by()
    )
    for promise in promises:
        if promise.what == "tap":
            kept = promise.subject in taps
        else:
            kept = acts[promise.what, promise.subject] > 0
        if not kept:
            found.lost.append(f"{schema}: {promise.what} of {promise.subject}")
    found.doubled += [
        f"{schema}: {action} of {subject} {count} times"
        for (action, subject), count in acts.items()
        if count > 1 and action in {promise.what for promise in promises}
    ]
    days = Counter(Attendance.objects.values_list("placement_id", "day"))
    found.doubled += [
        f"{schema}: day {day} of {placement}" for (placement, day), n in days.items() if n > 1
    ]
