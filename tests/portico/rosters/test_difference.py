"""What a roster changes at a school, and what it leaves alone."""

import datetime
from pathlib import Path

import pytest

from catalog.models import Term
from portico.accounts.models import Person
from portico.audit.models import Entry
from portico.documents.queries import marked_concentrators
from portico.rosters.actions import apply_roster
from portico.rosters.difference import Difference, find_difference
from portico.rosters.oneroster import read_oneroster
from portico.rosters.roster import Roster
from portico.rosters.showing import shown_changes
from tenants.errors import Refused
from tests.portico.rosters.exports import Export, small_school
from tests.world import School

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 24)


@pytest.fixture
def roster(tmp_path: Path):
    def read(export: Export) -> Roster:
        return read_oneroster(export.write(tmp_path), today=TODAY)

    return read


@pytest.fixture
def bring_in(roster, met: School):
    """Apply an export to the Met; what was changed."""

    def apply(export: Export, **options) -> Difference:
        read = roster(export)
        org = read.orgs["o-met"]
        return apply_roster(
            roster=read, org=org, school=met.schema, label="test", **{"allow": True} | options
        )

    return apply


def shown(difference: Difference) -> list[tuple[str, str, str]]:
    return [(line.kind, line.name, line.details) for line in shown_changes(difference)]


def test_concentrators_are_a_field_like_others(bring_in, met: School) -> None:
    """Perkins V, 5S3: said, it is followed and shown; not said, what is marked stays marked."""
    export = small_school()
    export.rows["users"][1]["metadata.cteConcentrator"] = "true"  # Luz
    export.rows["users"][2]["metadata.cteConcentrator"] = "no"  # Kofi
    assert "CTE concentrator yes" in dict(shown_by_name(bring_in(export)))["Luz S1"]
    with met:
        assert marked_names() == ["Luz"]
    assert bring_in(export).is_empty
    export.rows["users"][1]["metadata.cteConcentrator"] = "0"
    export.rows["users"][2]["metadata.cteConcentrator"] = "1"
    assert shown(bring_in(export)) == [
        ("changed", "Kofi S2", "CTE concentrator no → yes"),
        ("changed", "Luz S1", "CTE concentrator yes → no"),
    ]
    assert bring_in(small_school()).is_empty
    with met:
        assert marked_names() == ["Kofi"]


def test_a_mark_that_is_neither_is_left_out(bring_in, roster, met: School) -> None:
    export = small_school()
    export.rows["users"][1]["metadata.cteConcentrator"] = "perhaps"
    assert "neither yes nor no" in str(roster(export).notes[-1])
    bring_in(export)
    with met:
        assert marked_names() == []


def shown_by_name(difference: Difference) -> list[tuple[str, str]]:
    return [(name, details) for _kind, name, details in shown(difference)]


def marked_names() -> list[str]:
    return [Person.objects.get(id=one).given_name for one in marked_concentrators()]


def test_new_changed_gone_and_back(bring_in, met: School) -> None:
    assert shown(bring_in(small_school())) == [
        ("new", "Dana T1", "roles teacher, e-mail dana@met.example.org"),
        ("new", "Kofi S2", "roles student, grade 9, teacher Dana T1"),
        ("new", "Luz S1", "roles student, grade 11, e-mail luz@met.example.org, teacher Dana T1"),
    ]
    later = small_school()
    later.rows["users"][1] |= {"grades": "12", "email": ""}  # Luz; her address is not said now
    del later.rows["users"][2]  # Kofi
    later.rows["enrollments"].pop()
    assert shown(bring_in(later)) == [
        ("changed", "Luz S1", "grade 11 → 12"),
        ("gone", "Kofi S2", ""),
    ]
    with met:
        assert Person.objects.get(source_id="s1").email == "luz@met.example.org"
        assert not Person.objects.get(source_id="s2").is_active
        assert Entry.objects.filter(action="person_deactivated").count() == 1
    assert shown(bring_in(small_school())) == [
        ("changed", "Luz S1", "grade 12 → 11"),
        ("back", "Kofi S2", ""),
    ]


def test_the_first_time_people_are_known_by_their_address(bring_in, met: School) -> None:
    there = met.student(email="Luz@met.example.org", given_name="Luz", family_name="Old")
    bring_in(small_school())
    with met:
        luz = Person.objects.get(source_id="s1")
        assert (luz.id, luz.family_name) == (there.id, "S1")


def test_new_ids_for_everybody_make_nobody_new(bring_in, met: School) -> None:
    bring_in(small_school())
    export = Export().org("o-met")
    export.user("77", "o-met", givenName="Luz", familyName="S1", email="luz@met.example.org")
    difference = bring_in(export)
    with met:
        assert Person.objects.get(source_id="77").given_name == "Luz"
        assert Person.objects.count() == 3
    assert difference.counts["new"] == 0


