"""Add schools to a region, list or remove them; let one arrive or leave with its data."""

from pathlib import Path

import click

from portico.commands import needs_database
from portico.commands._faults import fields_at_fault, one_line
from portico.terminal import console, step


@click.group()
def command() -> None:
    """Add schools to a region, list or remove them."""


@command.command()
@click.argument("region")
@click.argument("code")
@click.argument("name")
@click.option("--coordinator-email", help="Gets an invitation to be the first coordinator.")
@click.option("--coordinator-given-name", default="")
@click.option("--coordinator-family-name", default="")
@click.option("--inviter", default="Portico", help="Who the invitation is from.", show_default=True)
@click.option("--short-name", default="", help="Up to 12 letters, for the logo.")
@click.option("--external-id", default="", help="The state's or district's id.")
@click.option("--color", default="#0f5c56", show_default=True)
@click.option("--address", default="")
@click.option("--city", default="")
@click.option("--zip-code", default="")
@click.option("--latitude", type=float)
@click.option("--longitude", type=float)
@click.option("--grade-min", type=int)
@click.option("--grade-max", type=int)
@click.option("--student-count", type=int)
@needs_database
def add(
    region: str,
    code: str,
    name: str,
    coordinator_email: str | None,
    coordinator_given_name: str,
    coordinator_family_name: str,
    inviter: str,
    **facts: object,
) -> None:
    """Add school CODE, called NAME, to REGION: portico school add bronx met "The Met".

    Either all of it is made or nothing: tables, rights, address, coordinator, invitation.
    """
    from sharing.schools import FirstPerson, add_school
    from tenants.provisioning.provision import SchoolFacts
    from tenants.queries import primary_host, region_schemas

    if region not in region_schemas():
        raise click.ClickException(f"There is no region {region}; see: portico region list")
    coordinator = None
    if coordinator_email:
        coordinator = FirstPerson(
            given_name=coordinator_given_name,
            family_name=coordinator_family_name,
            email=coordinator_email,
        )
    with fields_at_fault(), step(f"School {code} of {region}") as say:
        school = add_school(
            region=region,
            code=code,
            name=name,
            facts=SchoolFacts(**facts),  # type: ignore[arg-type]
            coordinator=coordinator,
            inviter=inviter,
            progress=say,
        )
    console.print(f"{school.name} answers at {primary_host(school.schema_name)}", markup=False)
    if coordinator is None:
        console.print("It has no coordinator yet; --coordinator-email invites one.")


@command.command("list")
@click.argument("region")
@needs_database
def list_(region: str) -> None:
    """List the schools of REGION."""
    from tenants.queries import schools_of

    for school in schools_of(region=region):
        console.print(f"{school.code:28}  {school.name}", markup=False, soft_wrap=True)


@command.command()
@click.argument("region")
@click.argument("codes", nargs=-1)
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV or XLSX file whose schools are to go, known by id or code.",
)
@click.option(
    "--again",
    "--code-again",
    "again",
    help="Answers the question: the one school's code, or how many there are.",
)
@needs_database
def remove(region: str, codes: tuple[str, ...], file: Path | None, again: str | None) -> int:
    """Remove the schools CODES of REGION with everything they know. Asks before it does.

    A transaction a school: one whose released slots are in use stays and is named, the
    others go. Exit code 1 when some stayed.
    """  # fmt: skip
    from sharing.schools import remove_school
    from tenants.errors import Refused

    found = list(codes) + (_codes_in(file, region=region) if file else [])
    if not found:
        raise click.ClickException("No school of this region is named; nothing was removed.")
    _confirm(found, again)
    stayed = {}
    with step(f"Removing {found[0] if len(found) == 1 else len(found)} from {region}") as say:
        for number, code in enumerate(found, start=1):
            say(f"{number} of {len(found)}: {code}")
            try:
                remove_school(region=region, code=code)
            except Refused as refusal:
                stayed[code] = str(refusal.message)
    for code, reason in stayed.items():
        click.echo(f"Error: {code}: {reason}", err=True)
    return 1 if stayed else 0


def _confirm(codes: list[str], again: str | None) -> None:
    if len(codes) == 1:
        what, wanted = "school's code", codes[0]
    else:
        what, wanted = "number of schools", str(len(codes))
        console.print(", ".join(codes), markup=False)
    if again is None:
        again = click.prompt(f"This cannot be undone. Type the {what} again")
    if again != wanted:
        raise click.ClickException(f"That is another {what}; nothing was removed.")


def _codes_in(file: Path, *, region: str) -> list[str]:
    """The codes of those schools of the file that are (still) there."""
    from portico.importing.columns import lay_out
    from portico.importing.reading import open_table
    from portico.importing.schools import COLUMNS, schools_named

    table = open_table(file)
    layout = lay_out(table.headers, COLUMNS)
    return [school.code for school in schools_named(table, layout, region=region)]


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--region", required=True, help="Where it is to be.")
@click.option("--code", help="Another code than it had.")
@needs_database
def arrive(file: Path, region: str, code: str | None) -> None:
    """Make the school of FILE, which `portico export school` wrote, in a region."""
    from portico.privacy.arriving import import_school
    from tenants.queries import primary_host

    with one_line(), step("Import") as say:
        school, lines = import_school(archive=file, region=region, code=code, progress=say)
    _say_lines(lines)
    console.print(f"{school.name} answers at {primary_host(school.schema_name)}", markup=False)


@command.command()
@click.argument("region")
@click.argument("code")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--to", "target", help="Move to this region at once.")
@click.option("--again", help="The school's code again: answers the question.")
@needs_database
def leave(region: str, code: str, file: Path, target: str | None, again: str | None) -> None:
    """Take school CODE out of REGION with all its data, which is written into FILE first.

    Slots that other schools use of it stay theirs. With --to it goes on in another region;
    without, FILE is all there is of it.
    """
    from portico.privacy.leaving import leave_region, move_school
    from tenants.names import school_schema

    _confirm([code], again)
    schema = school_schema(region=region, school=code)
    with one_line(), step(f"{code} leaves {region}") as say:
        if target:
            _school, lines = move_school(
                schema=schema, region=target, archive=file.resolve(), progress=say
            )
        else:
            lines = leave_region(schema=schema, archive=file.resolve(), progress=say)
    _say_lines(lines)


def _say_lines(lines: list[str]) -> None:
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
