"""Schools from a file: a row a school, made new or brought up to date.

A school is known by its state's or district's id, else by its code. A code, once given,
stays: it is the school's address. An empty cell leaves what is there.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from portico.audit.actions import record
from portico.importing import values
from portico.importing.columns import Column, Layout
from portico.importing.plan import CHANGED, NEW, SAME, Change, Plan, Remark, differences, in_short
from portico.importing.reading import Table
from sharing.schools import FirstPerson, Progress, add_school, say_nothing
from tenants.context import OWNER, public_context, tenant_context
from tenants.models import School
from tenants.provisioning.provision import SchoolFacts
from tenants.queries import schools_of

COLUMNS = (
    Column("name", required=True, aliases=("school name", "school", "official name")),
    Column("code", aliases=("school code", "subdomain")),
    Column("external_id", aliases=("dbn", "external id", "school id", "state id", "ncessch")),
    Column("short_name", aliases=("abbreviation",)),
    Column("color", str.lower, aliases=("colour",)),
    Column("address", aliases=("street", "street address", "address line 1")),
    Column("city", aliases=("town", "borough")),
    Column("zip_code", aliases=("zip", "postcode", "postal code")),
    Column("latitude", values.number, aliases=("lat",)),
    Column("longitude", values.number, aliases=("lon", "lng", "long")),
    Column("grade_min", values.whole_number, aliases=("lowest grade", "grade span min")),
    Column("grade_max", values.whole_number, aliases=("highest grade", "grade span max")),
    Column("student_count", values.whole_number, aliases=("total students", "enrollment")),
    Column("coordinator_email", aliases=("coordinator e-mail",)),
    Column("coordinator_given_name", aliases=("coordinator first name",)),
    Column("coordinator_family_name", aliases=("coordinator last name",)),
)
NOT_FACTS = ("name", "code")
COORDINATOR = ("coordinator_email", "coordinator_given_name", "coordinator_family_name")


@dataclass(frozen=True)
class SchoolRow:
    line: int
    code: str
    name: str
    facts: dict[str, Any]
    coordinator: dict[str, str]


def plan_schools(table: Table, layout: Layout, *, region: str) -> Plan:
    """Read and judge every row of *table*; nothing is changed."""
    plan = Plan()
    by_code, by_id = _known(region)
    lines: dict[str, int] = {}
    for row in table.rows():
        found, problems = layout.read(row)
        school, code = _find(found, by_code, by_id)
        if school and school.code != code:
            problems.append(
                _("code: the school with this id is “%(code)s”; a code stays")
                % {"code": school.code}
            )
        elif (
            school
            and school.external_id
            and found.get("external_id", school.external_id) != school.external_id
        ):
            problems.append(
                _("code: “%(code)s” is the school with id %(id)s")
                % {"code": code, "id": school.external_id}
            )
        if code in lines:
            problems.append(
                _("code: line %(line)d has “%(code)s” already")
                % {"line": lines[code], "code": code}
            )
        problems += _judge(found, code=code, region=region)
        if problems:
            for problem in problems:
                plan.refuse(row.line, problem)
            continue
        lines[code] = row.line
        wanted = SchoolRow(
            line=row.line,
            code=code,
            name=found["name"],
            facts={k: v for k, v in found.items() if k not in (*NOT_FACTS, *COORDINATOR)},
            coordinator={k: v for k, v in found.items() if k in COORDINATOR},
        )
        plan.count(_change(wanted, school))
        plan.keep(wanted)
    return plan


def schools_named(table: Table, layout: Layout, *, region: str) -> list[School]:
    """The schools of *region* that the rows of *table* are, in its order; unknown ones left out."""
    by_code, by_id = _known(region)
    found = {}
    for row in table.rows():
        values, _problems = layout.read(row)
        school, code = _find(values, by_code, by_id)
        if school and school.code == code:
            found[code] = school
    return list(found.values())


def apply_schools(
    plan: Plan, *, region: str, inviter: str, progress: Progress = say_nothing
) -> list[Remark]:
    """Make and change what *plan* says, a transaction a school, on the owner's connection.

    What is done stays done: planned again from the same file, it goes on where it ended.
    Gives the lines that could not be done after all, and why; the others are.
    """
    total, failed = sum(plan.counts.values()), []
    there, _by_id = _known(region)
    for done, row in enumerate(plan.rows(), start=1):
        progress(
            _("%(done)d of %(total)d: %(name)s") % {"done": done, "total": total, "name": row.name}
        )
        try:
            _apply(row, there.get(row.code), region=region, inviter=inviter)
        except ValidationError as error:  # somebody took the code since the rows were judged
            failed.append(Remark(row.line, " ".join(error.messages)))
    return failed


def _apply(row: SchoolRow, school: School | None, *, region: str, inviter: str) -> None:
    if school is None:
        add_school(
            region=region,
            code=row.code,
            name=row.name,
            facts=SchoolFacts(**row.facts),
            coordinator=_first_coordinator(row),
            inviter=inviter,
        )
    elif changes := _changes(row, school):
        with public_context(using=OWNER):
            _save(school, changes, region=region)


def _save(school: School, changes: dict[str, tuple[Any, Any]], *, region: str) -> None:
    for name, (_old, new) in changes.items():
        setattr(school, name, new)
    School.objects.filter(pk=school.pk).update(
        **{name: new for name, (_old, new) in changes.items()}
    )
    with tenant_context(region, using=OWNER):
        record(
            action="school_changed",
            subject=school,
            actor=None,
            label="portico import",
            before={name: old for name, (old, _new) in changes.items()},
            after={name: new for name, (_old, new) in changes.items()},
        )


def _known(region: str) -> tuple[dict[str, School], dict[str, School]]:
    """The schools of *region* by code and by id."""
    there = schools_of(region=region)
    return (
        {school.code: school for school in there},
        {school.external_id: school for school in there if school.external_id},
    )


def _find(
    found: dict[str, Any], by_code: dict[str, School], by_id: dict[str, School]
) -> tuple[School | None, str]:
    """The school a row is, if there is one, and the code the row gives it."""
    school = by_id.get(found["external_id"]) if found.get("external_id") else None
    code = found.get("code") or (school.code if school else _code_of(found))
    return school or by_code.get(code), code


def _judge(found: dict[str, Any], *, code: str, region: str) -> list[str]:
    """What is wrong with the values of one row, field by field."""
    facts = {name: value for name, value in found.items() if name not in COORDINATOR}
    facts["code"] = code
    problems = []
    try:
        School(kind="school", **facts).clean_fields(
            exclude=["kind", "region", "schema_name", *([] if "name" in found else ["name"])]
        )
    except ValidationError as error:
        problems += [f"{name}: {' '.join(said)}" for name, said in error.message_dict.items()]
    grades = [facts[name] for name in ("grade_min", "grade_max") if name in facts]
    if grades != sorted(grades):
        problems.append(_("grade_max: is lower than grade_min"))
    given = [name for name in COORDINATOR if found.get(name)]
    if given and len(given) < len(COORDINATOR):
        missing = ", ".join(name for name in COORDINATOR if name not in given)
        problems.append(_("coordinator: %(missing)s is missing too") % {"missing": missing})
    if "coordinator_email" in found:
        try:
            validate_email(found["coordinator_email"])
        except ValidationError as error:
            problems.append(f"coordinator_email: {' '.join(error.messages)}")
    return problems


def _change(row: SchoolRow, school: School | None) -> Change:
    if school is None:
        return Change(row.line, NEW, f"{row.code}  {row.name}")
    changes = _changes(row, school)
    kind = CHANGED if changes else SAME
    return Change(row.line, kind, f"{row.code}  {row.name}", in_short(changes))


def _changes(row: SchoolRow, school: School) -> dict[str, tuple[Any, Any]]:
    return differences(school, {"name": row.name, **row.facts})


def _first_coordinator(row: SchoolRow) -> FirstPerson | None:
    if not row.coordinator:
        return None
    return FirstPerson(
        given_name=row.coordinator["coordinator_given_name"],
        family_name=row.coordinator["coordinator_family_name"],
        email=row.coordinator["coordinator_email"],
    )


def _code_of(found: dict[str, Any]) -> str:
    """A code of the id, else of the name."""
    return code_from(found.get("external_id") or found.get("name") or "")


def code_from(text: str) -> str:
    """A code of *text*: letters, digits and hyphens, 28 at most; "" when it has none of them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain)
    return words.strip("-")[:28].strip("-")
