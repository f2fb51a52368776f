"""The worklist's clicks: one or many, each result told, a second click harmless."""

import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone

from catalog.models import Lead, Site, Term
from portico.attendance.models import Attendance
from portico.internships.models import Placement
from portico.notices.models import Notice
from tests.portico.attendance.days import TUESDAY, active, clock_at, worked
from tests.portico.web.test_coordinator_pages import address
from tests.world import School

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def work(school: School, kind: str, verb: str, *ids: uuid.UUID, client=None) -> str:
    """What the board says after *verb* was done with *ids*."""
    client = client or school.client(school.coordinator())
    answer = client.post(
        address("work-act", kind, verb), {"id": [str(one) for one in ids]}, follow=True
    )
    assert answer.status_code == 200
    return answer.content.decode()


def states(school: School) -> dict[uuid.UUID, str]:
    with school:
        return dict(Placement.objects.values_list("id", "state"))


def test_several_requests_at_once_and_each_result_is_told(met: School) -> None:
    offer = met.opportunity(capacity=1)
    first = met.placement(offer.id, student=met.student(given_name="Ana"))
    second = met.placement(offer.id, student=met.student(given_name="Ben"))
    other = met.placement(met.opportunity().id, student=met.student(given_name="Cyd"))
    page = work(met, "request", "approve", first.id, second.id, other.id)
    assert "Approved: Ana" in page
    assert "Cyd" in page
    assert "No slot is free any more." in page
    assert states(met) == {first.id: "pursuing", second.id: "requested", other.id: "pursuing"}
    assert "1 no longer waits." in work(met, "request", "approve", first.id)
    assert states(met)[first.id] == "pursuing"


def test_starts_extensions_and_reminders(met: School) -> None:
    offer = met.opportunity(capacity=4)
    start = met.placement(offer.id, state="start_requested")
    assert "May start:" in work(met, "start", "approve", start.id)
    with time_machine.travel(timezone.now() - 12 * DAY, tick=False):
        pursuits = [met.placement(offer.id, state="pursuing") for _ in range(2)]
    ids = [one.id for one in pursuits]
    assert "Reminded:" in work(met, "expiring", "remind", *ids)
    assert "has been reminded already" in work(met, "expiring", "remind", ids[0])
    with met:
        assert Notice.objects.filter(kind="pursuit_reminder").count() == 2
    assert "More time for" in work(met, "expiring", "extend", *ids)
    with met:
        assert Placement.objects.get(id=ids[0]).deadline == pursuits[0].deadline + 7 * DAY
    assert "2 no longer wait." in work(met, "expiring", "extend", *ids)  # not in the last days


def test_a_missing_student_an_estimate_and_a_worry(met: School) -> None:
    missing = active(met)
    estimate, worry = worked(met, active(met)), worked(met, active(met), worry="Too loud.")
    with met:
        Attendance.objects.filter(id=estimate.id).update(state="estimated")
    with clock_at("6:00"):
        browser = met.client(met.coordinator())
    with clock_at("15:00"):
        board = browser.get(address("board")).content.decode()
        assert "Too loud." in board
        assert missing.student.full_name in board
        assert "Reminded:" in work(met, "missing", "remind", missing.id, client=browser)
        assert "reminded already" in work(met, "missing", "remind", missing.id, client=browser)
        assert "Reminded:" in work(met, "estimate", "remind", estimate.id, client=browser)
        work(met, "worry", "seen", worry.id, client=browser)
        assert "Too loud." not in browser.get(address("board")).content.decode()
    with met:
        assert Notice.objects.filter(kind="check_in_reminder").count() == 1


def test_a_quiet_mentor_is_asked_once_more(met: School) -> None:
    day = worked(met, active(met))
    with met:
        reach = Attendance.objects.get(id=day.id).reach
        assert reach is not None
        reach.quiet_since = day.check_out_at
        reach.last_asked_at = day.check_out_at
        reach.save()
    later = TUESDAY + 16 * DAY
    with clock_at("6:00", later):
        browser = met.client(met.coordinator())
    with clock_at("10:00", later):
        assert "Reminded: Rosa Mentor." in work(met, "mentor", "remind", reach.id, client=browser)
        assert "asked already" in work(met, "mentor", "remind", reach.id, client=browser)
    with met:
        assert Notice.objects.filter(kind="mentor_days", email="rosa@example.com").count() == 1


