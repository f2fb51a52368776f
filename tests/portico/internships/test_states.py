"""Every state × action × role, made from the declared table."""

import itertools
from pathlib import Path

import pytest
from django.db import transaction

from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.states import ACTIONS, CLOCK, EDGES, OPEN, OWNER, STEPS, State, edge_for
from portico.internships.states_page import as_markdown
from sharing.actions import answer_owner_question
from sharing.queries import question_about
from tenants.errors import Refused
from tests.world import START

pytestmark = pytest.mark.django_db
PEOPLE = ("student", "teacher", "coordinator")
DO = {
    "approve": lambda p, who: actions.approve_request(placement_id=p.id, actor=who),
    "decline": lambda p, who: actions.decline_request(placement_id=p.id, actor=who, reason="No."),
    "extend": lambda p, who: actions.extend_pursuit(placement_id=p.id, actor=who, days=3),
    "request_start": lambda p, who: actions.request_start(
        placement_id=p.id, actor=who, start=START
    ),
    "approve_start": lambda p, who: actions.approve_start(placement_id=p.id, actor=who),
    "decline_start": lambda p, who: actions.decline_start(
        placement_id=p.id, actor=who, reason="Not yet."
    ),
    "complete": lambda p, who: actions.end_placement(placement_id=p.id, actor=who, completed=True),
    "end_early": lambda p, who: actions.end_placement(
        placement_id=p.id, actor=who, completed=False, reason="They moved."
    ),
    "withdraw": lambda p, who: actions.withdraw_placement(placement_id=p.id, actor=who),
}
# acts of the clock and of the owning school have tests of their own, below and in sharing
BY_PEOPLE = sorted({edge.action for edge in EDGES if edge.by & set(PEOPLE)} - {"ask_owner"})


def test_the_tests_know_every_action():
    others = {"ask_owner", "expire", "agree", "refuse"}
    assert set(BY_PEOPLE) | others == set(ACTIONS)
    assert set(DO) == set(BY_PEOPLE)
    for edge in EDGES:
        assert edge.by <= {*PEOPLE, CLOCK, OWNER}


def _in_state(school, owner, state, student):
    """A placement of *student* in *state*, in the pool where the owner has a say."""
    if state == State.AWAITING_OWNER:
        listing = owner.release(owner.opportunity(), ask_owner=True)
        return school.placement(listing, state="awaiting_owner", student=student)
    offer = school.opportunity(capacity=2)
    if state != State.EXPIRED:
        return school.placement(offer.id, state=str(state), student=student)
    placement = school.placement(offer.id, state="pursuing", student=student)
    with school:
        Placement.objects.filter(id=placement.id).update(deadline=placement.requested_at)
        actions.expire_pursuit(placement_id=placement.id)
        return Placement.objects.get(id=placement.id)


@pytest.mark.parametrize("state", State)
def test_state_action_role(met, academy, subtests, state):
    """What each try changes is undone before the next."""
    teacher = met.person("teacher")
    student = met.student(teacher=teacher)
    placement = _in_state(met, academy, state, student)
    assert placement.state == state
    people = {"student": student, "teacher": teacher, "coordinator": met.coordinator()}
    for action, role in itertools.product(BY_PEOPLE, PEOPLE):
        edge = edge_for(state, action)
        with subtests.test(action=action, role=role), transaction.atomic():
            with met:
                if edge is not None and role in edge.by:
                    moved = DO[action](placement, people[role])
                    there = Placement.objects.get(id=placement.id)
                    assert moved.state == there.state == edge.target
                else:
                    with pytest.raises(Refused) as refusal:
                        DO[action](placement, people[role])
                    expected = "wrong_state" if edge is None else "forbidden"
                    assert refusal.value.code == expected
                    assert Placement.objects.get(id=placement.id).state == state
            transaction.set_rollback(True)


