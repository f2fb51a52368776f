"""Tables as files: what can be taken out of the portal, by whom, and how it is written.

`school_tables` and `region_tables` say what there is; `writing` makes CSV and XLSX;
`runs` has the worker make what is long, and keeps it for an hour.
"""

from portico.reports.exports.region_tables import REGION_TABLES
from portico.reports.exports.school_tables import SCHOOL_TABLES
from portico.reports.exports.table import Table

__all__ = ["REGION_TABLES", "SCHOOL_TABLES", "Table", "tables_here"]


def tables_here(kind: str) -> dict[str, Table]:
    """The tables of a kind of tenant, by key."""
    return {table.key: table for table in (SCHOOL_TABLES if kind == "school" else REGION_TABLES)}
