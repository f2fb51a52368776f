"""OneRoster CSV 1.1 and 1.2, bulk and delta: a zip made a Roster.

A school's people come from users (1.2: and roles), whom students are with from classes and
enrollments (teachers.py), terms from academicSessions (sessions.py). Passwords in a file
are never looked at.
"""

import datetime
import re
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from portico.accounts.roles import Role
from portico.rosters.archive import Archive
from portico.rosters.faults import Findings, RosterRefused
from portico.rosters.roster import YES_OR_NO, Member, Org, Roster
from portico.rosters.sessions import read_sessions
from portico.rosters.tables import (
    BULK,
    CONCENTRATOR,
    COURSES,
    DELTA,
    ORGS,
    ROLES,
    USERS_11,
    USERS_12,
    Export,
    Line,
    open_export,
)
from portico.rosters.teachers import read_teachers

ROLE_OF: dict[str, str] = {"student": Role.STUDENT, "teacher": Role.TEACHER}
# Who runs a school; they coordinate only where one asks for it.
OFFICE = ("administrator", "principal", "siteadministrator")
# Known, and nothing to us.
OTHERS = ("aide", "counselor", "districtadministrator", "guardian", "parent", "proctor",
          "relative", "sysadmin", "systemadministrator")  # fmt: skip
LONGEST_NAME = 80
KINDERGARTEN = ("KG", "K", "TK")
SCHOOL = "school"


def read_oneroster(path: Path, *, today: datetime.date, office_coordinates: bool = False) -> Roster:
    """The roster in the zip at *path*. RosterRefused names every fault with file and line.

    *office_coordinates*: administrators of a school become coordinators.
    """
    findings = Findings()
    with Archive(path) as archive:
        export = open_export(archive, findings)
        reader = _Reader(export, today=today, office_coordinates=office_coordinates)
        roster = reader.read()
        findings.check()
    roster.notes = findings.notes
    return roster


def is_bulk(path: Path) -> bool:
    """Whether the zip at *path* says how all people are, and not what changed.

    One that cannot be read says nothing about that: False, so that it hides none before it.
    """
    try:
        with Archive(path) as archive:
            export = open_export(archive, Findings())
    except RosterRefused:
        return False
    return export.mode(USERS_12) == BULK


