"""A student is told when something new matches a kept search."""

import datetime

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from catalog.models import SavedSearch
from portico.due.models import DueWork
from portico.notices.models import Notice
from sharing import saved_searches as searches
from sharing.models import PoolListing
from sharing.search import Criteria
from tenants.errors import Refused

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def save(met, student, **criteria):
    with met:
        return searches.save_search(student=student, name="Mine", criteria=Criteria(**criteria))


def look(met, search):
    """The clock's visit; the notices there are then."""
    with met:
        again_at = import_string(settings.DUE_WORK[searches.WORK])(subject_id=search.id)
        return again_at, list(Notice.objects.filter(kind="search_matches").order_by("id"))


@pytest.fixture
def student(met):
    return met.student()


def test_only_what_is_new_is_told_and_once(met, bronx, student):
    bronx.posting(title="Farm, there already")
    search = save(met, student, words="farm", days=(4,))
    with bronx:  # published a while ago
        PoolListing.objects.update(published_at=timezone.now() - HOUR)
    assert look(met, search)[1] == []
    bronx.posting(title="Farm on Mondays", days=[1])
    bronx.posting(title="Farm on Thursdays", days=[4])
    again_at, (notice,) = look(met, search)
    assert again_at - timezone.now() <= HOUR
    assert notice.person_id == student.id
    assert (notice.data["title"], notice.data["count"]) == ("Farm on Thursdays", 1)
    assert notice.data["address"] == "q=farm&day=4"
    assert len(look(met, search)[1]) == 1


def test_what_our_own_school_adds_is_told_too(met, student):
    search = save(met, student, words="farm")
    met.opportunity(title="Farm Apprentice")
    assert len(look(met, search)[1]) == 1


def test_an_embargo_that_ends_makes_a_listing_new(met, academy, bronx, student):
    listing = academy.release(
        academy.opportunity(title="Farm Helper"), visible_from=timezone.now() + HOUR
    )
    search = save(met, student, words="farm")
    assert look(met, search)[1] == []
    with met:
        SavedSearch.objects.update(checked_at=timezone.now() - 3 * HOUR)
    with bronx:  # published before the last look, to be seen since after it
        PoolListing.objects.filter(id=listing).update(
            published_at=timezone.now() - 9 * HOUR, visible_from=timezone.now() - HOUR
        )
    assert len(look(met, search)[1]) == 1


def test_a_correction_is_no_match(met, bronx, student):
    search = save(met, student, words="roboticz")
    bronx.posting(title="Robotics Intern")
    assert look(met, search)[1] == []


def test_the_work_is_planned_and_dropped(met, student):
    search = save(met, student, words="farm")
    with met:
        (work,) = DueWork.objects.filter(kind=searches.WORK)
        assert (work.subject_id, work.due_at) == (search.id, search.checked_at + HOUR)
        searches.forget_search(student=student, search_id=search.id)
        assert not DueWork.objects.filter(kind=searches.WORK).exists()
    assert look(met, search) == (None, [])


def test_a_student_who_left_is_not_told(met, student):
    search = save(met, student, words="farm")
    met.opportunity(title="Farm")
    with met:
        student.is_active = False
        student.save()
    assert look(met, search) == (None, [])


def test_the_whole_question_is_kept_but_where_one_lives(met, bronx, student):
    asked = Criteria(
        words="farm", fields=("arts",), days=(2, 4), pays=("paid",), origins=("own",), grade=11,
        remote=True, miles=2.5, near=(40.8, -73.9), open_only=True, sort="nearest",
        free_from=datetime.time(9), free_until=datetime.time(15),
        partner=bronx.partner_staff().partner_id, saved_by=student.id,
    )  # fmt: skip
    with met:
        search = searches.save_search(student=student, name="", criteria=asked)
        kept = SavedSearch.objects.get(id=search.id)
        assert searches.read_criteria(kept) == searches.replace(asked, near=None, saved_by=None)
    assert kept.name == "farm"
    assert "40.8" not in str(kept.criteria)


def test_what_is_refused(met, student):
    with met:
        for criteria in (Criteria(), Criteria(sort="newest"), Criteria(near=(40.8, -73.9))):
            with pytest.raises(Refused) as refusal:
                searches.save_search(student=student, name="All", criteria=criteria)
            assert refusal.value.code == "empty"
        for number in range(searches.MOST_SEARCHES):
            save(met, student, words=f"farm {number}")
        with pytest.raises(Refused) as refusal:
            save(met, student, words="one more")
        assert refusal.value.code == "too_many"
        with pytest.raises(SavedSearch.DoesNotExist):
            searches.forget_search(student=met.student(), search_id=SavedSearch.objects.first().id)
