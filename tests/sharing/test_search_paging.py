"""Pages of a list that changes, and counts, for any list: made by hypothesis."""

import datetime
import uuid
from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Opportunity, Site
from sharing.models import Partner, PoolListing
from sharing.search import Criteria, search_listings
from sharing.search import pages as search_pages

pytestmark = pytest.mark.django_db
SCHOOL = (40.82, -73.92)
NOW = timezone.now().replace(microsecond=0)
DAY = datetime.timedelta(days=1)
FIELDS = ["health", "arts", "digital"]
ORDERS = [
    {"sort": "best"},
    {"sort": "newest"},
    {"sort": "nearest"},
    {"sort": "closing"},
    {"sort": "best", "words": "garden"},
    {"sort": "nearest", "words": "garden", "open_only": True},
]

offers = st.fixed_dictionaries(
    {
        "own": st.booleans(),
        "minutes": st.integers(0, 3),  # few values: ties are the hard part
        "title": st.sampled_from(["Garden Helper", "Garden garden", "Gardener", "Bank Teller"]),
        "field": st.sampled_from(FIELDS),
        "days": st.lists(st.integers(1, 7), unique=True, max_size=3),
        "pay": st.sampled_from(["paid", "credit", "unpaid"]),
        "grades": st.lists(st.integers(9, 12), unique=True, max_size=3),
        "remote": st.booleans(),
        "latitude": st.sampled_from([None, 40.82, 40.83, 41.9]),
        "starts_in": st.sampled_from([None, -3, 0, 5]),
        "taken": st.integers(0, 1),
    }
)
property_test = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Emptied:
    """What one example made is gone before the next."""

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *details):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


def add(met, bronx, rows):
    """Rows as they are, past the rules: quick, and in states the rules would need time for."""
    ids = []
    with met:
        site = Site.objects.create(name="Anywhere")
    with bronx:
        partner, _made = Partner.objects.get_or_create(name="Bridge Works")
    for row in rows:
        facts = {
            "title": row["title"],
            "site_name": "Anywhere",
            "description": "",
            "field": row["field"],
            "days": row["days"],
            "pay": row["pay"],
            "grades": row["grades"],
            "remote": row["remote"],
            "taken": row["taken"],
            "latitude": row["latitude"],
            "longitude": None if row["latitude"] is None else -73.92,
            "published_at": NOW - row["minutes"] * datetime.timedelta(minutes=1),
            "starts_on": None
            if row["starts_in"] is None
            else timezone.localdate() + row["starts_in"] * DAY,
        }
        if row["own"]:
            with met:
                made = Opportunity.objects.create(site=site, state="published", capacity=1, **facts)
        else:
            with bronx:
                made = PoolListing.objects.create(
                    partner=partner,
                    origin_kind="partner",
                    origin_name=partner.name,
                    slots=1,
                    **facts,
                )
        ids.append(made.id)
    return ids


def walk(met, criteria, *, size, between=lambda: None):
    """All ids, page after page; *between* pages the list may change."""
    seen: list[uuid.UUID] = []
    cursor = None
    while True:
        with met:
            results = search_listings(
                criteria=criteria,
                school_position=SCHOOL,
                cursor=cursor,
                size=size,
                with_facets=False,
            )
        assert len(results.listings) <= size
        seen += [listing.id for listing in results.listings]
        cursor = results.next_cursor
        if cursor is None:
            return seen
        between()


@property_test
@given(
    rows=st.lists(offers, min_size=1, max_size=12),
    later=st.lists(offers, max_size=6),
    size=st.integers(1, 4),
    order=st.sampled_from(ORDERS),
    ranked=st.integers(1, 5),
)
def test_pages_neither_skip_nor_repeat_while_listings_come(
    met, bronx, monkeypatch, rows, later, size, order, ranked
):
    monkeypatch.setattr(search_pages, "RANKED", ranked)  # so that few rows need both stretches
    criteria = Criteria(**order)
    with Emptied():
        add(met, bronx, rows)
        there_from_the_start = walk(met, criteria, size=100)
        coming = iter(later)

        def one_comes():
            if (row := next(coming, None)) is not None:
                add(met, bronx, [row])

        seen = walk(met, criteria, size=size, between=one_comes)
        assert max(Counter(seen).values(), default=0) <= 1
        still = [one for one in seen if one in there_from_the_start]
        assert set(still) == set(there_from_the_start)
        if order["sort"] != "best" or "words" not in order:
            # of the best matches the newest are ranked when a branch is first reached
            assert still == there_from_the_start


