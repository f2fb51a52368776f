"""The list: through action, API and page, beside raw SQL + JSON (limit) and the plain way (rival).

The limit is what psycopg needs for the same answer written by hand (search_raw.py): a page of
20 and the facets, as JSON; who asks is nobody's question there. The rival is the plain way's
sorted UNION (plain/): of the action its search alone, of API and page the same call under its
own settings. API and page are asked through WSGI handlers, a process a way (asked.py). Medians
of one run, in turns, no network.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client

from portico.accounts.models import Person
from sharing.search import Criteria, search_listings
from tenants.context import tenant_context
from tenants.hosts import forget_hosts
from tenants.names import region_of
from tenants.setup import set_up_database
from tests.benchmarks.asked import Site, question, serving
from tests.benchmarks.case import Case
from tests.benchmarks.filled_region import CENTER, COMMON, RARE, RARE_MISTYPED, fill_region
from tests.benchmarks.plain import search as plain_search
from tests.benchmarks.search_raw import has_raw, raw_answer, raw_connection

SIZES = {"small": (500, 5_000), "full": (5_000, 50_000)}
SCHOOLS = {"small": 20, "full": 200}
RUNS = {"small": 15, "full": 25}
MOST_IN_DATABASE = 50.0  # ms
Asker = Callable[[], float]  # asks once; milliseconds
CASES: dict[str, dict[str, Any]] = {
    "browse": {},
    "a rare word": {"words": RARE},
    "a common word": {"words": COMMON},
    "two words": {"words": f"{COMMON} assistant"},
    "a typo": {"words": RARE_MISTYPED},
    "nonsense": {"words": "qwxzzyx"},
    "filters combined": {
        "fields": ("health", "arts"), "days": (2, 4), "pays": ("paid",), "grade": 11,
        "open_only": True,
    },
    "words and filters": {"words": COMMON, "fields": ("health",), "days": (4,), "miles": 3.0},
    "nearest": {"sort": "nearest"},
    "within 2 miles, closing soon": {"miles": 2.0, "sort": "closing"},
}  # fmt: skip


def measure(scale: str) -> list[Case]:
    set_up_database()
    few, many = SIZES[scale]
    small = fill_region(code="small", schools=5, listings=few)
    large = fill_region(code="large", schools=SCHOOLS[scale], listings=many)
    runs = RUNS[scale]
    results = []
    with (
        raw_connection() as raw,
        serving("tests.benchmarks.site_settings") as ours,
        serving("tests.benchmarks.plain.settings", BENCH_REGION="large") as plain,
    ):
        ways = _Ways(large, raw=raw, ours=ours, plain=plain)
        for name, criteria in CASES.items():
            results += _case(name, criteria, ways=ways, runs=runs, many=many)
        results.append(_together(results))
        results += _page_ten(large, runs=runs, many=many)
        sizes = {"small": small, "large": large}
        browse = _medians(
            runs, {name: _timed(partial(_search, school, {})) for name, school in sizes.items()}
        )
    results.append(
        Case(
            case=f"browse at {many:,} beside {few:,}",
            unit="ms",
            ours=browse["large"],
            limit=browse["small"],
            aim="≤ 1.3 × limit",
            ok=browse["large"] <= 1.3 * browse["small"],
        )
    )
    return results


class _Ways:
    """How a question can be asked at *school*: ours by name, `raw`, and the plain way's."""

    def __init__(self, school: str, *, raw: Any, ours: Site, plain: Site) -> None:
        self.school, self.raw, self.sites = school, raw, {"ours": ours, "plain": plain}
        self.browser = _browser(school)

    def of(self, criteria: dict[str, Any]) -> dict[str, Asker]:
        query = _query(criteria)
        page = query | ({"q": query["words"]} if "words" in query else {})
        paths = {
            "API": f"/api/v1/listings/?{urlencode(query, doseq=True)}",
            "page": f"/?{urlencode(page, doseq=True)}",
        }
        asked = partial(_search, self.school, criteria)
        found = {"database": _timed_in_database(asked), "search_listings": _timed(asked)}
        for way, path in paths.items():
            found[way] = self._ask("ours", path)
        if has_raw(criteria):
            found["raw"] = _timed(partial(raw_answer, self.raw, self.school, criteria))
            found["plain search_listings"] = _timed(partial(_plain_search, self.school, criteria))
            for way, path in paths.items():
                found[f"plain {way}"] = self._ask("plain", path)
        return found

    def _ask(self, site: str, path: str) -> Asker:
        asked = question(self.browser, path)
        return lambda: self.sites[site].ask(**asked)[0]