def test_an_address_given_to_somebody_else_is_no_way_into_an_account(bring_in, met: School) -> None:
    bring_in(small_school())
    export = Export().org("o-met")
    export.user("77", "o-met", givenName="Ana", familyName="Ruiz", email="luz@met.example.org")
    difference = bring_in(export)
    with met:
        assert Person.objects.get(source_id="77").email == ""
        assert Person.objects.get(source_id="s1").email == "luz@met.example.org"
    assert [remark.who for remark in difference.remarks] == ["Ana Ruiz"]


def test_addresses_may_change_hands(bring_in, met: School) -> None:
    export = small_school()
    export.rows["users"][2]["email"] = "kofi@met.example.org"
    bring_in(export)
    export.rows["users"][1]["email"] = "kofi@met.example.org"
    export.rows["users"][2]["email"] = "luz@met.example.org"
    bring_in(export)
    with met:
        emails = dict(Person.objects.values_list("source_id", "email"))
    assert emails["s1"] == "kofi@met.example.org"
    assert emails["s2"] == "luz@met.example.org"


def test_an_address_two_share_goes_to_the_first(bring_in, met: School) -> None:
    export = small_school()
    export.user("s3", "o-met", email="luz@met.example.org")
    difference = bring_in(export)
    with met:
        assert Person.objects.get(source_id="s3").email == ""
    assert len(difference.remarks) == 1


def test_who_was_added_by_hand_is_not_missed(bring_in, met: School) -> None:
    teacher, alice = met.person("teacher"), met.coordinator()
    bring_in(small_school())
    with met:
        assert Person.objects.filter(id__in=[teacher.id, alice.id], is_active=True).count() == 2


def test_a_role_given_by_hand_stays_and_keeps_its_holder(bring_in, met: School) -> None:
    bring_in(small_school())
    with met:
        Person.objects.filter(source_id="t1").update(roles=["teacher", "coordinator"])
    assert bring_in(small_school()).is_empty
    export = Export().org("o-met").user("s1", "o-met", givenName="Luz")
    difference = bring_in(export)
    with met:
        dana = Person.objects.get(source_id="t1")
        assert dana.is_active
        assert dana.roles == ["teacher", "coordinator"]
    assert ("Dana T1") in [remark.who for remark in difference.remarks]


def test_a_student_stays_with_their_teacher_among_equals(bring_in, met: School) -> None:
    export = small_school().user("t0", "o-met", role="teacher")
    export.rows["classes"][0] |= {"classType": "scheduled", "title": "Biology"}
    bring_in(export)
    export.enroll("adv", "t0", "teacher", primary="true")
    assert bring_in(export).is_empty
    export.group("home", "o-met", classType="homeroom").enroll("home", "t0", "teacher")
    export.enroll("home", "s1")
    bring_in(export)
    with met:
        assert Person.objects.get(source_id="s1").teacher.source_id == "t0"
        assert Person.objects.get(source_id="s2").teacher.source_id == "t1"


def test_nobody_is_with_a_teacher_who_has_gone(bring_in, met: School) -> None:
    bring_in(small_school())
    export = small_school()
    del export.rows["users"][0], export.rows["enrollments"][0]
    bring_in(export)
    with met:
        assert Person.objects.get(source_id="s1").teacher is None


def test_a_placement_outlives_its_students_account(bring_in, met: School) -> None:
    bring_in(small_school())
    with met:
        luz = Person.objects.get(source_id="s1")
    placement = met.placement(met.opportunity().id, student=luz, state="pursuing")
    export = small_school()
    del export.rows["users"][1], export.rows["enrollments"][1]
    bring_in(export)
    with met:
        placement.refresh_from_db()
        assert placement.state == "pursuing"
        assert not placement.student.is_active


def test_a_tenth_may_go_and_no_more(bring_in, met: School) -> None:
    export = Export().org("o-met")
    for number in range(20):
        export.user(f"s{number}", "o-met")
    bring_in(export)
    del export.rows["users"][18:]
    bring_in(export, allow=False)
    del export.rows["users"][16:]
    with pytest.raises(Refused) as refused:
        bring_in(export, allow=False)
    assert refused.value.code == "too_many_gone"
    assert "2 of 18 people would be deactivated" in str(refused.value.message)
    with met:
        assert Person.objects.filter(is_active=True).count() == 18
    bring_in(export)
    with met:
        assert Person.objects.filter(is_active=True).count() == 16


