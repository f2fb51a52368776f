"""Statements of one question travel together: a round trip costs as much as a small one."""

from typing import Any

from django.db import connections

from sharing.search.pieces import Piece, join
from tenants.context import current_alias

Row = tuple[Any, ...]


def rows_of(*statements: Piece | None) -> list[list[Row]]:
    """The rows of each statement, all asked in one message; None asks nothing and has no rows.

    Several statements in one text need parameters that are written into it before it is
    sent: psycopg's client-side binding, Django's default.
    """
    asked = [statement for statement in statements if statement is not None]
    if not asked:
        return [[] for _none in statements]
    message = join("; ", asked)
    answers: list[list[Row]] = []
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(message.text, message.params)
        for statement in statements:
            if statement is None:
                answers.append([])
                continue
            answers.append(cursor.fetchall())
            cursor.nextset()
    return answers


class Asking:
    """Asks one statement after the other; the first takes *along* with it."""

    def __init__(self, *, along: Piece | None = None) -> None:
        self._waiting = along
        self._brought: list[Row] = []

    def rows(self, statement: Piece) -> list[Row]:
        if self._waiting is None:
            return rows_of(statement)[0]
        rows, self._brought = rows_of(statement, self._waiting)
        self._waiting = None
        return rows

    def along(self) -> list[Row]:
        """The rows of what went along; asked now where nothing else was."""
        if self._waiting is not None:
            (self._brought,) = rows_of(self._waiting)
            self._waiting = None
        return self._brought
