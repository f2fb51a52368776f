"""A school chooses how long it keeps what, between the installation's bounds, and sees it first."""

import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from portico.attendance.models import Attendance
from portico.audit.models import Entry
from portico.privacy.periods import bounds_of, choose_periods, periods
from portico.privacy.retention import KINDS, let_go, what_is_due
from portico.settings.retention import retention_bounds
from tenants.errors import Refused
from tests.portico.attendance.days import active, clock_at, worked

pytestmark = pytest.mark.django_db
MONTHS_LATER = datetime.date(2027, 6, 1)  # after February's day, within two years


@pytest.fixture
def day(met):
    return worked(met, active(met), reflection="Long day", worry="Nobody talks to me", pulse=2)


def counts(dues):
    return {due.kind.key: due.count for due in dues if due.count}


def test_every_kind_has_bounds_that_hold_its_days(settings):
    assert set(settings.RETENTION_BOUNDS) == {kind.key for kind in KINDS}
    for kind, days in settings.RETENTION_DAYS.items():
        bounds = bounds_of(kind)
        assert bounds.fewest <= days <= bounds.most


def test_a_school_that_never_chose_has_the_installations(met, settings):
    settings.RETENTION_DAYS = settings.RETENTION_DAYS | {"words": 0}
    with met:
        assert periods() == {k: d for k, d in settings.RETENTION_DAYS.items() if d}


def test_a_choice_is_what_the_night_does_and_only_there(met, academy, day):
    with met, clock_at("12:00", MONTHS_LATER):
        assert "words" not in counts(what_is_due())
        assert counts(what_is_due(days={"words": 60})) == {"words": 1}
        choose_periods(actor=met.coordinator(), days={"words": 60})
        assert counts(let_go(actor=None))["words"] == 1
        assert Attendance.objects.get(id=day.id).reflection == ""
    with academy:
        assert periods()["words"] == 730


def test_history_has_before_and_after_and_no_change_no_line(met):
    alice = met.coordinator()
    with met:
        choose_periods(actor=alice, days={"words": 60, "taps": 90})
        choose_periods(actor=alice, days={"words": 60})
        entry = Entry.objects.get(action="retention_changed")
        assert (entry.before, entry.after) == ({"words": 730}, {"words": 60})
        assert entry.actor_id == alice.id


def test_back_to_the_usual_is_no_choice(met, settings):
    with met:
        choose_periods(actor=met.coordinator(), days={"words": 60})
        choose_periods(actor=met.coordinator(), days={"words": 730})
        settings.RETENTION_DAYS = settings.RETENTION_DAYS | {"words": 365}
        assert periods()["words"] == 365


@pytest.mark.parametrize("number", [0, 29, 3 * 365 + 1])
def test_beyond_the_bounds(met, number):
    with met, pytest.raises(Refused) as refusal:
        choose_periods(actor=met.coordinator(), days={"words": number})
    assert (refusal.value.code, refusal.value.field) == ("bounds", "words")


def test_bounds_drawn_in_bend_what_was_chosen(met, settings):
    with met:
        choose_periods(actor=met.coordinator(), days={"documents": 2000})
        settings.RETENTION_BOUNDS = settings.RETENTION_BOUNDS | {"documents": (365, 1500)}
        assert periods()["documents"] == 1500


def test_kept_for_ever_unless_the_school_says_otherwise(met, settings):
    settings.RETENTION_DAYS = settings.RETENTION_DAYS | {"words": 0}
    with met:
        assert "words" not in periods()
        choose_periods(actor=met.coordinator(), days={"words": 90})
        assert periods()["words"] == 90


def test_a_teacher_does_not_choose(met):
    with met, pytest.raises(Refused) as refusal:
        choose_periods(actor=met.person("teacher"), days={"words": 60})
    assert refusal.value.code == "forbidden"


def test_bounds_are_read_or_refused():
    assert retention_bounds({"documents": "1095-2555"})["documents"] == (1095, 2555)
    for wrong in ("1095", "9-3", "0-9", "a-b"):
        with pytest.raises(ImproperlyConfigured):
            retention_bounds({"documents": wrong})


class TestPage:
    @pytest.fixture
    def typed(self, met):
        with met:
            return {kind: str(days) for kind, days in periods().items()} | {"words": "60"}

    def test_first_it_is_shown_then_it_counts(self, met, day, typed):
        with clock_at("12:00", MONTHS_LATER):
            browser = met.client(met.coordinator())
            shown = browser.post("/privacy/retention/change/", typed)
            assert [(due.kind.key, due.count) for due in shown.context["due"]] == [("words", 1)]
            with met:
                assert periods()["words"] == 730
            seen = {**typed, "seen": shown.context["seen"]}
            other = browser.post("/privacy/retention/change/", seen | {"words": "61"})
            assert other.status_code == 200, "other days than those looked at are shown first"
            for _click in range(2):
                saved = browser.post("/privacy/retention/change/", seen)
                assert saved.headers["Location"] == "/privacy/retention/"
        with met:
            assert periods()["words"] == 60
            assert Entry.objects.filter(action="retention_changed").count() == 1

    def test_beyond_the_bounds_is_said_at_the_field(self, met, typed):
        browser = met.client(met.coordinator())
        answer = browser.post("/privacy/retention/change/", typed | {"words": "5"})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["words"]
