"""Bring people in from a OneRoster zip, and see first what would change."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape
from rich.table import Table as Grid

from portico.commands import needs_database
from portico.terminal import console, step

if TYPE_CHECKING:
    from portico.rosters.difference import Difference
    from portico.rosters.roster import Roster
    from portico.rosters.runs import Plan
    from tenants.models import School

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
MOST_LINES = 25


@click.command()
@click.argument("file", type=FILE)
@click.option("--region", required=True, help="The region the schools are in, by its code.")
@click.option("--school", "code", default="", help="Only this school, by its code.")
@click.option(
    "--match",
    "matches",
    multiple=True,
    metavar="ORG=CODE",
    help="The roster's org is the school with this code; kept. May be repeated.",
)
@click.option("--add-schools", is_flag=True, help="Make a school for each org that is new.")
@click.option("--coordinators", is_flag=True, help="A school's administrators become coordinators.")
@click.option("--dry-run", is_flag=True, help="Show what would change; change nothing.")
@click.option(
    "--allow", is_flag=True, help="Go on though more than a tenth of a school would be deactivated."
)
@needs_database
def command(
    file: Path, region: str, code: str, matches: tuple[str, ...], add_schools: bool,
    coordinators: bool, dry_run: bool, allow: bool,
) -> int:  # fmt: skip
    """Bring the people of FILE into a school or a region.

    FILE is a OneRoster 1.1 or 1.2 zip, or a .toml that says where a OneRoster 1.2 service is.
    Who is gone is deactivated, never deleted. Running the same file again changes nothing.
    """
    from portico.audit.actions import Source, source
    from portico.rosters.oneroster import read_oneroster
    from portico.rosters.runs import apply_plan, plan_roster, today_in
    from tenants.errors import Refused

    schools = _schools(region, code)
    with _at_hand(file) as zipped, _refusals(), step(f"Reading {file.name}"):
        roster = read_oneroster(zipped, today=today_in(schools[0]), office_coordinates=coordinators)
    chosen = _matches(matches, roster, schools, code)
    opening = list(roster.orgs) if add_schools and not code else []
    with step("Comparing") as say:
        plan = plan_roster(roster, schools, chosen=chosen, opening=opening, progress=say)
    if not plan.differences and not plan.new_schools:
        _show_unknown(plan)
        raise click.ClickException("No org of the file is a school here; see --match.")
    _show(roster, plan, dry_run=dry_run, one_school=bool(code))
    if plan.takes_too_many and not allow:
        console.print("Nothing was changed: use --allow if they have really gone.")
        return 1
    if dry_run:
        console.print("A dry run: nothing was changed.")
        return 0
    source.set(Source(via="command"))
    try:
        with step("Saving") as say:
            apply_plan(
                roster, plan, region=region, label="portico roster", allow=allow, progress=say
            )
    except Refused as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    return 0


def _schools(region: str, code: str) -> "list[School]":
    from tenants.queries import region_schemas, schools_of

    if region not in region_schemas():
        raise click.ClickException(f"There is no region {region}; see: portico region list")
    schools = [one for one in schools_of(region=region) if not code or one.code == code]
    if code and not schools:
        raise click.ClickException(f"There is no school {code} in {region}")
    return schools


def _matches(
    matches: tuple[str, ...], roster: "Roster", schools: "list[School]", code: str
) -> dict[str, str]:
    """Orgs' ids to schools' codes, as --match says; of one school, what is plain without it."""
    from portico.rosters.schools import only_org

    chosen = {}
    codes = {school.code for school in schools}
    for text in matches:
        org, equals, school = text.rpartition("=")
        if not equals or org not in roster.orgs or school not in codes:
            raise click.ClickException(
                f"--match {text}: write it as ORG=CODE; orgs: "
                + ", ".join(f"{one.id} {one}" for one in roster.orgs.values())
            )
        chosen[org] = school
    if code and not chosen and (org_here := only_org(roster, schools[0])) is not None:
        chosen[org_here.id] = code
    return chosen


@contextlib.contextmanager
def _at_hand(file: Path) -> Iterator[Path]:
    """The zip: *file*, or what the service it describes holds."""
    from portico.rosters.http import ServiceError
    from portico.rosters.rest import download, read_service

    if file.suffix != ".toml":
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="portico-roster-") as folder:
        path = Path(folder) / "oneroster.zip"
        try:
            with step("Fetching") as say:
                download(read_service(file), path, say=say)
        except ServiceError as error:
            raise click.ClickException(str(error)) from error
        yield path


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """A file's faults as lines, and exit code 1."""
    from portico.rosters.faults import RosterRefused

    try:
        yield
    except RosterRefused as refused:
        for fault in refused.faults:
            console.print(f"[red]bad[/]  {escape(str(fault))}", soft_wrap=True)
        raise click.ClickException("The roster was not used; nothing was changed.") from refused


def _show(roster: "Roster", plan: "Plan", *, dry_run: bool, one_school: bool) -> None:
    for note in roster.notes:
        times = f" (×{note.count})" if note.count > 1 else ""
        console.print(f"[yellow]note[/] {escape(note.where)}: {escape(note.text)}{times}",
                      soft_wrap=True)  # fmt: skip
    if not one_school:
        _show_unknown(plan)
    grid = Grid("school", "new", "moved", "changed", "back", "gone", "same", "terms")
    for school, difference in plan.differences:
        grid.add_row(escape(school.name), *_numbers(difference))
    for difference in plan.new_schools:
        grid.add_row(f"[green]new[/] {escape(difference.org.name)}", *_numbers(difference))
    console.print(grid)
    for school, difference in plan.differences:
        if dry_run:
            _show_people(school.name, difference)
        for remark in difference.remarks[:MOST_LINES]:
            said = escape(remark.in_words(names=True))
            console.print(f"[yellow]note[/] {said}", soft_wrap=True)
    for school, difference in plan.takes_too_many:
        console.print(
            f"[red]{escape(school.name)}: {difference.leaving} of {difference.active} people "
            "would be deactivated[/]", soft_wrap=True,
        )  # fmt: skip


def _show_unknown(plan: "Plan") -> None:
    for org in plan.unknown:
        console.print(f"[yellow]note[/] {escape(str(org))}, id {escape(org.id)}: no school here; "
                      "left out (--match or --add-schools)", soft_wrap=True)  # fmt: skip


def _numbers(difference: "Difference") -> list[str]:
    from portico.rosters.difference import BACK, CHANGED, GONE, MOVED, NEW

    counts = difference.counts
    shown = [counts[kind] for kind in (NEW, MOVED, CHANGED, BACK, GONE)]
    return [str(number) for number in (*shown, difference.same, len(difference.terms))]


def _show_people(name: str, difference: "Difference") -> None:
    from portico.rosters.showing import shown_changes

    if not difference.changes:
        return
    grid = Grid("", "person", "changes", title=escape(name), title_justify="left")
    for change in shown_changes(difference)[:MOST_LINES]:
        grid.add_row(change.kind, escape(change.name), escape(change.details))
    if (more := len(difference.changes) - MOST_LINES) > 0:
        grid.add_row("", f"and {more} more", "")
    console.print(grid)