def _case(name: str, criteria: dict[str, Any], *, ways: _Ways, runs: int, many: int) -> list[Case]:
    took = _medians(runs, ways.of(criteria))
    in_database = took["database"]
    found = [
        Case(
            case=f"{name}: in the database, of {many:,}",
            unit="ms",
            ours=in_database,
            aim=f"≤ {MOST_IN_DATABASE:.0f} ms",
            ok=in_database <= MOST_IN_DATABASE,
        )
    ]
    limit = took.get("raw")
    for way in ("search_listings", "API", "page"):
        rival = took.get(f"plain {way}")
        has_aim = way == "API" and limit is not None
        found.append(
            Case(
                case=f"{name}: {way}",
                unit="ms",
                ours=took[way],
                limit=limit,
                rival=rival,
                aim="≤ 2.5 × limit" if has_aim else "shown",
                ok=limit is None or not has_aim or took[way] <= 2.5 * limit,
            )
        )
    return found


def _together(results: list[Case]) -> Case:
    """The API's answers that have a limit and a rival, one after the other."""
    calls = [one for one in results if one.case.endswith(": API") and one.limit and one.rival]
    ours = sum(one.ours for one in calls)
    limit, rival = sum(one.limit or 0 for one in calls), sum(one.rival or 0 for one in calls)
    return Case(
        case="search in the API: the three together",
        unit="ms",
        ours=ours,
        limit=limit,
        rival=rival,
        aim="≤ 2.5 × limit, ≤ rival / 5",
        ok=ours <= 2.5 * limit and ours <= rival / 5,
    )


def _page_ten(school: str, *, runs: int, many: int) -> list[Case]:
    found = []
    for name, criteria in (("browse", {}), ("a common word", {"words": COMMON})):
        cursor = None
        for _page in range(9):
            cursor = _search(school, criteria, cursor=cursor, with_facets=False).next_cursor
        took = _medians(
            runs,
            {
                "first": _timed(partial(_search, school, criteria, with_facets=False)),
                "tenth": _timed(
                    partial(_search, school, criteria, cursor=cursor, with_facets=False)
                ),
            },
        )
        first, tenth = took["first"], took["tenth"]
        found.append(
            Case(
                case=f"{name}: page 10 beside page 1, of {many:,}",
                unit="ms",
                ours=tenth,
                limit=first,
                aim="≤ 2 × limit",
                ok=tenth <= 2 * first,
            )
        )
    return found


# --- the clock ------------------------------------------------------------------------


def _timed(work: Callable[[], object]) -> Asker:
    def ask() -> float:
        began = time.perf_counter()
        work()
        return (time.perf_counter() - began) * 1000

    return ask


def _timed_in_database(work: Callable[[], object]) -> Asker:
    """Of *work* the time spent waiting for statements."""

    def ask() -> float:
        spent = 0.0

        def note(execute: Any, *details: Any) -> Any:
            nonlocal spent
            began = time.perf_counter()
            try:
                return execute(*details)
            finally:
                spent += (time.perf_counter() - began) * 1000

        with connection.execute_wrapper(note):
            work()
        return spent

    return ask


def _medians(runs: int, ways: dict[str, Asker]) -> dict[str, float]:
    """Each way's median; the ways take turns, so that what else the machine does hits all."""
    for ask in ways.values():
        for _warm_up in range(3):
            ask()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _run in range(runs):
        for name, ask in ways.items():
            times[name].append(ask())
    return {name: statistics.median(taken) for name, taken in times.items()}


# --- the questions -----------------------------------------------------------------------


def _search(school: str, criteria: dict[str, Any], **more: Any) -> Any:
    with tenant_context(school):
        return search_listings(criteria=Criteria(**criteria), school_position=CENTER, **more)


def _plain_search(school: str, criteria: dict[str, Any]) -> Any:
    with tenant_context(school):
        return plain_search.search_listings(criteria=Criteria(**criteria), student=None)


def _browser(school: str) -> Client:
    forget_hosts()
    with tenant_context(school):
        student = Person.objects.create(
            email="pat@example.org",
            given_name="Pat",
            family_name="Doe",
            roles=["student"],
            grade=11,
        )
        code = school.partition("__")[2]
        client = Client(SERVER_NAME=f"{code}.{region_of(school)}.localhost")
        client.force_login(student)
    return client


def _query(criteria: dict[str, Any]) -> dict[str, Any]:
    names = {"fields": "field", "days": "day", "pays": "pay", "open_only": "open"}
    return {
        names.get(name, name): list(value) if isinstance(value, tuple) else value
        for name, value in criteria.items()
    }