def test_mail_goes_again(met: School) -> None:
    with met:
        notice = Notice.objects.create(
            kind="request_declined",
            person=met.student(),
            email="gone@example.com",
            state=Notice.State.FAILED,
            data={"title": "T", "site": "S", "reason": "R"},
        )
    assert "On its way again" in work(met, "mail", "send", notice.id)
    with met:
        assert Notice.objects.get(id=notice.id).state == "waiting"


def test_counts_are_tabs_that_narrow_the_list(met: School) -> None:
    offer = met.opportunity(capacity=3)
    asks = met.placement(offer.id, student=met.student(given_name="Asks"))
    met.placement(offer.id, state="start_requested", student=met.student(given_name="Starts"))
    client = met.client(met.coordinator())
    everything = client.get(address("board")).content.decode()
    requests = client.get(address("board") + "?show=request").content.decode()
    assert "Asks Number" in everything
    assert "Starts Number" in everything
    assert "Asks Number" in requests
    assert "Starts Number" not in requests
    assert f'value="{asks.id}" form="bulk"' in requests
    assert 'form="bulk"' not in everything
    assert client.get(address("board") + "?show=nonsense").status_code == 200


def test_who_may_and_what_does_not_exist(met: School, academy: School) -> None:
    theirs = academy.placement(academy.opportunity().id)
    path = address("work-act", "request", "approve")
    for person in (met.student(), met.person("teacher")):
        assert met.client(person).post(path, {"id": str(theirs.id)}).status_code == 403
    alice = met.client(met.coordinator())
    assert "1 no longer waits." in work(met, "request", "approve", theirs.id, client=alice)
    assert states(academy) == {theirs.id: "requested"}
    assert alice.post(address("work-act", "request", "remind")).status_code == 404
    assert alice.post(address("work-act", "nothing", "approve")).status_code == 404
    assert alice.get(path).status_code == 405
    assert "Choose at least one." in work(met, "request", "approve", client=alice)


# --- the pages beside it ------------------------------------------------------------------


def test_a_term_is_made_and_rolled_over_once(met: School) -> None:
    alice = met.client(met.coordinator())
    facts = {"name": "Spring", "starts_on": "2027-02-01", "ends_on": "2027-06-30"}
    assert alice.post(address("term-add"), facts | {"ends_on": "2026-01-01"}).status_code == 422
    assert alice.post(address("term-add"), facts).status_code == 302
    assert alice.post(address("term-add"), facts).status_code == 422  # the name is taken
    with met:
        term = Term.objects.get()
    placement = active(met, term=term)
    path = address("term-roll", term.id)
    assert placement.student.full_name in alice.get(path).content.decode()
    assert alice.post(path, {"complete": str(placement.id)}).status_code == 302
    assert states(met)[placement.id] == "completed"
    assert alice.post(path, {"complete": str(placement.id)}).status_code == 422


def test_a_group_is_recorded_and_shown_by_its_share_alone(met: School) -> None:
    students = [met.student(grade=11) for _ in range(24)]
    alice = met.client(met.coordinator())
    chosen = [str(one.id) for one in students[:12]]
    answer = alice.post(address("group"), {"name": "English learners", "students": chosen})
    assert answer.status_code == 302
    page = alice.get(address("fairness")).content.decode()
    assert "English learners" in page
    assert "0 of 12" in page
    form = alice.get(address("group") + "?name=English+learners").content.decode()
    assert form.count("checked") == 12


def test_a_place_is_cultivated_and_won(met: School) -> None:
    alice = met.client(met.coordinator())
    page = alice.get(address("lead-add") + "?field=health").content.decode()
    assert '<option value="health" selected>' in page
    facts = {"name": "Casita Clinic", "field": "health", "state": "contacted"}
    assert alice.post(address("lead-add"), {"state": "lead"}).status_code == 422
    assert alice.post(address("lead-add"), facts).status_code == 302
    with met:
        lead = Lead.objects.get()
    assert "Casita Clinic" in alice.get(address("leads")).content.decode()
    for _click in range(2):
        assert alice.post(address("lead-won", lead.id)).status_code == 302
    with met:
        assert Site.objects.filter(name="Casita Clinic").count() == 1


def test_the_decision_says_what_it_does(met: School) -> None:
    offer = met.opportunity()
    with time_machine.travel(timezone.now() - 5 * DAY, tick=False):
        met.placement(offer.id, student=met.student(given_name="Ana"))
    second = met.placement(offer.id, student=met.student(given_name="Ben"))
    alice = met.client(met.coordinator())
    page = alice.get(address("request", second.id)).content.decode()
    assert "A yes passes over Ana" in page
    assert "who has never been placed" in page
    assert (
        "who waited longer than the other who asked"
        in alice.get(address("requests")).content.decode()
    )
