"""Terms from academicSessions: semesters, and terms that are no part of one."""

import datetime
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portico.rosters.roster import Session
from portico.rosters.tables import SESSIONS, Export

SEMESTER, TERM = "semester", "term"
LONGEST_NAME = 60


@dataclass(frozen=True)
class Sessions:
    """All sessions' last days, and those that are terms to us, by id."""

    ends: dict[str, datetime.date]
    terms: dict[str, Session]

    def is_over(self, ids: list[str], today: datetime.date) -> bool:
        """True when all of *ids* are known and past."""
        ends = [self.ends[one] for one in ids if one in self.ends]
        return bool(ends) and len(ends) == len(ids) and max(ends) < today


def read_sessions(export: Export) -> Sessions:
    ends: dict[str, datetime.date] = {}
    found: dict[str, tuple[str, str, Session]] = {}
    for line in export.rows(SESSIONS):
        if line.leaves:
            continue
        first, last = export.day(line, "startDate"), export.day(line, "endDate")
        if first is None or last is None:
            continue
        if last < first:
            export.findings.refuse(line.file, line.number, _("ends before it begins"))
            continue
        ends[line["sourcedId"]] = last
        kind = line["type"].casefold()
        if kind in (SEMESTER, TERM):
            session = Session(_name(line["title"], first), first, last)
            found[line["sourcedId"]] = (kind, line["parentSourcedId"], session)
    semesters = {source_id for source_id, (kind, *_) in found.items() if kind == SEMESTER}
    terms = {
        source_id: session
        for source_id, (kind, parent, session) in found.items()
        if kind == SEMESTER or parent not in semesters
    }
    return Sessions(ends, terms)


def distinct(sessions: list[Session]) -> list[Session]:
    """One session a stretch of days, in time's order, no two of one name."""
    by_days = {(session.starts_on, session.ends_on): session for session in sessions}
    named: dict[str, Session] = {}
    for days in sorted(by_days):
        session = by_days[days]
        name = session.name
        if name in named:
            beginning = f" ({session.starts_on.isoformat()})"
            name = name[: LONGEST_NAME - len(beginning)] + beginning
        named.setdefault(name, Session(name, session.starts_on, session.ends_on))
    return list(named.values())


def _name(title: str, first: datetime.date) -> str:
    """The title, with the year when it has none: “Semester 1” comes again each year."""
    if not re.search(r"\d{4}|\d{2}\s*[-/–]\s*\d{2}", title):
        title = f"{title[: LONGEST_NAME - 5]} {first.year}"
    return title[:LONGEST_NAME].strip()
