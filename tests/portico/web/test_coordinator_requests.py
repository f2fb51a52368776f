"""The coordinator decides: on requests, on starts, on other schools' questions, on what follows."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from catalog.models import Opportunity
from portico.internships.models import Placement
from portico.internships.queue import waiting_requests
from sharing.models import OwnerQuestion
from tests.portico.web.test_coordinator_pages import address
from tests.world import School

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def state_of(school: School, placement: Placement) -> str:
    with school:
        return Placement.objects.get(id=placement.id).state


def test_approve_from_the_queue_does_it_once(met: School) -> None:
    offer = met.opportunity()
    placement = met.placement(offer.id)
    alice = met.client(met.coordinator())
    path = address("placement-act", placement.id, "approve")
    first = alice.post(path, {"next": address("requests")}, follow=True)
    assert first.redirect_chain == [(address("requests"), 302)]
    assert "Approved" in first.content.decode()
    assert state_of(met, placement) == "pursuing"
    second = alice.post(path, {"next": address("requests")}, follow=True)
    assert "is pursuing now" in second.content.decode()
    with met:
        assert Opportunity.objects.get(id=offer.id).taken == 1


def test_next_leads_nowhere_else(met: School) -> None:
    placement = met.placement(met.opportunity().id)
    answer = met.client(met.coordinator()).post(
        address("placement-act", placement.id, "approve"), {"next": "https://evil.example/"}
    )
    assert answer.headers["Location"] == address("placement-staff", placement.id)


def test_decline_needs_a_reason_and_keeps_what_was_asked(met: School) -> None:
    placement = met.placement(met.opportunity().id)
    alice = met.client(met.coordinator())
    path = address("placement-act", placement.id, "decline")
    assert "Decline this request?" in alice.get(path).content.decode()
    refused = alice.post(path, {"reason": "  ", "next": address("requests")})
    assert refused.status_code == 422
    assert f'value="{address("requests")}"' in refused.content.decode()
    assert state_of(met, placement) == "requested"
    alice.post(path, {"reason": "Another student first."})
    assert state_of(met, placement) == "declined"
    again = alice.get(path, follow=True)
    assert "is declined now" in again.content.decode()


def test_full_slot_is_said_and_nothing_happens(met: School) -> None:
    offer = met.opportunity(capacity=1)
    late = met.placement(offer.id)
    met.placement(offer.id, state="pursuing")
    answer = met.client(met.coordinator()).post(
        address("placement-act", late.id, "approve"), follow=True
    )
    assert "No slot is free any more." in answer.content.decode()
    assert state_of(met, late) == "requested"


def test_the_queue_says_what_a_fair_decision_needs(met: School) -> None:
    coveted, other = met.opportunity(capacity=2), met.opportunity(capacity=2)
    old_hand, newcomer = met.student(given_name="Olga"), met.student(given_name="Nils")
    with time_machine.travel(timezone.now() - 60 * DAY, tick=False):
        met.placement(other.id, state="completed", student=old_hand)
        met.placement(other.id, state="declined", student=newcomer)
    with time_machine.travel(timezone.now() - 2 * DAY, tick=False):
        met.placement(coveted.id, student=old_hand)
    met.placement(coveted.id, student=newcomer)
    with met:
        cases = {case.placement.student.given_name: case for case in waiting_requests()}
    olga, nils = cases["Olga"], cases["Nils"]
    assert olga.past == (("completed", 1),)
    assert nils.past == (("declined", 1),)
    assert (olga.never_placed, nils.never_placed) == (False, True)
    assert (timezone.now() - olga.waiting_since).days == 2
    assert (timezone.now() - nils.waiting_since).days == 60  # the declined request counts
    assert [rival.placement.student.given_name for rival in olga.rivals] == ["Nils"]
    assert olga.slots is not None
    assert (olga.slots.open, olga.slots.total) == (2, 2)
    page = met.client(met.coordinator()).get(address("requests")).content.decode()
    assert page.index("Olga") < page.index("Nils")  # oldest request first
    assert "Never placed" in page
    assert "1 other asked" in page


def test_a_pursuit_past_its_deadline_frees_the_slot_in_the_queue(met: School) -> None:
    offer = met.opportunity(capacity=1)
    waiting = met.placement(offer.id)
    with time_machine.travel(timezone.now() - 20 * DAY, tick=False):
        late = met.placement(offer.id, state="pursuing")
    with met:
        [case] = waiting_requests(placement_id=waiting.id)
    assert case.slots is not None
    assert case.slots.open == 1
    alice = met.client(met.coordinator())
    assert state_of(met, late) == "pursuing"  # no job has run
    listed = alice.get(address("placements") + "?state=expired").content.decode()
    assert late.student.full_name in listed
    assert (
        late.student.full_name
        not in alice.get(address("placements") + "?state=pursuing")
        .content.decode()
        .split("<tbody>")[-1]
    )
    detail = alice.get(address("placement-staff", late.id)).content.decode()
    assert "Expired" in detail
    assert "rosa@example.com" not in detail


def test_a_decided_request_leads_to_its_placement(met: School) -> None:
    placement = met.placement(met.opportunity().id, state="pursuing")
    answer = met.client(met.coordinator()).get(address("request", placement.id))
    assert answer.headers["Location"] == address("placement-staff", placement.id)


@pytest.mark.parametrize(
    ("state", "act", "data", "target"),
    [
        ("pursuing", "extend", {"days": "7"}, "pursuing"),
        ("start_requested", "approve_start", {}, "active"),
        ("start_requested", "decline_start", {"reason": "Dates clash."}, "pursuing"),
        ("active", "complete", {"reason": ""}, "completed"),
        ("active", "end_early", {"reason": "Moved away."}, "ended_early"),
    ],
)
def test_what_the_table_allows_can_be_done_from_the_page(
    met: School, state: str, act: str, data: dict[str, str], target: str
) -> None:
    placement = met.placement(met.opportunity().id, state=state)
    alice = met.client(met.coordinator())
    path = address("placement-act", placement.id, act)
    assert path in alice.get(address("placement-staff", placement.id)).content.decode()
    assert alice.get(path).status_code == 200
    assert alice.post(path, data).status_code == 302
    assert state_of(met, placement) == target


def test_extending_adds_days_and_checks_them(met: School) -> None:
    placement = met.placement(met.opportunity().id, state="pursuing")
    alice = met.client(met.coordinator())
    path = address("placement-act", placement.id, "extend")
    assert alice.post(path, {"days": "999"}).status_code == 422
    alice.post(path, {"days": "7"})
    with met:
        assert Placement.objects.get(id=placement.id).deadline == placement.deadline + 7 * DAY


def test_an_act_nobody_knows_does_not_exist(met: School) -> None:
    placement = met.placement(met.opportunity().id)
    alice = met.client(met.coordinator())
    assert alice.get(address("placement-act", placement.id, "explode")).status_code == 404


def test_history_reads_as_sentences(met: School) -> None:
    placement = met.placement(met.opportunity().id, state="declined")
    page = met.client(met.coordinator()).get(address("placement-staff", placement.id))
    assert "declined the request" in page.content.decode()
    assert "Another student first." in page.content.decode()


def test_placements_are_narrowed_and_wrong_filters_narrow_nothing(met: School) -> None:
    teacher = met.person("teacher")
    anna = met.student(given_name="Anna", grade=12, teacher=teacher)
    met.placement(met.opportunity(title="Baker").id, student=anna)
    met.placement(met.opportunity(title="Welder").id, student=met.student(given_name="Bert"))
    alice = met.client(met.coordinator())

    def listed(query: str) -> set[str]:
        body = alice.get(address("placements") + query).content.decode()
        return {name for name in ("Anna", "Bert") if name in body}

    assert listed("") == {"Anna", "Bert"}
    assert listed("?grade=12") == {"Anna"}
    assert listed(f"?teacher={teacher.id}") == {"Anna"}
    assert listed("?q=weld") == {"Bert"}
    assert listed("?q=anna+baker") == {"Anna"}
    assert listed("?origin=partner") == set()
    assert listed("?state=active") == set()
    assert listed("?grade=x&state=nonsense&teacher=1&page=99") == {"Anna", "Bert"}


def asked(met: School, academy: School) -> OwnerQuestion:
    listing = met.release(met.opportunity(), ask_owner=True)
    placement = academy.placement(listing, state="awaiting_owner")
    with met:
        return OwnerQuestion.objects.get(placement_id=placement.id)


def test_agree_with_another_school_without_learning_a_name(met: School, academy: School) -> None:
    question = asked(met, academy)
    alice = met.client(met.coordinator())
    page = alice.get(address("questions")).content.decode()
    assert "Bronx Academy" in page
    assert "grade 11" in page
    path = address("question", question.id)
    assert "Agreed" in alice.post(path, {"answer": "agree"}, follow=True).content.decode()
    again = alice.post(path, {"answer": "agree"}, follow=True).content.decode()
    assert "answered already" in again
    with met:
        assert OwnerQuestion.objects.get(id=question.id).state == "agreed"


def test_decline_another_school_with_a_reason(met: School, academy: School) -> None:
    question = asked(met, academy)
    alice = met.client(met.coordinator())
    path = address("question", question.id)
    assert alice.post(path, {"reason": ""}).status_code == 422
    assert alice.post(path, {"reason": "The mentor is away."}).status_code == 302
    with met:
        found = OwnerQuestion.objects.get(id=question.id)
    assert (found.state, found.reason) == ("declined", "The mentor is away.")


def test_a_third_school_cannot_answer(met: School, academy: School, riverdale: School) -> None:
    question = asked(met, academy)
    stranger = riverdale.client(riverdale.coordinator())
    assert stranger.post(address("question", question.id), {"answer": "agree"}).status_code == 404
    asker = academy.client(academy.coordinator())
    assert asker.post(address("question", question.id), {"answer": "agree"}).status_code == 404
