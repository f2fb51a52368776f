"""A substitute acts for one teacher's advisees, to the second, and history says for whom."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from portico.accounts.models import Person
from portico.audit.queries import history_of
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.queue import advisees_of, get_placement, start_requests
from portico.internships.rules import may_see, seen_by
from portico.notices.models import Notice
from portico.people.substituting import Newcomer, appoint_substitute, end_substitution
from portico.web.history import history_in_words
from tenants.errors import Refused
from tests.portico.people.conftest import Staff
from tests.world import School

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
FRIDAY = date(2027, 3, 12)  # two days before the clocks change


def appoint(school: School, staff: Staff, *, until: date, who: Person | Newcomer | None = None):
    who = who or staff.deputy
    with school, timezone.override(NEW_YORK):  # as in a request to the school
        return appoint_substitute(
            actor=staff.coordinator,
            teacher_id=staff.teacher.id,
            who=who.id if isinstance(who, Person) else who,
            until=until,
            school_name="The Met",
        )


def today(school: School) -> date:
    return timezone.localdate(timezone=NEW_YORK)


def test_it_ends_with_the_last_second_of_the_day_where_the_school_is(met: School, staff: Staff):
    with time_machine.travel(datetime(2027, 3, 10, 9, tzinfo=NEW_YORK), tick=False) as clock:
        newcomer = Newcomer("sub@example.org", "Sue", "Substitute")
        person = appoint(met, staff, until=FRIDAY, who=newcomer)
        offer = met.opportunity()
        placement = met.placement(offer.id, student=staff.student)
        clock.move_to(datetime(2027, 3, 12, 23, 59, 59, tzinfo=NEW_YORK))
        with met:
            assert person.has_role("teacher")
            assert may_see(person, get_placement(placement_id=placement.id))
        assert met.client(person).get("/teacher/").status_code == 200
        clock.move_to(datetime(2027, 3, 13, 0, 0, 0, tzinfo=NEW_YORK))
        with met:
            assert not person.has_role("teacher", "substitute_teacher")
            assert not may_see(person, get_placement(placement_id=placement.id))
            assert not Placement.objects.filter(seen_by(person)).exists()
        assert met.client(person).get("/teacher/").status_code == 403


def test_for_that_teachers_advisees_and_nobody_elses(met: School, staff: Staff):
    sub = appoint(met, staff, until=today(met), who=Newcomer("s@example.org", "Sue", "Sub"))
    offer = met.opportunity(capacity=3)
    own = met.placement(offer.id, student=staff.student)
    others = met.placement(offer.id, student=met.student(teacher=staff.deputy))
    nobodys = met.placement(offer.id, student=met.student())
    with met:
        assert [one.student for one in advisees_of(teacher=sub)] == [staff.student]
        assert set(Placement.objects.filter(seen_by(sub))) == {own}
        seen = [may_see(sub, get_placement(placement_id=one.id)) for one in (own, others, nobodys)]
    assert seen == [True, False, False]


def test_they_are_asked_and_decide_and_history_says_on_whose_behalf(met: School, staff: Staff):
    sub = appoint(met, staff, until=today(met))
    offer = met.opportunity()
    placement = met.placement(offer.id, state="start_requested", student=staff.student)
    with met:
        asked = Notice.objects.filter(kind="start_requested").values_list("person_id", flat=True)
        assert set(asked) == {staff.teacher.id, sub.id}
        assert list(start_requests(decider=sub)) == [placement]
        actions.approve_start(placement_id=placement.id, actor=sub)
        line = next(e for e in history_of(subject=placement) if e.action.endswith("approve_start"))
        assert line.after["on_behalf_of"] == "Tom Teach"
        assert line.actor_id == sub.id
        words = [one.who for one in history_in_words(placement)]
    assert "Dee Deputy, on behalf of Tom Teach," in words


def test_what_they_do_for_their_own_advisees_is_their_own(met: School, staff: Staff):
    sub = appoint(met, staff, until=today(met))
    student = met.student(teacher=staff.deputy)
    placement = met.placement(met.opportunity().id, state="start_requested", student=student)
    with met:
        actions.approve_start(placement_id=placement.id, actor=sub)
        line = next(e for e in history_of(subject=placement) if e.action.endswith("approve_start"))
        assert "on_behalf_of" not in line.after


def test_ended_early_it_ends_at_once_and_a_second_click_is_harmless(met: School, staff: Staff):
    appoint(met, staff, until=today(met))
    for _click in range(2):
        with met:
            person = end_substitution(actor=staff.coordinator, person_id=staff.deputy.id)
            assert not person.is_substitute
            assert person.has_role("teacher")
    with met:
        ended = [e for e in history_of(subject=person) if e.action == "substitute_ended"]
        assert len(ended) == 1


def test_both_hear_of_it_and_the_newcomer_gets_an_invitation(met: School, staff: Staff):
    newcomer = Newcomer("sub@example.org", "Sue", "Substitute")
    for _click in range(2):
        try:
            person = appoint(met, staff, until=today(met), who=newcomer)
        except Exception as again:  # the second time the address is somebody's
            assert "email" in getattr(again, "message_dict", {})  # noqa: PT017
    with met:
        kinds = Notice.objects.filter(person__in=[person, staff.teacher])
        assert sorted(kinds.values_list("kind", flat=True)) == [
            "invitation",
            "substitute_appointed",
            "substitute_appointed",
        ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"until": -1}, "until"),
        ({"until": 400}, "until"),
        ({"who": "teacher"}, "oneself"),
        ({"who": "student"}, "student"),
        ({"actor": "teacher"}, "forbidden"),
    ],
)
def test_refused(met: School, staff: Staff, change: dict, code: str):
    facts = {"until": 1, "who": "deputy", "actor": "coordinator", **change}
    with met, timezone.override(NEW_YORK), pytest.raises(Refused) as refusal:
        appoint_substitute(
            actor=getattr(staff, facts["actor"]),
            teacher_id=staff.teacher.id,
            who=getattr(staff, facts["who"]).id,
            until=today(met) + timedelta(days=facts["until"]),
            school_name="The Met",
        )
    assert refusal.value.code == code


def test_the_page_appoints_and_ends(met: School, staff: Staff):
    alice = met.client(staff.coordinator)
    form = {"teacher": staff.teacher.id, "until": today(met).isoformat(), "person": staff.deputy.id}
    assert alice.post("/people/substitutes/", form).headers["Location"] == "/people/substitutes/"
    body = alice.get("/people/substitutes/").content.decode()
    assert "for Tom Teach, to the end of" in body
    alice.post(f"/people/substitutes/{staff.deputy.id}/end/")
    assert "Nobody stands in for anybody." in alice.get("/people/substitutes/").content.decode()
    wrong = alice.post("/people/substitutes/", {"teacher": staff.teacher.id, "until": "2020-01-01"})
    assert wrong.status_code == 422
