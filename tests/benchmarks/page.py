"""Puts what was measured into docs/performance.md: python -m tests.benchmarks.page

Reads build/bench/*.json and writes a table a subject between the two marks; what stands
around them is written by hand.
"""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"
HEAD = "| case | unit | ours | limit | rival | × limit | × rival | aim | |\n" + "|---" * 9 + "|\n"


def main() -> None:
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _old, _, after = rest.partition(END)
    tables = [_table(file) for file in sorted((ROOT / "build" / "bench").glob("*.json"))]
    PAGE.write_text(before + BEGIN + "\n".join(tables) + END + after)


def _table(file: Path) -> str:
    rows = [_row(case) for case in json.loads(file.read_text())]
    return f"### {file.stem}\n{HEAD}{''.join(rows)}"


def _row(case: dict[str, Any]) -> str:
    figures = ("ours", "limit", "rival", "ratio_to_limit", "ratio_to_rival")
    cells = [case["case"], case["unit"], *(_figure(case[name]) for name in figures)]
    return "| " + " | ".join([*cells, case["aim"], "ok" if case["ok"] else "missed"]) + " |\n"


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main()