@property_test
@given(
    rows=st.lists(offers, min_size=2, max_size=12),
    size=st.integers(1, 3),
    order=st.sampled_from(ORDERS),
)
def test_pages_go_on_when_listings_go(met, bronx, rows, size, order):
    criteria = Criteria(**order)
    with Emptied():
        ids = add(met, bronx, rows)
        expected = walk(met, criteria, size=100)
        going = iter(ids)
        gone = set()

        def one_goes():
            if (one := next(going, None)) is not None:
                gone.add(one)
                with met:
                    Opportunity.objects.filter(id=one).update(state="paused")
                with bronx:
                    PoolListing.objects.filter(id=one).update(state="closed")

        seen = walk(met, criteria, size=size, between=one_goes)
        assert max(Counter(seen).values(), default=0) <= 1
        assert {one for one in expected if one not in gone} <= set(seen) <= set(expected)


FILTERS = {
    "fields": st.lists(st.sampled_from(FIELDS), max_size=2, unique=True).map(tuple),
    "days": st.lists(st.integers(1, 7), max_size=2, unique=True).map(tuple),
    "pays": st.lists(st.sampled_from(["paid", "credit"]), max_size=2, unique=True).map(tuple),
    "origins": st.sampled_from([(), ("own",), ("partner",), ("school", "own")]),
    "grade": st.sampled_from([None, 9, 11]),
    "remote": st.booleans(),
    "open_only": st.booleans(),
    "words": st.sampled_from(["", "garden"]),
}
KIND_OF_FACET = {
    "fields": ("fields", ()),
    "days": ("days", ()),
    "pays": ("pays", ()),
    "origins": ("origins", ()),
    "grades": ("grade", None),
    "remote": ("remote", False),
    "open": ("open_only", False),
}


@property_test
@given(rows=st.lists(offers, max_size=12), filters=st.fixed_dictionaries(FILTERS))
def test_each_facet_counts_what_all_other_filters_leave(met, bronx, rows, filters):
    def fits(row, chosen):
        return (
            (not chosen["fields"] or row["field"] in chosen["fields"])
            and (not chosen["days"] or set(row["days"]) & set(chosen["days"]))
            and (not chosen["pays"] or row["pay"] in chosen["pays"])
            and (not chosen["origins"] or ("own" if row["own"] else "partner") in chosen["origins"])
            and (chosen["grade"] is None or not row["grades"] or chosen["grade"] in row["grades"])
            and (not chosen["remote"] or row["remote"])
            and (not chosen["open_only"] or row["taken"] == 0)
            and (not chosen["words"] or "arden" in row["title"])
        )

    with Emptied():
        add(met, bronx, rows)
        with met:
            results = search_listings(criteria=Criteria(**filters), school_position=SCHOOL)
    values = {
        "fields": lambda row: [row["field"]],
        "days": lambda row: row["days"],
        "pays": lambda row: [row["pay"]],
        "origins": lambda row: ["own" if row["own"] else "partner"],
        "grades": lambda row: row["grades"] or list(range(6, 13)),
        "remote": lambda row: [True] * row["remote"],
        "open": lambda row: [True] * (row["taken"] == 0),
    }
    assert results.total == sum(bool(fits(row, filters)) for row in rows)
    for facet, (criterion, anything) in KIND_OF_FACET.items():
        others = filters | {criterion: anything}
        expected = Counter(
            value for row in rows if fits(row, others) for value in values[facet](row)
        )
        counted = getattr(results.facets, facet)
        assert counted == (expected[True] if isinstance(counted, int) else dict(expected)), facet


class TestCursors:
    @pytest.fixture
    def first(self, met, bronx):
        for title in ("A", "B", "C"):
            bronx.posting(title=title)
        with met:
            return search_listings(criteria=Criteria(), school_position=SCHOOL, size=2)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda cursor: "nonsense",
            lambda cursor: cursor[:-2],
            lambda cursor: "x" + cursor,
            lambda cursor: "\x00",
            lambda cursor: "é" * 50,
        ],
    )
    def test_a_spoilt_cursor_starts_over(self, met, first, spoil):
        with met:
            again = search_listings(
                criteria=Criteria(),
                school_position=SCHOOL,
                size=2,
                cursor=spoil(first.next_cursor),
            )
        assert [one.id for one in again.listings] == [one.id for one in first.listings]

    def test_another_questions_cursor_starts_over(self, met, first):
        with met:
            again = search_listings(
                criteria=Criteria(sort="nearest"),
                school_position=SCHOOL,
                size=2,
                cursor=first.next_cursor,
            )
        assert len(again.listings) == 2

    def test_a_corrected_search_stays_corrected(self, met, bronx):
        for _number in range(3):
            bronx.posting(title="Robotics")
        criteria = Criteria(words="roboticz")
        with met:
            first = search_listings(criteria=criteria, school_position=SCHOOL, size=2)
            second = search_listings(
                criteria=criteria, school_position=SCHOOL, size=2, cursor=first.next_cursor
            )
        assert first.suggestion == second.suggestion == "robotics"
        assert len({one.id for one in first.listings + second.listings}) == 3
