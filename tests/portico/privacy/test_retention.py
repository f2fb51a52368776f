"""What is old goes, kind by kind; what counts stays, and so does history."""

import datetime

import pytest

from portico.attendance.models import Attendance, Tap
from portico.audit.models import Entry
from portico.audit.sealing import seal_history, verify_history
from portico.internships.models import Placement
from portico.privacy.retention import KINDS, let_go, what_is_due
from portico.privacy.tasks import apply_retention
from tenants.ids import new_id
from tests.portico.attendance.days import active, clock_at, worked

pytestmark = pytest.mark.django_db
LATER = datetime.date(2031, 6, 1)


@pytest.fixture
def day(met):
    return worked(met, active(met), reflection="Long day", worry="Nobody talks to me", pulse=2)


def counts(dues):
    return {due.kind.key: due.count for due in dues if due.count}


def test_nothing_goes_before_its_time(met, day):
    with met, clock_at("20:00"):
        assert counts(what_is_due()) == {}
        assert let_go(actor=None) == []
        assert not Entry.objects.filter(action="retention_applied").exists()


def test_the_preview_is_what_goes_and_twice_is_once(met, day):
    with met, clock_at("12:00", LATER):
        seal_history(subject_id=new_id())
        preview = counts(what_is_due())
        assert {"location", "words", "taps", "notices"} <= set(preview)
        assert counts(let_go(actor=None)) == preview
        assert let_go(actor=None) == []
        kept = Attendance.objects.get(id=day.id)
        assert (kept.reflection, kept.worry, kept.pulse, kept.where_in) == ("", "", None, "")
        assert (kept.check_in_at, kept.check_out_at) == (day.check_in_at, day.check_out_at)
        assert not Tap.objects.exists()
        assert Entry.objects.get(action="retention_applied").after == preview
        assert verify_history().faults == []


def test_who_left_long_ago_becomes_a_number_and_who_is_here_does_not(met, day):
    with met:
        gone = Placement.objects.get(id=day.placement_id).student
        here = met.student()
        with clock_at("12:00", datetime.date(2027, 6, 30)):
            Placement.objects.filter(id=day.placement_id).update(state="completed")
        gone.is_active = False
        gone.save()
        with clock_at("12:00", datetime.date(2036, 6, 1)):
            let_go(actor=None)
        gone.refresh_from_db()
        here.refresh_from_db()
        assert (gone.full_name, gone.email) == ("Former student", "")
        assert here.given_name != "Former"
        assert Attendance.objects.filter(id=day.id).exists()
        with clock_at("12:00", datetime.date(2036, 6, 2)):
            assert "students" not in counts(what_is_due())


def test_a_kind_without_a_number_is_kept(met, day, settings):
    settings.RETENTION_DAYS = {kind.key: 0 for kind in KINDS}
    with met, clock_at("12:00", LATER):
        assert what_is_due() == []
        assert let_go(actor=None) == []


def test_every_kind_has_its_days(settings):
    assert set(settings.RETENTION_DAYS) == {kind.key for kind in KINDS}


def test_the_page_shows_tonight(met, day):
    with clock_at("12:00", LATER):
        page = met.client(met.coordinator()).get("/privacy/retention/").content.decode()
        assert "What a student wrote about a day" in page
        assert met.client(met.person("teacher")).get("/privacy/retention/").status_code == 403
    with met:
        assert Attendance.objects.get(id=day.id).reflection == "Long day"


def test_the_nights_task_goes_through_all_schools(met, day, academy):
    with clock_at("12:00", LATER):
        apply_retention()
    with met:
        assert Attendance.objects.get(id=day.id).reflection == ""
    with academy:
        assert not Entry.objects.filter(action="retention_applied").exists()
