"""Who outside the school saw a student's record: noted once they did, found by the student."""

import datetime
import io
import json
import zipfile

import pytest

from portico.attendance.mentors import make_link
from portico.attendance.models import Attendance
from portico.audit.models import Entry
from portico.privacy.disclosures import disclosures, in_words
from tests.portico.attendance.days import TUESDAY, active, clock_at, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen_by_mentor(met):
    """A day that the mentor has looked at by the link; another student's day nobody has seen."""
    day = worked(met, active(met))
    worked(met, active(met))
    with met, clock_at("15:00"):
        secret = make_link(reach=day.reach, subjects=[day.id], purpose="days")
    with clock_at("15:01"):
        assert met.client().get(f"/mentor/{secret}/").status_code == 200
    with met:
        return Attendance.objects.select_related("placement__student").get(id=day.id)


def test_what_a_mentor_sees_is_noted_for_that_student_alone(met, seen_by_mentor):
    with met:
        (line,) = [one for one in in_words(disclosures()) if one.what.startswith("Name, days")]
        assert line.student == seen_by_mentor.placement.student
        assert line.who in line.what
        assert line.via == "link"
        entry = Entry.objects.get(action="shown_outside")
        assert seen_by_mentor.placement.student.full_name not in json.dumps(entry.after)


def test_a_contact_that_was_revealed_and_an_export_are_in_it(met):
    placement = met.placement(met.opportunity().id, state="pursuing")
    met.client(met.coordinator()).post("/exports/make/", {"table": "placements", "format": "csv"})
    other = met.student()
    with met:
        of_student = [one.what for one in in_words(disclosures(student=placement.student))]
        of_other = [one.what for one in in_words(disclosures(student=other))]
    assert any("contact" in what for what in of_student)
    assert not any("contact" in what for what in of_other)
    assert len([what for what in of_other if "exported" in what]) == len(of_other) == 1


def test_days_narrow_it_and_are_the_schools(met, seen_by_mentor):
    with met, clock_at("12:00"):
        assert disclosures(since=TUESDAY, until=TUESDAY).filter(action="shown_outside").exists()
        later = TUESDAY + datetime.timedelta(days=1)
        assert not disclosures(since=later).filter(action="shown_outside").exists()


class TestPage:
    def test_coordinators_read_it_others_do_not(self, met, academy, seen_by_mentor):
        student = seen_by_mentor.placement.student
        with clock_at("16:00"):
            page = met.client(met.coordinator()).get(f"/privacy/?student={student.id}")
            text = page.content.decode()
            assert student.full_name in text
            assert met.client(met.person("teacher")).get("/privacy/").status_code == 403
            charlie = academy.client(academy.coordinator()).get(f"/privacy/?student={student.id}")
        assert "There is no such student" in charlie.content.decode()
        assert student.full_name not in charlie.content.decode()
        assert met.client().get("/privacy/").status_code == 302

    @pytest.mark.parametrize("asked", ["since=never", "until=2026-13-45", "student=x", "page=x"])
    def test_odd_questions_get_an_answer(self, met, asked):
        assert met.client(met.coordinator()).get(f"/privacy/?{asked}").status_code == 200

    def test_a_students_whole_record_is_taken_out_and_that_is_noted(self, met, seen_by_mentor):
        student = seen_by_mentor.placement.student
        with clock_at("16:00"):
            client = met.client(met.coordinator())
            answer = client.post(f"/privacy/students/{student.id}/record.zip")
            packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        record = json.loads(packed.read("record.json"))
        assert [row["id"] for row in record["attendance_attendance"]] == [str(seen_by_mentor.id)]
        with met:
            assert Entry.objects.filter(
                action="student_exported", subject_id=str(student.id)
            ).exists()

    def test_charlie_takes_nothing_out(self, met, academy, seen_by_mentor):
        path = f"/privacy/students/{seen_by_mentor.placement.student_id}/record.zip"
        assert academy.client(academy.coordinator()).post(path).status_code == 404
        assert met.client(met.person("teacher")).post(path).status_code == 403
