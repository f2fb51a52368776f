"""A browser's session and whose it is, read as one row before anything else of a request.

By hand, not by the ORM: the statement never changes, and compiling it for every request (two
of them, with Django's own middleware) takes several times as long as PostgreSQL takes for it.
"""

from functools import cache
from typing import Any, TypeVar

from django.db import connections, models
from django.utils import timezone
from psycopg import sql

from portico.accounts.models import Person
from portico.signin.models import Session

Made = TypeVar("Made", bound=models.Model)


def read_session(*, session_key: str, alias: str) -> tuple[Session, Person | None] | None:
    """The session with this key that is not over, and its person; None if there is none."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_statement(), [session_key, timezone.now()])
        row = cursor.fetchone()
    if row is None:
        return None
    width = len(_fields(Session))
    session = _made(Session, row[:width], alias)
    person = _made(Person, row[width:], alias) if session.person_id else None
    return session, person


@cache
def _statement() -> str:
    columns = sql.SQL(", ").join(
        sql.Identifier(model._meta.db_table, field.column)
        for model in (Session, Person)
        for field in _fields(model)
    )
    return _BY_KEY.format(columns).as_string()


_BY_KEY = sql.SQL(
    "SELECT {} FROM signin_session LEFT JOIN accounts_person ON id = person_id"
    " WHERE session_key = %s AND expire_date > %s"
)


def _fields(model: type[models.Model]) -> Any:
    return model._meta.concrete_fields


@cache
def _names(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in _fields(model))


@cache
def _converters(model: type[models.Model]) -> tuple[tuple[int, Any], ...]:
    """Places in a row whose values Django makes something of, and what makes it."""
    return tuple(
        (place, field)
        for place, field in enumerate(_fields(model))
        if hasattr(field, "from_db_value")
    )


def _made(model: type[Made], row: tuple[Any, ...], alias: str) -> Made:
    values = list(row)
    for place, field in _converters(model):
        values[place] = field.from_db_value(values[place], field.cached_col, connections[alias])
    return model.from_db(alias, _names(model), values)
