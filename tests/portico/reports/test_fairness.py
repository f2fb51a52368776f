"""Who is placed and who waits, and what one decision does about it."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from portico.internships.actions.groups import keep_group, recorded_groups
from portico.internships.queue import waiting_requests
from portico.reports.fairness import effect_of, placed_shares, seekers
from tenants.errors import Refused
from tests.world import School

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_lists_of_students(met: School, academy: School) -> None:
    offer = met.opportunity(capacity=9)
    placed, waits, tried, never = (met.student() for _ in range(4))
    met.placement(offer.id, state="completed", student=placed)
    with time_machine.travel(timezone.now() - 30 * DAY, tick=False):
        met.placement(offer.id, student=waits)
    for _ in range(2):
        met.placement(offer.id, state="declined", student=tried)
    academy.placement(academy.opportunity().id)
    with met:
        found = seekers()
    assert {one.student.id for one in found.never_placed} == {waits.id, tried.id, never.id}
    assert found.never_placed[0].student.id == waits.id
    assert [one.student.id for one in found.waiting] == [waits.id]
    assert [(one.student.id, one.declined) for one in found.declined] == [(tried.id, 2)]


def test_shares_by_recorded_group(met: School) -> None:
    students = [met.student(grade=11) for _ in range(24)]
    offer = met.opportunity(capacity=5)
    met.placement(offer.id, state="active", student=students[0])
    with met:
        keep_group(
            actor=met.coordinator(), name="English learners", students={s.id for s in students[:12]}
        )
        keep_group(
            actor=met.coordinator(), name="Night shift", students={s.id for s in students[:3]}
        )
        shares = placed_shares()
    shown = {group.key: (group.count, group.total) for group in shares.groups}
    assert shown == {"English learners": (1, 12), "Night shift": (None, None)}
    assert shares.of_grade(11) is not None
    assert (shares.everyone.count, shares.everyone.total) == (1, 24)


def test_a_group_is_kept_emptied_and_forgotten(met: School) -> None:
    alice, student, other = met.coordinator(), met.student(), met.student()
    with met:
        assert keep_group(actor=alice, name=" English  learners ", students={student.id}) == 1
        assert keep_group(actor=alice, name="English learners", students={student.id}) == 0
        assert recorded_groups() == {"English learners": 1}
        assert keep_group(actor=alice, name="English learners", students={other.id}) == 2
        keep_group(actor=alice, name="English learners", students=set())
        assert recorded_groups() == {}


def test_who_may_record_groups_and_how_many(met: School) -> None:
    student = met.student()
    with met:
        with pytest.raises(Refused, match="forbidden"):
            keep_group(actor=met.person("teacher"), name="A", students={student.id})
        for number in range(8):
            keep_group(actor=met.coordinator(), name=f"Group {number}", students={student.id})
        with pytest.raises(Refused, match="too_many"):
            keep_group(actor=met.coordinator(), name="One more", students={student.id})


# --- beside Approve -----------------------------------------------------------------------


def effects(school: School) -> dict:
    with school:
        return {one.placement.student_id: effect_of(one) for one in waiting_requests()}


def test_the_one_who_waits_longer_is_passed_over(met: School) -> None:
    offer = met.opportunity()
    first, second = met.student(), met.student()
    with time_machine.travel(timezone.now() - 5 * DAY, tick=False):
        met.placement(offer.id, student=first)
    met.placement(offer.id, student=second)
    found = effects(met)
    assert found[first.id].passed_over is None
    assert found[first.id].waited_longest
    passed = found[second.id].passed_over
    assert passed is not None
    assert passed.placement.student_id == first.id


def test_nobody_is_passed_over_where_there_is_a_slot_for_both(met: School) -> None:
    offer = met.opportunity(capacity=2)
    with time_machine.travel(timezone.now() - 5 * DAY, tick=False):
        met.placement(offer.id)
    second = met.placement(offer.id)
    assert effects(met)[second.student_id].passed_over is None


def test_one_who_interned_passes_over_one_who_never_did(met: School) -> None:
    offer, earlier = met.opportunity(), met.opportunity()
    old_hand, newcomer = met.student(), met.student()
    met.placement(earlier.id, state="completed", student=old_hand)
    with time_machine.travel(timezone.now() + 1 * DAY, tick=False):
        met.placement(offer.id, student=old_hand)
    with time_machine.travel(timezone.now() + 2 * DAY, tick=False):
        met.placement(offer.id, student=newcomer)
        found = effects(met)
    assert not found[old_hand.id].first_time
    assert found[old_hand.id].passed_over is not None
    assert found[newcomer.id].passed_over is None
