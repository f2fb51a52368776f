"""A school's own list: what is proposed, what is read, what is refused with its line."""

from pathlib import Path
from typing import Any

import pytest

from portico.accounts.models import Person
from portico.rosters.actions import apply_roster
from portico.rosters.difference import find_difference
from portico.rosters.faults import RosterRefused
from portico.rosters.roster import Member, Org, Roster
from portico.rosters.sheets import Choices, headers_of, proposed_columns, read_sheet
from tests.world import School

ORG = Org("", "The Met High School")
OURS = {"given_name": "First", "family_name": "Last", "email": "Mail", "grade": "Gr"}


def read(folder: Path, text: str, columns: dict[str, str] | None = None, **options: Any) -> Roster:
    path = folder / "people.csv"
    path.write_text(text)
    choices = Choices(columns=OURS if columns is None else columns, **{"role": "student"} | options)
    return read_sheet(path, name="people.csv", org=ORG, choices=choices)


def faults(folder: Path, text: str, columns: dict[str, str] | None = None, **o: Any) -> list[str]:
    with pytest.raises(RosterRefused) as caught:
        read(folder, text, columns, **o)
    return [str(fault) for fault in caught.value.faults]


def members(roster: Roster) -> list[Member]:
    return roster.members[ORG.id]


def test_columns_are_proposed_by_name(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("First Name,Apellidos,Student ID,Grade Level,Mascot,Email,E-Mail\n")
    assert proposed_columns(headers_of(path, name="people.csv")) == {
        "given_name": "First Name",
        "family_name": "Apellidos",
        "id": "Student ID",
        "grade": "Grade Level",
        "email": "Email",
    }


@pytest.mark.parametrize(
    ("text", "grade"), [("11", 11), ("9th", 9), ("Grade 10", 10), ("012", 12), ("", None)]
)
def test_grades(tmp_path: Path, text: str, grade: int | None) -> None:
    (one,) = members(read(tmp_path, f"First,Last,Mail,Gr\nLuz,Vale,luz@example.org,{text}\n"))
    assert one.grade == grade


@pytest.mark.parametrize(("text", "mark"), [("Yes", True), ("0", False), ("sí", True), ("", None)])
def test_concentrators(tmp_path: Path, text: str, mark: bool | None) -> None:
    columns = OURS | {"concentrator": "CTE"}
    text = f"First,Last,Mail,Gr,CTE\nLuz,Vale,luz@example.org,12,{text}\n"
    (one,) = members(read(tmp_path, text, columns))
    assert one.concentrator is mark


def test_a_mark_that_is_no_mark_is_said(tmp_path: Path) -> None:
    columns = OURS | {"concentrator": "CTE"}
    (fault,) = faults(tmp_path, "First,Last,Mail,Gr,CTE\nLuz,Vale,luz@example.org,12,x\n", columns)
    assert "neither yes nor no" in fault


@pytest.mark.parametrize("name", ["Vale, Luz Ana", "Luz Ana Vale"])
def test_a_full_name_is_parted(tmp_path: Path, name: str) -> None:
    columns = {"name": "Who", "email": "Mail"}
    (one,) = members(read(tmp_path, f'Who,Mail\n"{name}",luz@example.org\n', columns))
    assert (one.given_name, one.family_name) == ("Luz Ana", "Vale")


def test_a_column_nobody_chose_is_not_used(tmp_path: Path) -> None:
    columns = {"name": "Name", "email": "Mail"}
    (one,) = members(read(tmp_path, "Name,Mail,Role\nLuz Vale,l@example.org,boss\n", columns))
    assert one.roles == {"student"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("Luz,Vale,luz,11", "line 2: email: “luz” is no e-mail address"),
        ("Luz,Vale,luz@example.org,senior", "line 2: grade: “senior” is not a grade like 11"),
        ("Luz,Vale,,11", "line 2: has neither id nor e-mail: nothing to know them by"),
        (",,luz@example.org,11", "line 2: has no name"),
        ("L,V,l@x.org,9\nL,W,L@x.org,9", "line 3: l@x.org is on line 2 already"),
        ("Luz,Vale,=A1,11", "line 2: Mail: a formula (=A1), put its value there"),
        ("", "people.csv: has no lines below its header"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, rows: str, said: str) -> None:
    assert any(said in fault for fault in faults(tmp_path, f"First,Last,Mail,Gr\n{rows}\n"))


@pytest.mark.parametrize(
    ("columns", "role", "said"),
    [
        ({"name": "First"}, "student", "which column holds an id or an e-mail"),
        ({"email": "Mail"}, "student", "which column holds the name"),
        ({"name": "First", "email": "Mail"}, "", "students or teachers"),
        ({"name": "First", "email": "Mail"}, "coordinator", "students or teachers"),
        ({"name": "Nobody", "email": "Mail"}, "student", "no column “Nobody”"),
    ],
)
def test_choices_that_do_not_do(
    columns: dict[str, str], role: str, said: str, tmp_path: Path
) -> None:
    text = "First,Mail\nLuz Vale,luz@example.org\n"
    assert any(said in fault for fault in faults(tmp_path, text, columns, role=role))


def bring_in(roster: Roster) -> None:
    apply_roster(roster=roster, org=ORG, school="bronx__met", label="test", allow=True)


@pytest.mark.django_db
def test_a_list_of_students_misses_no_teacher(tmp_path: Path, met: School) -> None:
    teacher, alice = met.person("teacher"), met.coordinator()
    met.student(email="old@met.example.org")
    roster = read(tmp_path, "First,Last,Mail,Gr\nLuz,Vale,luz@x.org,11\n", complete=True)
    with met:
        bring_in(roster)
        active = set(Person.objects.filter(is_active=True).values_list("email", flat=True))
        assert active == {teacher.email, alice.email, "luz@x.org"}
        assert find_difference(roster, ORG).is_empty


@pytest.mark.django_db
def test_a_list_that_is_not_complete_misses_nobody(tmp_path: Path, met: School) -> None:
    met.student()
    with met:
        bring_in(read(tmp_path, "First,Last,Mail,Gr\nLuz,Vale,luz@x.org,11\n"))
        assert Person.objects.filter(is_active=True).count() == 2


@pytest.mark.django_db
def test_a_teacher_is_named_by_mail_id_or_name(tmp_path: Path, met: School) -> None:
    met.person("teacher", given_name="Ana", family_name="Ruiz", email="ana@x.org", source_id="T7")
    text = "Name,Mail,T\n" + "".join(
        f"Luz {at},l{at}@x.org,{teacher}\n"
        for at, teacher in enumerate(["ANA@x.org", "t7", "ana ruiz", "Nobody"])
    )
    roster = read(tmp_path, text, {"name": "Name", "email": "Mail", "teacher": "T"})
    with met:
        difference = find_difference(roster, ORG)
        bring_in(roster)
        assert Person.objects.filter(teacher__given_name="Ana").count() == 3
    (remark,) = difference.remarks
    assert remark.in_words(names=True) == "Luz 3: is with Nobody, who is no teacher here"
