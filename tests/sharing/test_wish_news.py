"""A student is told when something new is what they wished for: once a day, never twice."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from catalog.actions import add_wish, remove_wish
from catalog.models import WishlistItem
from portico.accounts.models import Person
from portico.due.models import DueWork
from portico.due.runner import run_due
from portico.notices.models import Notice
from tests.world import Region, School

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def told(school: School) -> list[tuple[str, int]]:
    with school:
        return [
            (notice.data["title"], notice.data["count"])
            for notice in Notice.objects.filter(kind="wish_matches").order_by("created_at")
        ]


def afternoon(school: School, days: int) -> None:
    """The clock comes by *days* days from now. What it told is put back to the present:
    PostgreSQL's own clock says when a listing appeared, and that one does not travel."""
    with time_machine.travel(timezone.now() + days * DAY, tick=False):
        run_due(region="bronx")
    with school:
        Notice.objects.filter(created_at__gt=timezone.now()).update(created_at=timezone.now())


@pytest.fixture
def wishing(met: School) -> tuple[Person, WishlistItem]:
    student = met.student()
    met.opportunity(title="Old Studio", field="arts")
    with met:
        wish = add_wish(student=student, field="arts")
    return student, wish


def test_what_others_release_and_what_the_school_adds(
    met: School, academy: School, bronx: Region, wishing: object
) -> None:
    afternoon(met, 1)
    assert told(met) == []  # nothing is new
    academy.release(academy.opportunity(title="Print Shop", field="arts"))
    academy.release(academy.opportunity(title="Clinic", field="health"))
    afternoon(met, 2)
    assert told(met) == [("Print Shop", 1)]
    afternoon(met, 3)
    assert told(met) == [("Print Shop", 1)]
    met.opportunity(title="Own Studio", field="arts")
    bronx.posting(title="Theater", field="arts")
    afternoon(met, 4)
    assert len(told(met)) == 2
    assert told(met)[1][1] == 2  # both in one notice


def test_once_a_day_at_most(met: School, academy: School, wishing: object) -> None:
    academy.release(academy.opportunity(title="Print Shop", field="arts"))
    afternoon(met, 1)
    academy.release(academy.opportunity(title="Weaver", field="arts"))
    afternoon(met, 1)
    assert told(met) == [("Print Shop", 1)]
    afternoon(met, 2)
    assert told(met) == [("Print Shop", 1), ("Weaver", 1)]


def test_a_release_for_own_students_first_is_no_news_yet(
    met: School, academy: School, wishing: object
) -> None:
    academy.release(
        academy.opportunity(title="Print Shop", field="arts"),
        visible_from=timezone.now() + 30 * DAY,
    )
    afternoon(met, 1)
    assert told(met) == []


def test_without_wishes_there_is_no_work(met: School, wishing: tuple[Person, WishlistItem]) -> None:
    student, wish = wishing
    with met:
        remove_wish(student=student, wish_id=wish.id)
    afternoon(met, 1)
    with met:
        assert not DueWork.objects.filter(kind="wish_news").exists()
