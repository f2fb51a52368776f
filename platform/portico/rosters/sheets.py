"""A school's own list, CSV or XLSX, made a Roster: for schools without a system to export from.

A person says which column is which (the page proposes by name), what everybody in the list
is where no column says it, and whether whoever is missing has gone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import openpyxl
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from openpyxl.styles import Font

from portico.accounts.roles import Role
from portico.importing.columns import Column, ColumnsMissing, Layout, lay_out
from portico.importing.reading import Row, Table, UnreadableFile, open_table
from portico.rosters.faults import Fault, Findings, RosterRefused
from portico.rosters.roster import YES_OR_NO, Member, Org, Roster

MOST_ROWS = 20_000
LONGEST_NAME = 80
ROLES = {
    "student": Role.STUDENT, "pupil": Role.STUDENT, "estudiante": Role.STUDENT,
    "alumno": Role.STUDENT, "alumna": Role.STUDENT, "learner": Role.STUDENT,
    "teacher": Role.TEACHER, "advisor": Role.TEACHER, "adviser": Role.TEACHER,
    "maestro": Role.TEACHER, "maestra": Role.TEACHER, "docente": Role.TEACHER,
}  # fmt: skip


def _role(text: str) -> str:
    try:
        return ROLES[text.casefold()]
    except KeyError:
        raise ValueError(_("“%s” is neither student nor teacher") % text[:40]) from None


def _grade(text: str) -> int:
    match = re.fullmatch(r"(?:grade\s*)?0?(\d{1,2})(?:st|nd|rd|th)?(?:\s*grade)?", text.casefold())
    if match is None or int(match[1]) > 13:
        raise ValueError(_("“%s” is not a grade like 11") % text[:40])
    return int(match[1])


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(_("“%s” is no e-mail address") % text[:60]) from None
    return text.lower()


def _yes_or_no(text: str) -> bool:
    try:
        return YES_OR_NO[text.casefold()]
    except KeyError:
        raise ValueError(_("“%s” is neither yes nor no") % text[:40]) from None


def _name(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise ValueError(_("is longer than 80 letters"))
    return " ".join(text.split())


COLUMNS = (
    Column("given_name", _name, aliases=("first name", "first", "given name", "nombre")),
    Column("family_name", _name, aliases=("last name", "last", "surname", "apellido", "apellidos")),
    Column("name", aliases=("full name", "student name", "student", "nombre completo")),
    Column("email", _email, aliases=("e-mail", "e-mail address", "correo", "school email")),
    Column("id", aliases=("student id", "id number", "number", "osis", "local id")),
    Column("role", _role, aliases=("type", "rol")),
    Column("grade", _grade, aliases=("grade level", "class year", "grado")),
    Column(
        "concentrator",
        _yes_or_no,
        aliases=("cte concentrator", "cte", "perkins concentrator", "concentrador"),
    ),
    Column("teacher", aliases=("advisor", "adviser", "advisory", "homeroom", "maestro")),
)


@dataclass(frozen=True)
class Choices:
    """What a person said of the list."""

    columns: Mapping[str, str]  # ours to theirs; a column that is not there is not used
    role: str = ""  # of everybody, where no column says it
    complete: bool = False  # who is not in it has gone


def headers_of(path: Path, *, name: str) -> list[str]:
    """The headers of the list at *path*; RosterRefused when it cannot be read."""
    return [header for header in _open(path, name).headers if header]


def proposed_columns(headers: list[str]) -> dict[str, str]:
    """Ours to theirs, as far as their names tell."""
    layout = lay_out(_once(headers), COLUMNS)
    return {name: headers[place] for name, place in layout.places.items()}


def read_sheet(path: Path, *, name: str, org: Org, choices: Choices) -> Roster:
    """The list at *path*, called *name* by who brought it. RosterRefused names every fault."""
    table = _open(path, name)
    findings = Findings()
    layout = _layout(table, name, choices)
    roster = Roster(
        orgs={org.id: org},
        members={org.id: []},
        complete=choices.complete,
        known_by_email=not layout.has("id"),
    )
    seen: dict[str, int] = {}
    try:
        for row in table.rows():
            if len(roster.members[org.id]) >= MOST_ROWS:
                findings.refuse(name, row.line, _("is longer than 20,000 lines"))
                break
            member = _member(row, layout, name, choices, findings)
            if member is None:
                continue
            key = member.id or member.email
            if not key:
                findings.refuse(
                    name, row.line, _("has neither id nor e-mail: nothing to know them by")
                )
            elif key in seen:
                findings.refuse(
                    name, row.line, _("%(key)s is on line %(line)d already")
                    % {"key": key, "line": seen[key]},
                )  # fmt: skip
            seen.setdefault(key, row.line)
            roster.members[org.id].append(member)
    except UnreadableFile as error:
        findings.refuse(name, 0, str(error))
    if not roster.members[org.id] and not findings.faults:
        findings.refuse(name, 0, _("has no lines below its header"))
    findings.check()
    roster.kinds = tuple(
        sorted({role for member in roster.members[org.id] for role in member.roles})
    )
    return roster


def template() -> bytes:
    """An XLSX to fill in: our columns, and a sheet that says what goes where."""
    book = openpyxl.Workbook()
    people, guide = book.active, book.create_sheet(_("How to"))
    people.title = _("People")
    lines = (
        ("id", _("The number your own system gives them; leave the column out if there is none.")),
        ("given name", ""),
        ("family name", ""),
        ("e-mail", _("Needed where there is no id. A student may have none.")),
        ("role", _("student or teacher")),
        ("grade", _("of students: 9, 10, 11, 12")),
        ("teacher", _("of students: their teacher's e-mail, id or full name")),
        (
            "concentrator",
            _("of students: yes or no, for Perkins V; may be left out"),
        ),
    )
    for at, (header, words) in enumerate(lines, start=1):
        cell = people.cell(row=1, column=at, value=header)
        cell.font = Font(bold=True)
        people.column_dimensions[cell.column_letter].width = 24
        guide.append([header, words])
    guide.column_dimensions["B"].width = 80
    people.freeze_panes = "A2"
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _open(path: Path, name: str) -> Table:
    try:
        return open_table(path)
    except (UnreadableFile, OSError) as error:
        raise RosterRefused([Fault(name, 0, str(error))]) from error


def _layout(table: Table, name: str, choices: Choices) -> Layout:
    # What nobody chose is not looked for by name: the person decided against it.
    wanted = [column for column in COLUMNS if choices.columns.get(column.name)]
    try:
        layout = lay_out(table.headers, wanted, chosen=choices.columns)
    except ColumnsMissing as error:
        raise RosterRefused([Fault(name, 1, str(error))]) from error
    problems = []
    if not (layout.has("name") or (layout.has("given_name") and layout.has("family_name"))):
        problems.append(_("Say which column holds the name, or given and family name."))
    if not layout.has("role") and choices.role not in (Role.STUDENT, Role.TEACHER):
        problems.append(_("Say whether the list holds students or teachers."))
    if not layout.has("id") and not layout.has("email"):
        problems.append(_("Say which column holds an id or an e-mail: people are known by it."))
    if problems:
        raise RosterRefused([Fault(name, 1, problem) for problem in problems])
    return layout


def _member(
    row: Row, layout: Layout, name: str, choices: Choices, findings: Findings
) -> Member | None:
    values, problems = layout.read(row)
    given, family = values.get("given_name", ""), values.get("family_name", "")
    if not given and not family:
        given, family = _parted(values.get("name", ""))
    role = values.get("role") or choices.role
    if not given and not family:
        problems.append(_("has no name"))
    if not role:
        problems.append(_("role is empty"))
    for problem in problems:
        findings.refuse(name, row.line, problem)
    if problems:
        return None
    return Member(
        id=values.get("id", ""),
        given_name=given,
        family_name=family,
        file=name,
        line=row.line,
        email=values.get("email", ""),
        grade=values.get("grade"),
        roles=frozenset({role}),
        teacher=values.get("teacher", ""),
        concentrator=values.get("concentrator"),
    )


def _parted(name: str) -> tuple[str, str]:
    """“Vale, Luz Ana” or “Luz Ana Vale” as given and family name."""
    family, comma, given = name.partition(",")
    if not comma:
        given, _space, family = " ".join(name.split()).rpartition(" ")
    return given.strip()[:LONGEST_NAME], family.strip()[:LONGEST_NAME]


def _once(headers: list[str]) -> list[str]:
    """Headers with those that come again left empty: proposals must not stumble over them."""
    seen: set[str] = set()
    once = []
    for header in headers:
        key = "".join(letter for letter in header.casefold() if letter.isalnum())
        once.append("" if key in seen else header)
        seen.add(key)
    return once