class _Reader:
    """Reads the files in the order they refer to each other."""

    def __init__(self, export: Export, *, today: datetime.date, office_coordinates: bool) -> None:
        self.export, self.findings, self.today = export, export.findings, today
        self.role_of = dict(ROLE_OF)
        if office_coordinates:
            self.role_of |= dict.fromkeys(OFFICE, Role.COORDINATOR)
        self.roster = Roster(complete=export.mode(USERS_12) == BULK)
        self.users: dict[str, Member] = {}
        self.placed: dict[tuple[str, str], Member] = {}  # by org and user

    def read(self) -> Roster:
        self._orgs()
        sessions = read_sessions(self.export)
        for _line in self.export.rows(COURSES):
            pass  # only its ids matter: classes refer to them
        if self.export.version == "1.1":
            self._users_of_11()
        else:
            self._users_of_12()
            self._roles()
        for (org, _user), member in self.placed.items():
            self.roster.members.setdefault(org, []).append(member)
        read_teachers(self.export, self.roster, sessions, today=self.today, placed=self.placed)
        return self.roster

    def _orgs(self) -> None:
        for line in self.export.rows(ORGS):
            if line["type"].casefold() == SCHOOL and not line.leaves:
                source_id = line["sourcedId"]
                self.roster.orgs[source_id] = Org(source_id, line["name"], line["identifier"])

    def _users_of_11(self) -> None:
        for line in self.export.rows(USERS_11):
            if not self.export.refers(line, "orgSourcedIds", ORGS):
                continue
            user = self._user(line)
            if self.export.mode(USERS_11) == DELTA:
                # The row says all schools they are at: elsewhere they are no longer.
                self.roster.elsewhere[user.id] = _leaving(user)
            role = self._role(line)
            for org in line.several("orgSourcedIds"):
                if role and not user.leaves:
                    self._place(org, user, role=role, exact=True)

    def _users_of_12(self) -> None:
        delta = self.export.mode(USERS_12) == DELTA
        for line in self.export.rows(USERS_12):
            user = self.users[line["sourcedId"]] = self._user(line)
            if delta:
                self.roster.elsewhere[user.id] = user

    def _roles(self) -> None:
        if self.export.mode(ROLES) != BULK and self.export.mode(USERS_12) == BULK:
            self.findings.refuse(ROLES.csv, 0, _("must be there in full, as users.csv is"))
            return
        exact = self.export.mode(ROLES) == BULK
        for line in self.export.rows(ROLES, keep_ids=False):
            good = self.export.refers(line, "userSourcedId", USERS_12)
            if not self.export.refers(line, "orgSourcedId", ORGS) or not good:
                continue
            over = (end := self.export.day(line, "endDate")) is not None and end < self.today
            role = self._role(line)
            user = self.users.get(line["userSourcedId"]) or _unnamed(line)
            if not role or user.leaves or (over and exact):
                continue
            if line.leaves or over:
                self._place(line["orgSourcedId"], user, lost=role, exact=False)
            else:
                self._place(line["orgSourcedId"], user, role=role, exact=exact)
        if exact and self.users:
            self._note_the_roleless()

    def _note_the_roleless(self) -> None:
        placed = {user for _org, user in self.placed}
        for user in self.users.values():
            if user.id not in placed and not user.leaves:
                self.findings.note(
                    user.file, user.line, _("nobody of a school that is read; left out")
                )

    def _place(
        self, org: str, user: Member, *, exact: bool, role: str = "", lost: str = ""
    ) -> None:
        if org not in self.roster.orgs:
            if self.export.mode(ORGS) == BULK:
                return  # a district's office, a department
            self.roster.orgs[org] = Org(org, org)
        there = self.placed.get((org, user.id))
        if there is None:
            there = self.placed[org, user.id] = Member(**vars(user))
            there.exact = exact
        there.roles |= {role} - {""}
        there.lost |= {lost} - {""}

    def _role(self, line: Line) -> str:
        said = line["role"].casefold()
        if said in self.role_of:
            return self.role_of[said]
        if said not in (*OTHERS, *OFFICE):
            self.findings.note(
                line.file, line.number, _("role “%s” is unknown; left out") % line["role"][:40]
            )
        return ""

    def _user(self, line: Line) -> Member:
        given = line["preferredGivenName"] or line["givenName"]
        family = line["preferredFamilyName"] or line["familyName"]
        if not given and not family and not line.leaves:
            self.findings.refuse(line.file, line.number, _("has no name"))
        return Member(
            id=line["sourcedId"],
            given_name=self._name(line, given),
            family_name=self._name(line, family),
            file=line.file,
            line=line.number,
            email=self._email(line),
            grade=self._grade(line),
            leaves=line.leaves or line["enabledUser"].casefold() in ("false", "0"),
            concentrator=self._concentrator(line),
        )

    def _name(self, line: Line, text: str) -> str:
        name = re.sub(r"\s+", " ", text)
        if len(name) > LONGEST_NAME:
            self.findings.note(line.file, line.number, _("a name is longer than 80 letters; cut"))
        return name[:LONGEST_NAME].strip()

    def _email(self, line: Line) -> str:
        text = line["email"].lower()
        try:
            if text:
                validate_email(text)
        except ValidationError:
            self.findings.note(line.file, line.number, _("is no e-mail address; left out"))
            return ""
        return text if len(text) <= 254 else ""

    def _concentrator(self, line: Line) -> bool | None:
        said = next((line[column] for column in CONCENTRATOR if line[column]), "")
        if not said:
            return None
        if said.casefold() not in YES_OR_NO:
            self.findings.note(
                line.file, line.number, _("“%s” is neither yes nor no; left out") % said[:40]
            )
        return YES_OR_NO.get(said.casefold())

    def _grade(self, line: Line) -> int | None:
        for text in line.several("grades"):
            if text.upper() in KINDERGARTEN:
                return 0
            if re.fullmatch(r"0?\d|1[0-3]", text):
                return int(text)
        return None


def _unnamed(line: Line) -> Member:
    """Somebody a delta gives a role and says nothing else of."""
    return Member(line["userSourcedId"], "", "", line.file, line.number)


def _leaving(user: Member) -> Member:
    gone = Member(**vars(user))
    gone.leaves = True
    return gone
