"""A school's data, or one student's, in files anybody can read."""

from pathlib import Path

import click

from portico.commands import needs_database
from portico.commands._faults import one_line
from portico.terminal import console, step


@click.group()
def command() -> None:
    """Write a school's or a student's whole data into files anybody can read."""


@command.command()
@click.argument("school")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--with-secrets", is_flag=True, help="Password hashes and tokens too: to move.")
@needs_database
def school(school: str, file: Path, with_secrets: bool) -> None:
    """Write all of SCHOOL (bronx/met) into FILE, a zip. It holds records of minors."""
    from portico.privacy.archive import export_school
    from tenants.names import school_schema

    region, _, code = school.partition("/")
    with one_line(), step("Export") as say:
        contents = export_school(
            schema=school_schema(region=region, school=code),
            target=file.resolve(),
            with_secrets=with_secrets,
            progress=say,
        )
    rows = sum(table["rows"] for table in contents.tables.values())
    console.print(f"{len(contents.tables)} tables, {rows} rows in {file}", markup=False)


@command.command()
@click.argument("school")
@click.argument("email")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@needs_database
def student(school: str, email: str, file: Path) -> None:
    """Write all that SCHOOL (bronx/met) has about the student EMAIL into FILE, a zip."""
    from portico.privacy.student_archive import export_student
    from tenants.names import school_schema

    region, _, code = school.partition("/")
    with one_line():
        rows = export_student(
            schema=school_schema(region=region, school=code), email=email, target=file.resolve()
        )
    console.print(f"{rows} rows in {file}", markup=False)
