"""Reading OneRoster CSV: what real exports hold, and what is wrong with a line."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from portico.rosters.faults import RosterRefused
from portico.rosters.oneroster import read_oneroster
from portico.rosters.roster import Member, Roster
from tests.portico.rosters.exports import Export, small_school

TODAY = datetime.date(2026, 11, 24)


def read(folder: Path, export: Export, **options: Any) -> Roster:
    return read_oneroster(export.write(folder), today=TODAY, **options)


def faults(folder: Path, export: Export) -> list[str]:
    with pytest.raises(RosterRefused) as caught:
        read(folder, export)
    return [str(fault) for fault in caught.value.faults]


def notes(roster: Roster) -> list[str]:
    return [f"{note.where}: {note.text}" for note in roster.notes]


def members(roster: Roster, org: str = "o-met") -> dict[str, Member]:
    return {member.id: member for member in roster.members[org]}


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_what_real_exports_do(version: str, tmp_path: Path) -> None:
    """A mark at the beginning, `active` in bulk, columns of their own, headers in capitals."""
    export = small_school(version, status="active", bom=True)
    export.rows["users"][1]["metadata.homeLanguage"] = "es"
    export.texts["orgs"] = export.text("orgs").replace("sourcedId", "SourcedID")
    roster = read(tmp_path, export)
    assert notes(roster) == []
    assert roster.complete
    luz = members(roster)["s1"]
    assert (luz.given_name, luz.email, luz.grade) == ("Luz", "luz@met.example.org", 11)
    assert members(roster)["s2"].email == ""
    assert roster.teachers["o-met", "s1"] == {"t1": 0}
    assert [term.name for term in roster.sessions["o-met"]] == ["Fall 2026"]


def test_a_password_is_never_read(tmp_path: Path) -> None:
    roster = read(tmp_path, small_school())
    assert "never-read" not in repr(roster)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_roles(version: str, tmp_path: Path) -> None:
    export = small_school(version)
    export.user("g1", "o-met", role="guardian").user("w1", "o-met", role="wizard")
    export.user("a1", "o-met", role="principal" if version == "1.2" else "administrator")
    roster = read(tmp_path, export)
    assert members(roster).keys() == {"t1", "s1", "s2"}
    assert any("role “wizard” is unknown" in note for note in notes(roster))
    with_office = read(tmp_path, export, office_coordinates=True)
    assert members(with_office)["a1"].roles == {"coordinator"}


def test_one_user_with_two_roles_and_two_schools(tmp_path: Path) -> None:
    export = small_school("1.2").org("o-aca", "Bronx Academy")
    export.role("t1", "o-met", "principal").role("t1", "o-aca", "teacher")
    roster = read(tmp_path, export, office_coordinates=True)
    assert members(roster)["t1"].roles == {"teacher", "coordinator"}
    assert members(roster, "o-aca")["t1"].roles == {"teacher"}
    assert [org.id for org in roster.orgs_of("t1")] == ["o-met", "o-aca"]


def test_a_role_that_is_over(tmp_path: Path) -> None:
    export = small_school("1.2")
    export.role("s1", "o-met", "teacher", endDate="2026-06-30")
    assert members(read(tmp_path, export))["s1"].roles == {"student"}


def test_names_people_go_by(tmp_path: Path) -> None:
    export = small_school("1.2")
    export.user("s3", "o-met", givenName="Robert", preferredGivenName="Robin", familyName="Vale")
    assert members(read(tmp_path, export))["s3"].full_name == "Robin Vale"


def test_who_may_not_use_it_is_not_there(tmp_path: Path) -> None:
    export = small_school().user("s3", "o-met", enabledUser="false")
    assert "s3" not in members(read(tmp_path, export))


@pytest.mark.parametrize(
    ("text", "grade"), [("09", 9), ("9", 9), ("KG", 0), ("10,11", 10), ("UG", None), ("", None)]
)
def test_grades(tmp_path: Path, text: str, grade: int | None) -> None:
    export = small_school().user("s3", "o-met", grades=text)
    assert members(read(tmp_path, export))["s3"].grade == grade


def test_no_address_is_left_out(tmp_path: Path) -> None:
    export = small_school().user("s3", "o-met", email="not an address")
    roster = read(tmp_path, export)
    assert members(roster)["s3"].email == ""
    assert notes(roster) == ["users.csv 5: is no e-mail address; left out"]


def test_offices_and_departments_are_no_schools(tmp_path: Path) -> None:
    export = small_school().org("o-d", "The District", type="district")
    export.user("x1", "o-d", role="teacher")
    roster = read(tmp_path, export)
    assert roster.orgs.keys() == roster.members.keys() == {"o-met"}


def test_a_homeroom_goes_before_a_class_and_the_first_before_the_second(tmp_path: Path) -> None:
    export = small_school()
    for teacher in ("t2", "t3", "t4"):
        export.user(teacher, "o-met", role="teacher")
    export.group("bio", "o-met", "Biology").enroll("bio", "s1").enroll("bio", "t2", "teacher")
    export.enroll("adv", "t3", "teacher", primary="false")
    export.group("old", "o-met", "Advisory", termSourcedIds="past").enroll("old", "s1")
    export.enroll("old", "t4", "teacher")
    export.term("past", "Spring 2026", "2026-02-01", "2026-06-26")
    ranks = read(tmp_path, export).teachers["o-met", "s1"]
    assert ranks == {"t1": 0, "t3": 1, "t2": 2}


def test_terms(tmp_path: Path) -> None:
    export = Export().org("o").user("s", "o")
    export.term("y", "2026-2027", "2026-09-01", "2027-06-30", type="schoolYear")
    export.term("s1", "Semester 1", "2026-09-01", "2027-01-31")
    export.term("s2", "Semester 2", "2027-02-01", "2027-06-30")
    export.term("q1", "Quarter 1", "2026-09-01", "2026-11-30", type="term", parentSourcedId="s1")
    export.term("old", "Semester 2", "2026-02-01", "2026-06-30")
    sessions = read(tmp_path, export).sessions["o"]
    assert [session.name for session in sessions] == ["Semester 1 2026", "Semester 2 2027"]


def test_two_terms_of_one_name_stay_two(tmp_path: Path) -> None:
    export = Export().org("o").user("s", "o")
    export.term("a", "Fall 2026", "2026-09-01", "2027-01-31")
    export.term("b", "Fall 2026", "2026-10-01", "2027-01-31")
    names = [session.name for session in read(tmp_path, export).sessions["o"]]
    assert names == ["Fall 2026", "Fall 2026 (2026-10-01)"]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_references_must_lead_somewhere(version: str, tmp_path: Path) -> None:
    export = small_school(version).user("s3", "o-nowhere")
    export.group("c9", "o-met", termSourcedIds="fall,winter", courseSourcedId="k1")
    export.add("courses", "k2", title="Biology")
    export.enroll("c8", "s1").enroll("c9", "s9")
    file = "users.csv" if version == "1.1" else "roles.csv"
    column = "orgSourcedIds" if version == "1.1" else "orgSourcedId"
    assert faults(tmp_path, export) == [
        f"{file}, line 5: {column} o-nowhere is not in orgs.csv",
        "classes.csv, line 3: courseSourcedId k1 is not in courses.csv",
        "classes.csv, line 3: termSourcedIds winter is not in academicSessions.csv",
        "enrollments.csv, line 5: classSourcedId c8 is not in classes.csv",
        "enrollments.csv, line 6: userSourcedId s9 is not in users.csv",
    ]


def test_a_class_without_courses_in_the_zip_is_fine(tmp_path: Path) -> None:
    export = small_school().group("c9", "o-met", courseSourcedId="k1")
    assert read(tmp_path, export).orgs.keys() == {"o-met"}


@pytest.mark.parametrize("file", ["orgs", "users", "classes", "enrollments", "academicSessions"])
def test_an_id_comes_once(file: str, tmp_path: Path) -> None:
    export = small_school()
    twice = export.rows[file][0]
    export.rows[file].append(dict(twice))
    line = len(export.rows[file]) + 1
    said = f"{file}.csv, line {line}: sourcedId {twice['sourcedId']} is on line 2 already"
    assert faults(tmp_path, export) == [said]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("orgs", "sourcedId,name\no,The Met\n", "orgs.csv, line 1: has no column type"),
        ("orgs", "", "orgs.csv, line 1: has no column sourcedId, name, type"),
        (
            "orgs",
            'sourcedId,name,type\no,"The\nMet",school\n,x,school\n',
            "orgs.csv, line 4: sourcedId is empty or too long",
        ),
        (
            "orgs",
            "sourcedId,name,type\no,The Met,school,1\n",
            "orgs.csv, line 2: has 4 cells, the header has 3",
        ),
        (
            "orgs",
            'sourcedId,name,type\no,"The" Met,school\n',
            "orgs.csv, line 2: is not well-formed CSV (',' expected after '\"')",
        ),
        (
            "orgs",
            "sourcedId,status,name,type\no,perhaps,The Met,school\n",
            "orgs.csv, line 2: status: “perhaps”",
        ),
        (
            "academicSessions",
            "sourcedId,title,type,startDate,endDate\na,Fall,term,9/8/2026,2027-01-29\n",
            "academicSessions.csv, line 2: startDate: “9/8/2026” is not a day like 2027-02-01",
        ),
        (
            "academicSessions",
            "sourcedId,title,type,startDate,endDate\na,Fall,term,2026-09-08,2026-01-29\n",
            "academicSessions.csv, line 2: ends before it begins",
        ),
        (
            "users",
            "sourcedId,orgSourcedIds,role,givenName,familyName\nu,o-met,student,,\n",
            "users.csv, line 2: has no name",
        ),
        ("manifest", "propertyName,value\noneroster.version,2.0\n", "OneRoster 2.0 is not read"),
        (
            "manifest",
            "propertyName,value\noneroster.version,1.1\nfile.users,bulk\nfile.orgs,most\n",
            "manifest.csv, line 4: file.orgs is neither bulk nor delta",
        ),
        (
            "manifest",
            "propertyName,value\noneroster.version,1.1\nfile.users,bulk\nfile.roles,bulk\n",
            "roles.csv is not in the zip",
        ),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(
    file: str, text: str, said: str, tmp_path: Path
) -> None:
    export = small_school()
    export.texts[file] = text
    assert said in "\n".join(faults(tmp_path, export))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    export = small_school()
    path = export.write(tmp_path)
    text = export.text("orgs").replace("The Met", "Cañón").encode("cp1252")
    import zipfile

    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in (parts | {"orgs.csv": text}).items():
            packed.writestr(name, content)
    with pytest.raises(RosterRefused) as caught:
        read_oneroster(path, today=TODAY)
    assert str(caught.value.faults[0]) == "orgs.csv, line 2: the byte 0xf1 is not UTF-8"


def test_a_hundred_faults_are_enough(tmp_path: Path) -> None:
    export = small_school()
    for number in range(200):
        export.user(f"x{number}", "o-nowhere")
    assert len(faults(tmp_path, export)) == 100


def test_without_a_manifest_every_file_is_bulk(tmp_path: Path) -> None:
    export = small_school()
    export.texts["manifest"] = ""
    roster = read(tmp_path, export)
    assert roster.complete
    assert "is missing; every file is taken as bulk" in notes(roster)[0]


def test_a_file_the_manifest_calls_absent_is_not_read(tmp_path: Path) -> None:
    export = small_school()
    export.texts["manifest"] = export.manifest().replace("enrollments,bulk", "enrollments,absent")
    roster = read(tmp_path, export)
    assert roster.teachers == {}
    assert "calls enrollments.csv absent" in notes(roster)[0]


def test_tobedeleted_in_a_bulk_file_is_as_good_as_missing(tmp_path: Path) -> None:
    export = small_school().user("s3", "o-met", status="tobedeleted")
    assert "s3" not in members(read(tmp_path, export))


def test_a_delta_needs_a_status(tmp_path: Path) -> None:
    export = Export(mode="delta").user("s1", "o-met")
    assert faults(tmp_path, export) == ["users.csv, line 2: status is empty, a delta needs one"]


def test_a_delta_may_refer_to_what_it_does_not_hold(tmp_path: Path) -> None:
    export = Export(mode="delta", status="active").user("s1", "o-met")
    roster = read(tmp_path, export)
    assert not roster.complete
    assert members(roster)["s1"].roles == {"student"}
