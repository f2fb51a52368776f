"""What a table for export is: columns with names, rows read one after the other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.utils.functional import Promise

Cell = str | int | float | Decimal | date | datetime | time | bool | None
Row = Sequence[Cell]
Label = str | Promise


@dataclass(frozen=True)
class Table:
    """*count* says how many rows there will be; *rows* reads them, in a steady order.

    *students*: True where a row is about a student, which is said beside it.
    """

    key: str
    title: Label
    about: Label
    columns: Sequence[Label]
    count: Callable[[], int]
    rows: Callable[[], Iterator[Row]]
    students: bool = False
