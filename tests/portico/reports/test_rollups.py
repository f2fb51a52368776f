"""Rollups: what a school counts of itself, kept in step, and read by nobody it is not for."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from catalog.actions import add_wish, set_favorite
from portico.due.counts import ROLLUP
from portico.due.models import DueWork
from portico.due.runner import run_due
from portico.reports.rollups import differing_rollups, rebuild_rollups, refresh_rollups
from sharing.models import Rollup
from tenants.context import tenant_context


def rows(world) -> dict[tuple[str, str], Rollup]:
    """The rollups *world* sees, by (kind, key), of itself."""
    with world:
        return {(row.kind, row.key): row for row in Rollup.objects.filter(school=world.schema)}


def the_worker_comes(later: timedelta) -> None:
    with time_machine.travel(timezone.now() + later, tick=False):
        run_due(region="bronx")


@pytest.mark.django_db
def test_what_a_school_counts(met, academy, bronx):
    teacher = met.person("teacher")
    offer = met.opportunity(capacity=5, field="health")
    met.opportunity(publish=False, field="health")
    met.release(offer, slots=2)
    posting = bronx.posting(field="arts", slots=4)
    foreign = academy.release(academy.opportunity(field="health"))
    interning = met.placement(offer.id, state="active", teacher=teacher)
    met.placement(offer.id, state="pursuing")
    met.placement(offer.id, state="declined")
    met.placement(posting.id, state="completed")
    met.placement(foreign, state="requested")
    with met:
        for field, job in (("arts", ""), ("arts", "Muralist"), ("", "Astronaut")):
            add_wish(student=interning.student, field=field, job=job)
        set_favorite(student=interning.student, listing_id=posting.id, saved=True)
        refresh_rollups()
    kept = rows(met)
    whole, health, arts = kept["whole", ""], kept["field", "health"], kept["field", "arts"]
    assert (whole.sites, whole.opportunities, whole.published) == (2, 2, 1)
    assert (health.slots, health.free, health.released) == (5, 1, 2)
    assert (whole.students, whole.never_placed) == (5, 3)
    assert (whole.wishing, arts.wishing, arts.favorites) == (1, 1, 1)
    assert (health.interning, health.pursuing, health.turned_away, health.waiting) == (1, 1, 1, 1)
    assert (arts.finished, arts.started, arts.ended) == (1, 1, 1)
    assert kept["grade", "11"].students == 5
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    week = kept["week", monday.isoformat()]
    assert (week.requested, week.started, week.ended) == (5, 2, 1)
    assert kept["origin", academy.schema].waiting == 1
    assert kept["origin", str(posting.partner_id)].finished == 1
    assert len([key for kind, key in kept if kind == "field"]) == 14

    with bronx:
        refresh_rollups()
    partner = rows(bronx)["origin", str(posting.partner_id)]
    assert (partner.published, partner.released) == (1, 4)


def test_a_change_is_counted_within_a_minute(committed_db, met, academy):
    met.opportunity()
    the_worker_comes(timedelta(seconds=25))
    assert rows(met) == {}
    the_worker_comes(timedelta(seconds=50))
    assert rows(met)["whole", ""].opportunities == 1
    student = met.student()
    with met:
        add_wish(student=student, field="arts")  # not in history: counted all the same
    the_worker_comes(timedelta(seconds=50))
    assert rows(met)["field", "arts"].wishing == 1
    with tenant_context("bronx"):
        assert not DueWork.objects.filter(kind=ROLLUP, school=met.schema).exists()


def test_many_changes_of_one_moment_are_counted_once(committed_db, met):
    for _ in range(3):
        met.opportunity()
    with tenant_context("bronx"):
        assert DueWork.objects.filter(kind=ROLLUP, school=met.schema).count() == 1
    with time_machine.travel(timezone.now() + timedelta(seconds=25)):
        met.opportunity()  # the plan is too near to rely on
    with tenant_context("bronx"):
        assert DueWork.objects.filter(kind=ROLLUP, school=met.schema).count() == 2
    the_worker_comes(timedelta(minutes=2))
    assert rows(met)["whole", ""].opportunities == 4


def test_nothing_is_written_when_nothing_changed(committed_db, met):
    met.opportunity()
    first = rebuild_rollups(region="bronx")
    assert first[met.schema] > 14
    assert set(rebuild_rollups(region="bronx").values()) == {0}


def test_rebuild_mends_what_is_wrong_and_comparing_keeps_its_hands_off(committed_db, met):
    met.opportunity()
    rebuild_rollups(region="bronx")
    with met:
        Rollup.objects.filter(kind="whole").update(students=99)
        Rollup.objects.create(
            kind="origin", key="ghost", school=met.schema, counted_at=timezone.now()
        )
    for _ in range(2):
        assert differing_rollups(region="bronx")[met.schema] == 2
    assert rebuild_rollups(region="bronx")[met.schema] == 2
    assert differing_rollups(region="bronx")[met.schema] == 0
    assert rows(met)["whole", ""].students == 0


@pytest.mark.django_db
def test_a_school_sees_its_own_and_the_region_all(met, academy, bronx):
    for world in (met, academy, bronx):
        with world:
            refresh_rollups()
    with met:
        assert set(Rollup.objects.values_list("school", flat=True)) == {met.schema}
        assert Rollup.objects.filter(school=academy.schema).update(students=7) == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Rollup.objects.create(
                kind="whole", key="x", school=academy.schema, counted_at=timezone.now()
            )
    with bronx:
        seen = set(Rollup.objects.values_list("school", flat=True))
        assert seen == {met.schema, academy.schema, bronx.schema}
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Rollup.objects.filter(school=met.schema).update(students=7)


@pytest.mark.django_db
def test_one_row_a_thing(met):
    with met:
        refresh_rollups()
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO sharing_rollup SELECT * FROM sharing_rollup LIMIT 1")
