"""A budget of database statements a page: `tests/query_budgets.json`, page name → most.

    with query_budget("student-find"):
        client.get("/")

A page that needs more has to earn it: measure, then change the number in the same commit.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

BUDGETS = Path(__file__).parents[2] / "query_budgets.json"


@contextmanager
def query_budget(page: str) -> Iterator[CaptureQueriesContext]:
    """Fail when the block sends more statements than *page* may; it must have a budget.

    The statements of the sign-in and the tenant count too: they are what the page costs.
    Savepoints do not: in tests they stand where a request has BEGIN and COMMIT.
    """
    most = json.loads(BUDGETS.read_text(encoding="utf-8"))[page]
    with CaptureQueriesContext(connection) as captured:
        yield captured
    sent = [query["sql"] for query in captured.captured_queries]
    counted = [sql for sql in sent if not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT"))]
    statements = "\n".join(f"{number}. {sql}" for number, sql in enumerate(counted, start=1))
    assert len(counted) <= most, f"{page}: {len(counted)} statements, {most} allowed\n{statements}"
