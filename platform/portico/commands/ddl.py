"""Write the prepared tables of a school from the migrations, or compare them."""

import difflib

import click

from portico.commands import needs_database
from portico.terminal import console


@click.command()
@click.option("--check", is_flag=True, help="Compare only; exit code 1 when they differ.")
@needs_database
def command(check: bool) -> int:
    """Write the prepared tables of a school from the migrations, or compare them.

    Runs the school's migrations in a schema that is never committed and writes what they
    made to tenants/provisioning/sql/school.sql.
    """
    from tenants.provisioning.ddl import SCHOOL_DDL
    from tenants.provisioning.scratch import ddl_of_migrations

    real = ddl_of_migrations()
    prepared = SCHOOL_DDL.read_text()
    if real == prepared:
        console.print("The prepared tables are those of the migrations.")
        return 0
    if not check:
        SCHOOL_DDL.write_text(real)
        console.print(f"Wrote {SCHOOL_DDL.name}; commit it with the migration.")
        return 0
    for line in difflib.unified_diff(
        prepared.splitlines(), real.splitlines(), SCHOOL_DDL.name, "migrations", lineterm="", n=1
    ):
        console.print(line, markup=False, soft_wrap=True)
    console.print("They differ; run: portico ddl")
    return 1