def test_terms_are_found_by_name_or_by_days(bring_in, met: School) -> None:
    with met:
        Term.objects.create(name="Fall 2026", starts_on="2026-07-01", ends_on="2026-12-31")
    bring_in(small_school())
    with met:
        term = Term.objects.get()
        assert term.starts_on == datetime.date(2026, 9, 8)
        Term.objects.update(name="Our fall")
    assert bring_in(small_school()).is_empty
    with met:
        assert Term.objects.get().name == "Our fall"


def test_who_cannot_have_a_new_address_keeps_the_old_one_from_others(bring_in, met: School) -> None:
    """Luz wants Kofi's address, Kofi wants one that somebody of the school keeps."""
    kept = met.person("teacher").email
    export = small_school()
    export.rows["users"][2]["email"] = "kofi@met.example.org"
    bring_in(export)
    export.rows["users"][1]["email"] = "kofi@met.example.org"
    export.rows["users"][2]["email"] = kept
    # The teacher is in the roster too, so that the address is theirs and stays.
    export.user("t9", "o-met", role="teacher", givenName="Eve", email=kept)
    difference = bring_in(export)
    with met:
        emails = dict(Person.objects.values_list("source_id", "email"))
    assert emails["s1"] == "luz@met.example.org"
    assert emails["s2"] == "kofi@met.example.org"
    assert emails["t9"] == kept
    assert len(difference.remarks) == 2
    assert bring_in(export).is_empty


def test_a_term_that_gets_other_days_leaves_its_own_to_another(bring_in, met: School) -> None:
    with met:
        Term.objects.create(name="Fall 2026", starts_on="2027-02-01", ends_on="2027-06-30")
    export = small_school().term("spring", "Spring 2027", "2027-02-01", "2027-06-30")
    export.rows["classes"][0]["termSourcedIds"] = "fall,spring"
    bring_in(export)
    with met:
        assert set(Term.objects.values_list("name", flat=True)) == {"Fall 2026", "Spring 2027"}
    assert bring_in(export).is_empty


# --- deltas ------------------------------------------------------------------------------


def delta(version: str = "1.1") -> Export:
    return Export(version=version, mode="delta", status="active").org("o-met")


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_delta_adds_changes_and_sends_away(version: str, bring_in, met: School) -> None:
    bring_in(small_school(version))
    export = delta(version)
    export.user("s3", "o-met", givenName="Ana")
    export.user("s1", "o-met", givenName="Luz", grades="12")
    export.add(
        "users", "s2", status="tobedeleted", enabledUser="true", givenName="", familyName="",
        orgSourcedIds="o-met", role="student",
    )  # fmt: skip
    assert [line[:2] for line in shown(bring_in(export))] == [
        ("new", "Ana S3"),
        ("changed", "Luz S1"),
        ("gone", "Kofi S2"),
    ]
    with met:
        assert Person.objects.get(source_id="t1").is_active
    assert bring_in(export).is_empty


def test_a_delta_of_names_alone(bring_in, met: School) -> None:
    bring_in(small_school("1.2"))
    export = delta("1.2").user("s1", givenName="Lucía")
    del export.rows["orgs"]
    export.org("o-met")
    assert shown(bring_in(export)) == [("changed", "Lucía S1", "given name Luz → Lucía")]


def test_a_delta_of_roles(bring_in, met: School) -> None:
    bring_in(small_school("1.2"))
    export = delta("1.2")
    export.role("s1", "o-met", "teacher").role("s2", "o-met", "student", status="tobedeleted")
    export.role("x", "o-met", "student")
    difference = bring_in(export)
    with met:
        assert Person.objects.get(source_id="s1").roles == ["student", "teacher"]
        assert not Person.objects.get(source_id="s2").is_active
    said = [remark.in_words(names=True) for remark in difference.remarks]
    assert "x: is not known here, and the file does not say who it is" in said


def test_a_delta_of_enrollments(bring_in, met: School) -> None:
    bring_in(small_school().user("t2", "o-met", role="teacher"))
    export = delta().group("adv2", "o-met", "Advisory two")
    export.enroll("adv2", "t2", "teacher").enroll("adv2", "s1")
    assert shown(bring_in(export)) == [("changed", "Luz S1", "teacher Dana T1 → Pat T2")]


def test_a_delta_that_moves_somebody(bring_in, roster, met: School, academy: School) -> None:
    bring_in(small_school())
    export = delta().org("o-aca", "Bronx Academy").user("s1", "o-aca", givenName="Luz")
    read = roster(export)
    with met:
        difference = find_difference(read, read.orgs["o-met"])
    assert shown(difference) == [("moved", "Luz S1", "to Bronx Academy")]
