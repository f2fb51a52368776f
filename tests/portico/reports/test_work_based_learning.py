"""Perkins V, 5S3: who of the graduating grade took part, and of its concentrators."""

import pytest

from portico.attendance.models import Attendance
from portico.audit.models import Entry
from portico.documents.actions import set_concentrators
from portico.documents.models import StudentRecord
from portico.reports.exports import tables_here
from portico.reports.small_groups import MINIMUM
from portico.reports.work_based_learning import graduates_who_took_part
from tenants.errors import Refused
from tests.portico.attendance.days import active, worked
from tests.portico.documents.papers import a_requirement
from tests.portico.documents.test_checklist import asking
from tests.world import School

pytestmark = pytest.mark.django_db


def test_concentrators_are_counted_among_all_and_hidden_where_few(
    met: School, settings: object
) -> None:
    settings.WORK_BASED_LEARNING_HOURS = 1  # type: ignore[attr-defined]
    alice = met.coordinator()
    placement = active(met)
    day = worked(met, placement)
    with met:
        day.mentor_state = Attendance.MentorState.CONFIRMED
        day.save()
        placement.student.grade = 12
        placement.student.save()
    seniors = [placement.student, *(met.student(grade=12) for _ in range(2 * MINIMUM))]
    met.student(grade=11)

    def count(concentrators: int) -> tuple[int | None, int | None, int | None, int | None]:
        with met:
            wanted = {one.id for one in seniors[:concentrators]}
            set_concentrators(actor=alice, students=wanted)
            found = graduates_who_took_part()
        return (
            found.took_part,
            found.students,
            found.concentrators.count,
            found.concentrators.total,
        )

    everyone = 2 * MINIMUM + 1
    assert count(MINIMUM) == (1, everyone, 1, MINIMUM)
    assert count(MINIMUM - 1) == (1, everyone, None, None)  # few
    assert count(MINIMUM + 2) == (1, everyone, None, None)  # the others are few
    assert count(0) == (1, everyone, None, None)


def test_marking_is_the_coordinators_and_history_keeps_how_many(met: School) -> None:
    bob, carol = met.student(), met.student()
    alice = met.coordinator()
    with met:
        StudentRecord.objects.create(student=bob, guardian_name="Ines Number")
        assert set_concentrators(actor=alice, students={bob.id, carol.id, alice.id}) == 2
        assert set_concentrators(actor=alice, students={bob.id, carol.id}) == 0
        assert set_concentrators(actor=alice, students={bob.id}) == 1
        marked = StudentRecord.objects.filter(is_concentrator=True)
        assert [record.guardian_name for record in marked] == ["Ines Number"]
        entries = Entry.objects.filter(action="concentrators_set")
        assert [entry.after["concentrators"] for entry in entries] == [1, 2]
        assert str(bob.id) not in str(list(entries.values()))
        with pytest.raises(Refused):
            set_concentrators(actor=met.person("teacher"), students=set())


def test_the_page_marks_them(met: School) -> None:
    bob = met.student()
    client = met.client(met.coordinator())
    for _twice in range(2):
        answer = client.post("/coordinator/concentrators/", {"students": [str(bob.id)]})
        assert answer.status_code == 302
    page = client.get("/coordinator/concentrators/").content.decode()
    assert "checked" in page
    assert "Too few concentrators" in client.get("/exports/").content.decode()


def test_the_tables_say_who_is_one_and_which_documents_are_there(met: School) -> None:
    a_requirement(met)
    placement = asking(met)
    with met:
        set_concentrators(actor=met.coordinator(), students={placement.student_id})
        tables = tables_here("school")
        students = list(tables["students"].rows())
        documents = list(tables["documents"].rows())
        assert tables["documents"].count() == 1
    assert [str(row[-1]) for row in students] == ["yes"]
    assert [(row[6], str(row[8])) for row in documents] == [("Guardian's consent", "missing")]
