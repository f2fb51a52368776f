"""Puts what was measured into docs/performance.md: python -m tests.benchmarks.page

Reads build/bench/*.json and writes, between the two marks, first the aims and how far they
are met, then a table a subject; what stands around them is written by hand.
"""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"
RESULTS = ROOT / "build" / "bench"
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"
HEAD = "| case | unit | ours | limit | rival | × limit | × rival | aim | |\n" + "|---" * 9 + "|\n"
AIMS_HEAD = "### Aims\n| | measured | aim | |\n" + "|---" * 4 + "|\n"
# What it is about, the subject, and a pattern of its cases' names. Of several cases the one
# stands there that is furthest from the aim.
AIMS = (
    ("A new school, whole", "provisioning", "a school whole"),
    ("A new school at 1,000 beside at 10", "provisioning", "one more at"),
    ("A school removed", "provisioning", "a school removed"),
    ("A release, a school", "migrations", "a school, median"),
    ("A release on all schools, a school", "migrations", "compiling included"),
    ("A release that runs Python, a school", "migrations", "with Python in each"),
    ("A tenant for a request of one query", "round_trip", "for 1 query"),
    ("A simple page beside stock settings", "pages", "the tenant's middleware alone$"),
    ("Pages and calls at many schools beside few, the worst", "pages", "schools beside"),
    ("Search in the API, three questions", "search", "the three together"),
    ("One question in the API, the worst", "search", ": API"),
    ("What a person types, in the database, the worst", "search", "in the database"),
    ("Browsing the large pool beside the small", "search", "browse at"),
    ("Claims a second", "claims", "claims by"),
    ("Slots taken twice", "claims", "taken twice"),
    ("What a connection grows to", "memory", "a connection after"),
    ("What ending it costs a request", "memory", "what that costs a request"),
    ("Due work in many schools beside few, the worst", "due", "schools beside"),
    ("A region's overview at 1,000 schools beside 10", "rollups", "overview of"),
    ("Supply beside a UNION over all schemas", "rollups", "beside a UNION"),
    ("Check-ins of a morning", "morning", "check-ins of"),
    ("A check-in, 95 of 100", "morning", "a check-in, 95"),
    ("Requests that failed in half an hour", "soak", "failed"),
    ("Memory after half an hour, the worst", "soak", "memory of"),
)
Measured = dict[str, list[dict[str, Any]]]


def main(*, results: Path = RESULTS, page: Path = PAGE) -> None:
    measured: Measured = {
        file.stem: json.loads(file.read_text()) for file in sorted(results.glob("*.json"))
    }
    before, _, rest = page.read_text().partition(BEGIN)
    _old, _, after = rest.partition(END)
    tables = [_aims(measured), *(_table(name, cases) for name, cases in measured.items())]
    page.write_text(before + BEGIN + "\n".join(tables) + END + after)


def _aims(measured: Measured) -> str:
    rows = []
    for words, subject, pattern in AIMS:
        named = (one for one in measured.get(subject, []) if re.search(pattern, one["case"]))
        cases = [one for one in named if _aimed(one)]
        if cases:
            worst = max(cases, key=lambda one: (not one["ok"], _distance(one)))
            cells = (words, _in_words(worst), worst["aim"], "ok" if worst["ok"] else "missed")
            rows.append("| " + " | ".join(cells) + " |\n")
    return AIMS_HEAD + "".join(rows)


def _aimed(case: dict[str, Any]) -> bool:
    return case["aim"] != "shown"


def _distance(case: dict[str, Any]) -> float:
    """Larger is worse: the ratio to the limit, without one the figure itself."""
    ratio = case["ratio_to_limit"] or case["ratio_to_rival"] or case["ours"]
    return -ratio if case["aim"].startswith("≥") else ratio


def _in_words(case: dict[str, Any]) -> str:
    """`0.217 s; 1.18 × limit; rival / 11`."""
    said = [f"{_figure(case['ours'])} {case['unit']}".strip()]
    if case["ratio_to_limit"] is not None:
        said.append(f"{_figure(case['ratio_to_limit'])} × limit")
    if (ratio := case["ratio_to_rival"]) is not None:
        said.append(f"{_figure(ratio)} × rival" if ratio >= 1 else f"rival / {_figure(1 / ratio)}")
    return "; ".join(said)


def _table(name: str, cases: list[dict[str, Any]]) -> str:
    return f"### {name}\n{HEAD}{''.join(map(_row, cases))}"


def _row(case: dict[str, Any]) -> str:
    figures = ("ours", "limit", "rival", "ratio_to_limit", "ratio_to_rival")
    cells = [case["case"], case["unit"], *(_figure(case[name]) for name in figures)]
    return "| " + " | ".join([*cells, case["aim"], _verdict(case)]) + " |\n"


def _verdict(case: dict[str, Any]) -> str:
    if not _aimed(case):
        return ""
    return "ok" if case["ok"] else "missed"


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main()
