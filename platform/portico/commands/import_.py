"""Bring schools or opportunities in from a CSV or XLSX file."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape
from rich.table import Table as Grid

from portico.commands import needs_database
from portico.terminal import console, step

if TYPE_CHECKING:
    from portico.importing.columns import Column, Layout
    from portico.importing.plan import Plan
    from portico.importing.reading import Table

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group()
def command() -> None:
    """Bring schools or opportunities in from a CSV or XLSX file.

    All rows are read and judged first; only when every one is good is anything changed.
    Importing a file again changes what is there instead of doubling it.
    """


def _options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--map", "maps", multiple=True, metavar="OURS=THEIRS",
                     help="Our column is called THEIRS in the file. May be repeated."),
        click.option("--set", "presets", multiple=True, metavar="OURS=VALUE",
                     help="A value for all rows that have none of their own. May be repeated."),
        click.option("--dry-run", is_flag=True, help="Show what would change; change nothing."),
        click.option("--encoding", default="", help="Of a CSV; found out unless named."),
        click.option("--sheet", default="", help="Of a workbook; the first unless named."),
    ):  # fmt: skip
        function = option(function)
    return function


@command.command()
@click.argument("file", type=FILE)
@click.option("--region", required=True, help="The region the schools are in, by its code.")
@click.option("--inviter", default="Portico", show_default=True,
              help="Who coordinators' invitations are from.")  # fmt: skip
@_options
@needs_database
def schools(
    file: Path, region: str, inviter: str, maps: tuple[str, ...], presets: tuple[str, ...],
    dry_run: bool, encoding: str, sheet: str,
) -> int:  # fmt: skip
    """Make the schools of FILE in a region, or bring them up to date.

    A transaction a school: when it is interrupted, run it again and it goes on.
    """
    from portico.importing.schools import COLUMNS, apply_schools, plan_schools
    from tenants.queries import region_schemas

    if region not in region_schemas():
        raise click.ClickException(f"There is no region {region}; see: portico region list")
    table, layout = _open(file, COLUMNS, maps, presets, encoding, sheet)
    with _file_at_fault(), step(f"Reading {file.name}"):
        plan = plan_schools(table, layout, region=region)
    if not _show(plan, "schools", dry_run=dry_run):
        return 1
    if dry_run:
        return 0
    with step("Saving") as say:
        failed = apply_schools(plan, region=region, inviter=inviter, progress=say)
    for remark in failed:
        console.print(f"[red]failed[/] line {remark.line}: {escape(remark.text)}", soft_wrap=True)
    return 1 if failed else 0


@command.command()
@click.argument("file", type=FILE)
@click.option("--region", required=True, help="The region, by its code.")
@click.option(
    "--school",
    "code",
    default="",
    help="The school all rows are of, by its code; else the file's school column says.",
)
@_options
@needs_database
def opportunities(
    file: Path, region: str, code: str, maps: tuple[str, ...], presets: tuple[str, ...],
    dry_run: bool, encoding: str, sheet: str,
) -> int:  # fmt: skip
    """Add the opportunities of FILE to one school or to the schools of a region."""
    from portico.audit.actions import Source, source
    from portico.importing.offer_plan import (
        apply_opportunities,
        plan_opportunities,
        schools_by_name,
    )
    from portico.importing.opportunities import COLUMNS
    from tenants.queries import schools_of

    known = {school.code: school for school in schools_of(region=region)}
    table, layout = _open(file, COLUMNS, maps, presets, encoding, sheet)
    if code:
        if code not in known:
            raise click.ClickException(f"There is no school {code} in {region}")
        only = known[code].schema_name
        find_school = lambda name: only  # noqa: E731
    elif layout.has("school"):
        find_school = schools_by_name(known.values())  # type: ignore[assignment]
    else:
        raise click.ClickException("No column says which school: use --school or --map school=…")
    source.set(Source(via="command"))
    with _file_at_fault(), step(f"Reading {file.name}") as say:
        plan = plan_opportunities(table, layout, find_school=find_school, progress=say)
    if not _show(plan, "opportunities", dry_run=dry_run):
        return 1
    if dry_run:
        return 0
    with step("Saving") as say:
        apply_opportunities(plan, source=file.name, progress=say)
    return 0


def _open(
    file: Path, columns: "tuple[Column, ...]", maps: tuple[str, ...], presets: tuple[str, ...],
    encoding: str, sheet: str,
) -> "tuple[Table, Layout]":  # fmt: skip
    from portico.importing.columns import lay_out
    from portico.importing.reading import open_table

    chosen, preset = _pairs(maps, "--map"), _pairs(presets, "--set")
    with _file_at_fault():
        table = open_table(file, encoding=encoding, sheet=sheet)
        layout = lay_out(table.headers, columns, chosen=chosen, preset=preset)
    if layout.ignored:
        console.print(f"Not used: {', '.join(layout.ignored)}", markup=False)
    return table, layout


@contextlib.contextmanager
def _file_at_fault() -> Iterator[None]:
    """What is wrong with the file as a whole is one line and exit code 1."""
    from portico.importing.columns import ColumnsMissing
    from portico.importing.reading import UnreadableFile

    try:
        yield
    except (UnreadableFile, ColumnsMissing) as error:
        raise click.ClickException(str(error)) from error


def _pairs(texts: tuple[str, ...], option: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        ours, equals, theirs = text.partition("=")
        if not equals or not ours or not theirs:
            raise click.ClickException(f"{option} {text}: write it as OURS=THEIRS")
        pairs[ours.strip()] = theirs.strip()
    return pairs


def _show(plan: "Plan", what: str, *, dry_run: bool) -> bool:
    """Print what would change and what is wrong; False when something is."""
    for note in plan.notes:
        console.print(f"[yellow]note[/] line {note.line}: {escape(note.text)}", soft_wrap=True)
    for remark in plan.bad:
        console.print(f"[red]bad[/]  line {remark.line}: {escape(remark.text)}", soft_wrap=True)
    counts = plan.counts
    if dry_run and plan.examples:
        grid = Grid("line", "", what, "changes")
        for change in plan.examples:
            grid.add_row(str(change.line), change.kind, escape(change.what), escape(change.details))
        more = counts["new"] + counts["changed"] - len(plan.examples)
        if more > 0:
            grid.add_row("", "", f"and {more} more", "")
        console.print(grid)
    bad_lines = len({remark.line for remark in plan.bad})
    console.print(
        f"{what}: {counts['new']} new, {counts['changed']} changed, {counts['same']} the same, "
        f"{counts['repeated']} repeated, {bad_lines} bad"
    )
    if plan.bad:
        console.print("Nothing was changed.")
    elif dry_run:
        console.print("A dry run: nothing was changed.")
    return plan.is_good
