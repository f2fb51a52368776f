"""What one click does with a case of the worklist, or with many of a kind at once."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from portico.accounts.models import Person
from portico.attendance.actions import (
    mark_worry_seen,
    remind_mentor,
    remind_of_estimate,
    remind_to_check_in,
)
from portico.documents.actions import ask_everybody
from portico.internships import actions
from portico.notices.actions import send_again
from portico.reports.worklist import Case, Kind, cases_of
from tenants.errors import Refused
from tenants.retry import again_on_deadlock

DAYS_MORE = 7  # what "extend" gives in one click
MOST_AT_ONCE = 100

Act = Callable[[uuid.UUID, Person], object]

ACTS: dict[Kind, dict[str, Act]] = {
    Kind.WORRY: {"seen": lambda key, who: mark_worry_seen(actor=who, attendance_id=key)},
    Kind.MISSING: {"remind": lambda key, who: remind_to_check_in(actor=who, placement_id=key)},
    Kind.REQUEST: {
        "approve": lambda key, who: actions.approve_request(actor=who, placement_id=key)
    },
    Kind.START: {"approve": lambda key, who: actions.approve_start(actor=who, placement_id=key)},
    Kind.EXPIRING: {
        "extend": lambda key, who: actions.extend_pursuit(
            actor=who, placement_id=key, days=DAYS_MORE
        ),
        "remind": lambda key, who: actions.remind_of_pursuit(actor=who, placement_id=key),
    },
    Kind.ESTIMATE: {"remind": lambda key, who: remind_of_estimate(actor=who, attendance_id=key)},
    Kind.DOCUMENTS: {"ask": lambda key, who: ask_everybody(actor=who, placement_id=key)},
    Kind.MENTOR: {"remind": lambda key, who: remind_mentor(actor=who, reach_id=key)},
    Kind.MAIL: {"send": lambda key, _who: send_again(notice_id=key)},
}


@dataclass
class WorkedOff:
    """How it went, in the order asked for."""

    done: list[Case] = field(default_factory=list)
    refused: list[tuple[Case, Refused]] = field(default_factory=list)
    gone: list[uuid.UUID] = field(default_factory=list)  # no longer waiting


def work_off(*, actor: Person, kind: Kind, verb: str, keys: Iterable[uuid.UUID]) -> WorkedOff:
    """Do *verb* with each case of *keys*; one that is refused does not stop the rest.

    What no longer waits is said, not done twice. KeyError when *kind* has no such verb.
    """
    act = ACTS[kind][verb]
    waiting = {case.key: case for case in cases_of(kind)}
    worked = WorkedOff()
    for key in list(dict.fromkeys(keys))[:MOST_AT_ONCE]:
        case = waiting.get(key)
        if case is None:
            worked.gone.append(key)
            continue
        try:
            again_on_deadlock(lambda key=key: act(key, actor))  # type: ignore[misc]
        except Refused as refusal:
            worked.refused.append((case, refusal))
        else:
            worked.done.append(case)
    return worked
