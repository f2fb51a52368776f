"""Whom a student is with: the teacher of their homeroom or advisory, else of a class.

Each teacher a student has gets a rank, 0 the most fitting; difference.py chooses, and
stays with the present teacher among equals.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from portico.accounts.roles import Role
from portico.rosters.roster import Member, Roster, Session
from portico.rosters.sessions import Sessions, distinct
from portico.rosters.tables import (
    CLASSES,
    COURSES,
    ENROLLMENTS,
    ORGS,
    SESSIONS,
    USERS_12,
    Export,
)

HOMEROOM = "homeroom"
ADVISORY = re.compile(r"\b(advisory|advisor|advisee|home\s?room|crew)\b", re.IGNORECASE)
SCHEDULED_RANK, SECOND_RANK = 2, 1  # added: a homeroom's primary teacher has 0


@dataclass
class _Class:
    org: str
    rank: int
    teachers: dict[str, int] = field(default_factory=dict)


def read_teachers(
    export: Export,
    roster: Roster,
    sessions: Sessions,
    *,
    today: datetime.date,
    placed: Mapping[tuple[str, str], Member],
) -> None:
    """Fill the roster's teachers, and the terms of the schools that have classes in them."""
    classes: dict[str, _Class] = {}
    taught: dict[str, list[Session]] = {}
    for line in export.rows(CLASSES):
        for column, file in (
            ("schoolSourcedId", ORGS),
            ("courseSourcedId", COURSES),
            ("termSourcedIds", SESSIONS),
        ):
            export.refers(line, column, file)
        terms = line.several("termSourcedIds")
        if line.leaves:
            continue
        mine = taught.setdefault(line["schoolSourcedId"], [])
        mine += [sessions.terms[term] for term in terms if term in sessions.terms]
        if sessions.is_over(terms, today):
            continue
        at_home = line["classType"].casefold() == HOMEROOM or ADVISORY.search(line["title"])
        classes[line["sourcedId"]] = _Class(
            line["schoolSourcedId"], 0 if at_home else SCHEDULED_RANK
        )
    _set_sessions(roster, sessions, taught, today=today)
    students: list[tuple[str, str]] = []  # class, student
    for line in export.rows(ENROLLMENTS, keep_ids=False):
        good = [
            export.refers(line, column, file)
            for column, file in (
                ("classSourcedId", CLASSES),
                ("userSourcedId", USERS_12),
                ("schoolSourcedId", ORGS),
            )
        ]
        end = export.day(line, "endDate")
        group = classes.get(line["classSourcedId"])
        if not all(good) or group is None or line.leaves or (end is not None and end < today):
            continue
        user, role = line["userSourcedId"], line["role"].casefold()
        if role == Role.TEACHER:
            second = line["primary"].casefold() in ("false", "0")
            group.teachers[user] = SECOND_RANK if second else 0
        elif role == Role.STUDENT:
            students.append((line["classSourcedId"], user))
    for class_id, student in students:
        group = classes[class_id]
        for teacher, rank in group.teachers.items():
            there = placed.get((group.org, teacher))
            if there is not None and Role.TEACHER not in there.roles:
                continue
            ranks = roster.teachers.setdefault((group.org, student), {})
            ranks[teacher] = min(group.rank + rank, ranks.get(teacher, group.rank + rank))


def _set_sessions(
    roster: Roster,
    sessions: Sessions,
    taught: dict[str, list[Session]],
    *,
    today: datetime.date,
) -> None:
    """A school gets the terms its classes are in; all of them when no class says."""
    for org in roster.orgs:
        mine = taught.get(org) or list(sessions.terms.values())
        roster.sessions[org] = distinct([one for one in mine if one.ends_on >= today])
