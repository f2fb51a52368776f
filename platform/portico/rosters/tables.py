"""The files of OneRoster CSV 1.1 and 1.2 that matter here, and reading one of them.

A bulk file holds everything; in a delta each row says `active` or `tobedeleted`.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portico.rosters.archive import Archive, Cells
from portico.rosters.faults import Findings

BULK, DELTA, ABSENT = "bulk", "delta", "absent"
ACTIVE, GONE = "active", "tobedeleted"
LONGEST_ID = 255


@dataclass(frozen=True)
class File:
    """A file of the standard: the columns without which it says nothing, and the others read."""

    name: str
    needed: tuple[str, ...]
    also: tuple[str, ...] = ()

    @property
    def csv(self) -> str:
        return f"{self.name}.csv"


ORGS = File("orgs", ("sourcedId", "name", "type"), ("status", "identifier"))
SESSIONS = File(
    "academicSessions",
    ("sourcedId", "title", "type", "startDate", "endDate"),
    ("status", "parentSourcedId"),
)
COURSES = File("courses", ("sourcedId",), ("status",))
NAMES = ("sourcedId", "givenName", "familyName")
METADATA = "metadata."
# OneRoster has no column for it; districts add one of these to their users as the standard allows
CONCENTRATOR = (
    "metadata.cteConcentrator",
    "metadata.isCteConcentrator",
    "metadata.perkinsConcentrator",
)
USER = (
    "status", "enabledUser", "email", "grades", "preferredGivenName", "preferredFamilyName",
    *CONCENTRATOR,
)  # fmt: skip
USERS_11 = File("users", (*NAMES, "orgSourcedIds", "role"), USER)
USERS_12 = File("users", NAMES, USER)
ROLES = File("roles", ("sourcedId", "userSourcedId", "role", "orgSourcedId"), ("status", "endDate"))
CLASSES = File(
    "classes",
    ("sourcedId", "title", "schoolSourcedId"),
    ("status", "classType", "courseSourcedId", "termSourcedIds"),
)
ENROLLMENTS = File(
    "enrollments",
    ("sourcedId", "classSourcedId", "userSourcedId", "role"),
    ("status", "schoolSourcedId", "primary", "endDate"),
)
FILES = (ORGS, SESSIONS, COURSES, USERS_12, ROLES, CLASSES, ENROLLMENTS)


@dataclass(frozen=True)
class Line:
    """One row: where it stands, and its cells by column; a column that is not there is empty."""

    file: str
    number: int
    cells: Cells
    leaves: bool = False

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def several(self, column: str) -> list[str]:
        """A list in one cell."""
        return [part.strip() for part in self[column].split(",") if part.strip()]


@dataclass
class Ids:
    """The ids of one file, and the rule about a reference to it."""

    mode: str = ABSENT
    lines: dict[str, int] = field(default_factory=dict)

    def miss(self, wanted: str) -> bool:
        """True when *wanted* should be in the file and is not: a delta names the changed only."""
        return self.mode == BULK and wanted not in self.lines


@dataclass
class Export:
    """An opened zip with its manifest read."""

    archive: Archive
    version: str
    modes: dict[str, str]
    findings: Findings
    ids: dict[str, Ids] = field(default_factory=dict)

    def mode(self, file: File) -> str:
        return self.modes.get(file.name, ABSENT)

    def rows(self, file: File, *, keep_ids: bool = True) -> Iterator[Line]:
        """The rows of *file* that are usable; what is wrong with others is among the findings.

        With *keep_ids* rows of other files may refer to these.
        """
        mode = self.mode(file)
        if mode == ABSENT:
            return
        known = self.ids.setdefault(file.name, Ids())
        known.mode = mode
        seen: dict[int, int] = {}
        findings = self.findings
        for number, cells in self.archive.rows(
            file.csv, needed=file.needed, also=file.also, findings=findings
        ):
            source_id = cells["sourcedId"]
            if not source_id or len(source_id) > LONGEST_ID:
                findings.refuse(file.csv, number, _("sourcedId is empty or too long"))
                continue
            key = hash(source_id)
            if key in seen:
                findings.refuse(
                    file.csv,
                    number,
                    _("sourcedId %(id)s is on line %(line)d already")
                    % {"id": source_id, "line": seen[key]},
                )
                continue
            seen[key] = number
            status = cells.get("status", "").casefold()
            if not self._good_status(status, mode, file, number):
                continue
            if mode == BULK and status == GONE:
                findings.note(file.csv, number, _("tobedeleted in a bulk file, taken as missing"))
                continue
            if keep_ids:
                known.lines[source_id] = number
            yield Line(file.csv, number, cells, leaves=status == GONE)

    def refers(self, line: Line, column: str, file: File) -> bool:
        """Whether each reference in *column* leads somewhere; one that does not is a fault."""
        known = self.ids.get(file.name, Ids())
        good = True
        for wanted in line.several(column):
            if known.miss(wanted):
                self.findings.refuse(
                    line.file,
                    line.number,
                    _("%(column)s %(id)s is not in %(file)s")
                    % {"column": column, "id": wanted, "file": file.csv},
                )
                good = False
        return good

    def day(self, line: Line, column: str) -> datetime.date | None:
        """The day in *column*, with or without a time; None when empty or wrong (a fault)."""
        text = line[column]
        if not text:
            return None
        try:
            return datetime.date.fromisoformat(text[:10])
        except ValueError:
            self.findings.refuse(
                line.file,
                line.number,
                _("%(column)s: “%(text)s” is not a day like 2027-02-01")
                % {"column": column, "text": text[:40]},
            )
            return None

    def _good_status(self, status: str, mode: str, file: File, number: int) -> bool:
        if status in (ACTIVE, GONE) or (mode == BULK and not status):
            return True
        said = _("status is empty, a delta needs one") if not status else _("status: “%(text)s”")
        self.findings.refuse(file.csv, number, said % {"text": status[:40]})
        return False


def open_export(archive: Archive, findings: Findings) -> Export:
    """Read the manifest: which version, and which files are bulk, delta or absent."""
    properties: dict[str, str] = {}
    lines: dict[str, int] = {}
    if archive.has("manifest.csv"):
        for number, cells in archive.rows(
            "manifest.csv", needed=("propertyName", "value"), findings=findings
        ):
            properties[cells["propertyName"]] = cells["value"].casefold()
            lines[cells["propertyName"]] = number
        findings.check()
    else:
        findings.note("manifest.csv", 0, _("is missing; every file is taken as bulk"))
    modes = {}
    for file in FILES:
        said = properties.get(f"file.{file.name}", ABSENT if properties else BULK)
        there = archive.has(file.csv)
        line = lines.get(f"file.{file.name}", 0)
        if said not in (BULK, DELTA, ABSENT):
            findings.refuse(
                "manifest.csv", line, _("file.%s is neither bulk nor delta") % file.name
            )
        elif said == ABSENT and there:
            findings.note("manifest.csv", line, _("calls %s absent; it is not read") % file.csv)
        elif said != ABSENT and not there and properties:
            findings.refuse("manifest.csv", line, _("%s is not in the zip") % file.csv)
        modes[file.name] = said if there else ABSENT
    version = properties.get("oneroster.version") or ("1.2" if archive.has(ROLES.csv) else "1.1")
    version = version.removeprefix("v")[:3]
    if version not in ("1.1", "1.2"):
        line = lines.get("oneroster.version", 0)
        findings.refuse("manifest.csv", line, _("OneRoster %s is not read here") % version)
    for file in (ORGS, USERS_12):
        if modes[file.name] == ABSENT and DELTA not in modes.values():
            findings.refuse(archive.name, 0, _("has no %s") % file.csv)
    findings.check()
    return Export(archive, version, modes, findings)
