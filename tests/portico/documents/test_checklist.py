"""What is asked of a placement, when it counts, and that a start waits for it."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from portico.accounts.models import Person
from portico.audit.models import Entry
from portico.documents.actions import (
    accept_document,
    ask_for_documents,
    save_requirement,
    send_document_back,
    set_requirement_active,
    set_student_facts,
    sign_by_link,
    sign_document,
    upload_document,
)
from portico.documents.checklist import checklist
from portico.documents.models import Document, Requirement
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.states import State
from tenants.errors import Refused
from tests.portico.documents.papers import (
    a_file,
    a_requirement,
    last_link,
    papers,
    signed,
    uploaded,
    with_guardian,
)
from tests.world import START, School

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def standings(school: School, placement: Placement) -> list[str]:
    with school:
        return [str(item.standing) for item in checklist(placement)]


def asking(school: School, **facts: object) -> Placement:
    return school.placement(school.opportunity().id, state="start_requested", **facts)


def test_nothing_is_asked_where_nothing_is_required(met: School, academy: School) -> None:
    papers(academy)  # another school's
    placement = asking(met)
    assert standings(met, placement) == []
    with met:
        started = actions.approve_start(placement_id=placement.id, actor=met.coordinator())
    assert started.state == State.ACTIVE


def test_a_start_waits_for_what_is_missing(met: School) -> None:
    requirement = a_requirement(met, giver="student", title="Agreement", kind="agreement")
    placement = asking(met)
    alice = met.coordinator()
    with met:
        with pytest.raises(Refused) as refusal:
            actions.approve_start(placement_id=placement.id, actor=alice)
        assert refusal.value.code == "missing"
        assert "Agreement" in str(refusal.value.message)
        assert Placement.objects.get(id=placement.id).state == State.START_REQUESTED
        sign_document(
            placement_id=placement.id,
            requirement_id=requirement.id,
            actor=placement.student,
            signature=signed(requirement),
        )
        started = actions.approve_start(placement_id=placement.id, actor=alice)
    assert started.state == State.ACTIVE


def test_a_coordinator_lets_it_start_with_a_reason_that_stays(met: School) -> None:
    a_requirement(met)
    teacher = met.person("teacher")
    placement = asking(met, teacher=teacher)
    with met:
        for actor, despite, code in (
            (teacher, "They promised to bring it.", "forbidden"),
            (met.coordinator(), "   ", "missing"),
        ):
            with pytest.raises(Refused) as refusal:
                actions.approve_start(placement_id=placement.id, actor=actor, despite=despite)
            assert refusal.value.code == code
        actions.approve_start(
            placement_id=placement.id,
            actor=met.coordinator(),
            despite="The guardian agreed on the phone.",
        )
        entry = Entry.objects.get(action="placement_start_despite")
    assert entry.after == {
        "missing": "Guardian's consent",
        "reason": "The guardian agreed on the phone.",
    }


def test_a_reason_is_not_kept_where_nothing_was_missing(met: School) -> None:
    placement = asking(met)
    with met:
        actions.approve_start(
            placement_id=placement.id, actor=met.coordinator(), despite="To be safe."
        )
        assert not Entry.objects.filter(action="placement_start_despite").exists()


def test_a_file_counts_once_the_school_has_looked_at_it(met: School) -> None:
    requirement = papers(met)
    placement = asking(met)
    assert standings(met, placement) == ["missing"]
    first = uploaded(met, placement, requirement)
    assert standings(met, placement) == ["to_check"]
    alice = met.coordinator()
    with met:
        send_document_back(document_id=first.id, actor=alice, reason="A page is missing.")
    assert standings(met, placement) == ["sent_back"]
    second = uploaded(met, placement, requirement)
    with met:
        accept_document(document_id=second.id, actor=alice)
    assert standings(met, placement) == ["given"]
    with met:
        assert Document.objects.count() == 2  # both versions stay


def test_an_accepted_one_counts_while_a_newer_one_waits(met: School) -> None:
    requirement = papers(met)
    placement = asking(met)
    first = uploaded(met, placement, requirement)
    with met:
        accept_document(document_id=first.id, actor=met.coordinator())
    uploaded(met, placement, requirement)
    assert standings(met, placement) == ["given"]


def test_what_expires_stops_counting_the_day_after(met: School) -> None:
    requirement = papers(met, kind="clearance", valid_months=6)
    placement = asking(met)
    document = uploaded(met, placement, requirement)
    today = timezone.localdate()
    with met:
        accept_document(document_id=document.id, actor=met.coordinator(), valid_until=today + DAY)
    assert standings(met, placement) == ["expiring"]
    with time_machine.travel(timezone.now() + DAY, tick=False):
        assert standings(met, placement) == ["expiring"]
    with time_machine.travel(timezone.now() + 2 * DAY, tick=False):
        assert standings(met, placement) == ["expired"]


def test_it_is_good_for_the_months_the_school_says(met: School) -> None:
    requirement = papers(met, valid_months=1, needs_check=False)
    placement = asking(met)
    with time_machine.travel(datetime.datetime(2027, 1, 31, 17, tzinfo=datetime.UTC), tick=False):
        document = uploaded(met, placement, requirement)
    assert document.valid_until == datetime.date(2027, 2, 28)


def test_one_is_good_for_what_it_covers(met: School) -> None:
    once = papers(met, covers="student", needs_check=False)
    each = papers(met, covers="placement", needs_check=False, title="Agreement")
    student = met.student()
    first = met.placement(met.opportunity().id, state="pursuing", student=student)
    for requirement in (once, each):
        uploaded(met, first, requirement)
    with met:
        actions.withdraw_placement(placement_id=first.id, actor=student)
    second = met.placement(met.opportunity().id, state="pursuing", student=student)
    other = met.placement(met.opportunity().id, state="pursuing")
    assert standings(met, second) == ["given", "missing"]
    assert standings(met, other) == ["missing", "missing"]


def test_a_mentors_clearance_is_good_for_every_student_there(met: School) -> None:
    requirement = papers(met, giver="mentor", covers="mentor", kind="clearance")
    offer = met.opportunity(capacity=2)
    first = met.placement(offer.id, state="pursuing")
    second = met.placement(offer.id, state="pursuing")
    with met:
        upload_document(
            placement_id=first.id,
            requirement_id=requirement.id,
            actor=met.coordinator(),
            name="Rosa Mentor",
            file=a_file(),
        )
    assert standings(met, second) == ["given"]


@pytest.mark.parametrize(
    ("born", "applies"),
    [
        (None, True),  # nobody knows: asked for
        (START.starts_on.replace(year=START.starts_on.year - 18), False),  # 18 on the first day
        (START.starts_on.replace(year=START.starts_on.year - 18) + DAY, True),  # a day short
    ],
)
def test_an_age_counts_on_the_first_day(
    met: School, born: datetime.date | None, applies: bool
) -> None:
    papers(met, applies_to="under_18")
    placement = asking(met)
    with met:
        set_student_facts(
            student_id=placement.student_id,
            actor=met.coordinator(),
            birth_date=born,
            is_concentrator=False,
        )
    assert bool(standings(met, placement)) is applies


def test_a_field_may_ask_for_more(met: School) -> None:
    papers(met, only_fields=["health"])
    assert standings(met, asking(met)) == []
    offer = met.opportunity(field="health")
    assert standings(met, met.placement(offer.id, state="pursuing")) == ["missing"]


def test_new_words_are_a_new_version_and_old_signatures_stand_unless_void(met: School) -> None:
    requirement = a_requirement(met, giver="student")
    placement = asking(met)
    alice = met.coordinator()

    def change(text: str, **how: bool) -> Requirement:
        one = Requirement.objects.get(id=requirement.id)
        one.text = text
        return save_requirement(actor=alice, requirement=one, **how)

    with met:
        document = sign_document(
            placement_id=placement.id,
            requirement_id=requirement.id,
            actor=placement.student,
            signature=signed(requirement),
        )
        assert change("Other words.").version == 2
    assert standings(met, placement) == ["given"]
    with met:
        change("Quite other words.", sign_anew=True)
        document.refresh_from_db()
        assert (document.version, document.text) == (1, requirement.text)
    assert standings(met, placement) == ["missing"]


def test_what_is_not_asked_for_any_more_stops_nobody(met: School) -> None:
    requirement = papers(met)
    placement = asking(met)
    for is_active, found in ((False, []), (False, []), (True, ["missing"])):
        with met:
            set_requirement_active(
                actor=met.coordinator(), requirement_id=requirement.id, is_active=is_active
            )
        assert standings(met, placement) == found


def test_who_may_not(met: School) -> None:
    """A student does not sign for the guardian, nor for another; a stranger's teacher reads not."""
    consent, form = a_requirement(met), papers(met)
    placement = asking(met, teacher=met.person("teacher"))
    document = uploaded(met, placement, form)
    bob: Person = met.student()
    stranger = met.person("teacher")
    tries = (
        lambda: sign_document(
            placement_id=placement.id,
            requirement_id=consent.id,
            actor=placement.student,
            signature=signed(consent),
        ),
        lambda: upload_document(
            placement_id=placement.id,
            requirement_id=consent.id,
            actor=placement.student,
            name="Ines",
            file=a_file(),
        ),
        lambda: upload_document(
            placement_id=placement.id, requirement_id=form.id, actor=bob, name="", file=a_file()
        ),
        lambda: accept_document(document_id=document.id, actor=placement.student),
        lambda: accept_document(document_id=document.id, actor=stranger),
        lambda: send_document_back(document_id=document.id, actor=bob, reason="Mine."),
        lambda: save_requirement(actor=stranger, requirement=Requirement(title="T")),
        lambda: set_student_facts(
            student_id=bob.id, actor=bob, birth_date=None, is_concentrator=True
        ),
    )
    for act in tries:
        with met, pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "forbidden"


def test_a_signature_is_of_the_text_that_was_shown(met: School) -> None:
    requirement = a_requirement(met)
    placement = asking(met)
    with_guardian(met, placement.student)
    with met:
        ask_for_documents(placement_id=placement.id, giver="guardian", actor=placement.student)
    secret = last_link(met).split("/")[2]
    stale = signed(requirement)
    with met:
        one = Requirement.objects.get(id=requirement.id)
        one.text = "I give my child away."
        save_requirement(actor=met.coordinator(), requirement=one)
        for signature, code in (
            (stale, "text_changed"),
            (signed(one, agrees=False), "agree"),
            (signed(one, name="I"), "name"),
        ):
            with pytest.raises(Refused) as refusal:
                sign_by_link(secret=secret, requirement_id=one.id, signature=signature)
            assert refusal.value.code == code
        document = sign_by_link(secret=secret, requirement_id=one.id, signature=signed(one))
    assert (document.text, document.version) == ("I give my child away.", 2)
