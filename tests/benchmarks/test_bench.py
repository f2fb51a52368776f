"""The measurements' own parts: the smallest subject whole, the plain way's answers, the page."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connections

from sharing.search import Criteria, search_listings
from tenants.context import OWNER
from tests.benchmarks import page
from tests.benchmarks.__main__ import HERE, all_subjects
from tests.benchmarks.asked import question, serving
from tests.benchmarks.case import Case
from tests.benchmarks.search_raw import raw_answer, raw_connection

ROOT = HERE.parents[1]
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_a_subject_prints_its_table_and_writes_its_figures(tmp_path: Path) -> None:
    # Servers of its own, not those of the tests around it.
    environment = {name: value for name, value in os.environ.items() if "_URL" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "round_trip"],
        cwd=ROOT,
        env={**environment, "SCALE": "small", "BENCH_RESULTS": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr  # 1: a busy machine missed an aim
    assert "a tenant for 1 query" in done.stdout
    for case in json.loads((tmp_path / "round_trip.json").read_text()):
        assert case["ours"] > 0
        assert case["ratio_to_limit"] == case["ours"] / case["limit"]
        assert case["ratio_to_rival"] == case["ours"] / case["rival"]


@pytest.mark.parametrize("subject", all_subjects())
def test_a_subject_says_what_it_compares(subject: str) -> None:
    assert ast.get_docstring(ast.parse((HERE / f"{subject}.py").read_text()))


def test_the_plain_way_answers_the_same(committed_db, met, academy) -> None:
    """Pages and calls name the same people, placements and listings under either settings."""
    teacher = met.person("teacher")
    own, theirs = met.opportunity(), academy.opportunity(title="Mural Assistant", capacity=2)
    academy.release(theirs, slots=2)
    student = met.student(teacher=teacher)
    placement = met.placement(own.id, student=student, teacher=teacher)
    asking = {
        "student": (met.client(student), {student.id}),
        "coordinator": (met.client(met.coordinator()), {placement.id}),
    }
    asked = (
        ("student", "/api/v1/me/"),
        ("student", "/api/v1/listings/"),
        ("student", "/api/v1/listings/?words=mural"),
        ("student", "/"),
        ("student", "/?q=mural"),
        ("student", "/journey/"),
        ("coordinator", "/api/v1/placements/"),
        ("coordinator", "/coordinator/requests/"),
    )
    database = os.environ["DATABASE_URL"].rpartition("/")[0]
    name = connections[OWNER].settings_dict["NAME"]
    with serving(
        "tests.benchmarks.plain.settings",
        BENCH_REGION="bronx",
        DATABASE_URL=f"{database}/{name}",
        WEB_DATABASE_URL="",
    ) as plain:
        client, _named = asking["student"]
        noted = plain.statements(**question(client, "/journey/"))
        assert any('FROM "internships_placement"' in one for one in noted)
        for who, path in asked:
            client, _named = asking[who]
            ours = set(UUID.findall(client.get(path).content.decode()))
            assert ours == set(UUID.findall(plain.ask(**question(client, path))[1])), path
            assert ours, path


def test_the_search_by_hand_answers_the_same(committed_db, met, academy) -> None:
    """The limit of the search is of the same listings in the same order, and the same counts."""
    met.opportunity(field="arts", days=[1, 2], grades=[11])
    for title in ("Mural Assistant", "Stage Hand"):
        offer = academy.opportunity(title=title, field="arts", days=[2], grades=[12])
        academy.release(offer)
    for words, size in (("", 3), ("mural", 1)):
        with raw_connection() as raw:
            by_hand = json.loads(raw_answer(raw, met.schema, {"words": words} if words else {}))
        with met:
            ours = search_listings(criteria=Criteria(words=words), school_position=None)
        assert [one["id"] for one in by_hand["results"]] == [str(one.id) for one in ours.listings]
        assert len(ours.listings) == size
        facets = by_hand["facets"]
        assert facets["total"] == {"": ours.total}
        assert facets["field"] == ours.facets.fields
        assert facets["origin"] == ours.facets.origins
        for name, counts in (("days", ours.facets.days), ("grades", ours.facets.grades)):
            assert facets[name] == {str(value): number for value, number in counts.items()}
        assert facets["open"].get("True", 0) == ours.facets.open


# --- the page ---------------------------------------------------------------------------


def test_the_aims_are_of_cases_that_are_measured() -> None:
    for words, subject, pattern in page.AIMS:
        part = pattern.removesuffix("$")  # the end of a name, not of its line
        assert part in (HERE / f"{subject}.py").read_text(), words


def test_the_page_is_filled_between_its_marks(tmp_path: Path) -> None:
    cases = [
        Case(case="slots taken twice", unit="slots", ours=0, aim="0", ok=True),
        Case(
            case="claims by 4 hands",
            unit="/s",
            ours=900,
            limit=1_500,
            aim="≥ 0.7 × limit",
            ok=False,
        ),
        Case(case="beside nothing", unit="ms", ours=5, rival=20, aim="shown", ok=True),
    ]
    (tmp_path / "claims.json").write_text(json.dumps([case.as_json() for case in cases]))
    written = tmp_path / "performance.md"
    written.write_text(f"Before.\n{page.BEGIN}of old\n{page.END}After.\n")
    page.main(results=tmp_path, page=written)
    text = written.read_text()
    assert text.startswith(f"Before.\n{page.BEGIN}### Aims\n")
    assert text.endswith(f"{page.END}After.\n")
    assert "| Claims a second | 900 /s; 0.6 × limit | ≥ 0.7 × limit | missed |" in text
    assert "| Slots taken twice | 0 slots | 0 | ok |" in text
    assert "| beside nothing | ms | 5 | – | 20 | – | 0.25 | shown |  |" in text
    assert "of old" not in text


def test_of_several_cases_the_aims_name_the_worst(tmp_path: Path) -> None:
    cases = [
        Case(
            case=f"{name}: 50 schools beside 10",
            unit="ms",
            ours=took,
            limit=10,
            aim="≤ 1.3 × limit",
            ok=True,
        )
        for name, took in (("find", 11), ("board", 12), ("saved", 9))
    ]
    (tmp_path / "pages.json").write_text(json.dumps([case.as_json() for case in cases]))
    written = tmp_path / "performance.md"
    written.write_text(page.BEGIN + page.END)
    page.main(results=tmp_path, page=written)
    worst = "| Pages and calls at many schools beside few, the worst | 12 ms; 1.2 × limit |"
    assert worst in written.read_text()