@pytest.mark.parametrize("action", [a for a in BY_PEOPLE if a != "extend"])
def test_a_second_click_gets_an_answer_never_a_second_effect(met, academy, action):
    edge = next(edge for edge in EDGES if edge.action == action and edge.by & set(PEOPLE))
    teacher = met.person("teacher")
    student = met.student(teacher=teacher)
    placement = _in_state(met, academy, edge.source, student)
    people = {"student": student, "teacher": teacher, "coordinator": met.coordinator()}
    actor = people[next(role for role in PEOPLE if role in edge.by)]
    with met:
        DO[action](placement, actor)
        with pytest.raises(Refused) as refusal:
            DO[action](placement, actor)
    assert refusal.value.code == "wrong_state"


@pytest.mark.parametrize("action", ["decline", "decline_start", "end_early"])
def test_a_no_needs_a_reason(met, action):
    edge = next(edge for edge in EDGES if edge.action == action)
    placement = met.placement(met.opportunity().id, state=str(edge.source))
    call = {
        "decline": lambda: actions.decline_request(
            placement_id=placement.id, actor=met.coordinator(), reason="  "
        ),
        "decline_start": lambda: actions.decline_start(
            placement_id=placement.id, actor=met.coordinator(), reason=""
        ),
        "end_early": lambda: actions.end_placement(
            placement_id=placement.id, actor=met.coordinator(), completed=False
        ),
    }[action]
    with met, pytest.raises(Refused) as refusal:
        call()
    assert (refusal.value.code, refusal.value.field) == ("reason_required", "reason")


def test_somebody_elses_placement_is_forbidden(met):
    placement = met.placement(met.opportunity().id, state="pursuing")
    other = met.student()
    other_teacher = met.person("teacher")
    placement.student.teacher = met.person("teacher")
    with met:
        placement.student.save()
        for who, action in ((other, "withdraw"), (other, "request_start")):
            with pytest.raises(Refused, match="forbidden"):
                DO[action](placement, who)
        DO["request_start"](placement, placement.student)
        with pytest.raises(Refused, match="forbidden"):
            DO["approve_start"](placement, other_teacher)


def test_the_owner_agrees_and_the_pursuit_begins(met, academy):
    listing = met.release(met.opportunity(), ask_owner=True)
    placement = academy.placement(listing, state="awaiting_owner")
    with academy:
        question = question_about(placement_id=placement.id)
        assert question.grade == placement.student.grade
    with met:
        answer_owner_question(actor=met.coordinator(), question_id=question.id, agreed=True)
    with academy:
        actions.apply_owner_answer(placement_id=placement.id)
        actions.apply_owner_answer(placement_id=placement.id)  # a repeated job changes nothing
        placement.refresh_from_db()
    assert placement.state == State.PURSUING
    assert placement.deadline is not None


def test_the_owner_refuses_with_a_reason_the_student_reads(met, academy):
    listing = met.release(met.opportunity(), ask_owner=True)
    placement = academy.placement(listing, state="awaiting_owner")
    with academy:
        question = question_about(placement_id=placement.id)
    with met:
        with pytest.raises(Refused, match="reason_required"):
            answer_owner_question(actor=met.coordinator(), question_id=question.id, agreed=False)
        answer_owner_question(
            actor=met.coordinator(), question_id=question.id, agreed=False, reason="Full till May."
        )
        with pytest.raises(Refused, match="gone"):
            answer_owner_question(actor=met.coordinator(), question_id=question.id, agreed=True)
    with academy:
        actions.apply_owner_answer(placement_id=placement.id)
        placement.refresh_from_db()
    assert (placement.state, placement.reason) == (State.DECLINED, "Full till May.")


def test_every_open_state_stands_on_a_step_of_the_tracker():
    assert {state for _key, _label, states in STEPS for state in states} == OPEN


def test_the_docs_show_the_table_as_it_is():
    page = (Path(__file__).parents[3] / "docs" / "states.md").read_text()
    assert page == as_markdown(), "run python -m portico.internships.states_page > docs/states.md"
