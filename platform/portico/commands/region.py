"""Add regions, list them, move them to another cell."""

import select
import sys

import click

from portico.commands import needs_database
from portico.commands._faults import fields_at_fault, one_line
from portico.terminal import console, step

PATIENCE = 5.0  # seconds between two looks at whether the lock still holds


@click.group()
def command() -> None:
    """Add regions, list them, move them to another cell."""


@command.command()
@click.argument("code")
@click.argument("name")
@click.option("--time-zone", default="America/New_York", show_default=True)
@click.option("--admin-email", help="Gets an invitation to be the first district admin.")
@click.option("--admin-given-name", default="")
@click.option("--admin-family-name", default="")
@click.option("--inviter", default="Portico", help="Who the invitation is from.", show_default=True)
@needs_database
def add(
    code: str,
    name: str,
    time_zone: str,
    admin_email: str | None,
    admin_given_name: str,
    admin_family_name: str,
    inviter: str,
) -> None:
    """Add region CODE, called NAME: portico region add bronx Bronx."""
    from sharing.schools import FirstPerson, add_region
    from tenants.queries import primary_host

    admin = None
    if admin_email:
        admin = FirstPerson(
            given_name=admin_given_name, family_name=admin_family_name, email=admin_email
        )
    with fields_at_fault(), step(f"Region {code}") as say:
        region = add_region(
            code=code, name=name, time_zone=time_zone, admin=admin, inviter=inviter, progress=say
        )
    console.print(f"{region.name} answers at {primary_host(region.schema_name)}", markup=False)
    if admin is None:
        console.print("It has no district admin yet; --admin-email invites one.")


@command.command("list")
@needs_database
def list_() -> None:
    """List the regions and how many schools each has."""
    from tenants.models import Region
    from tenants.queries import schools_of

    for region in Region.objects.order_by("code"):
        count = len(schools_of(region=region.schema_name))
        console.print(f"{region.code:28}  {count:5} schools  {region.name}", markup=False)


@command.command()
@click.argument("code")
@needs_database
def freeze(code: str) -> None:
    """Let nobody write in region CODE until Enter is pressed here; reading goes on.

    For the minutes in which it is copied to another cell: docs/scaling.md. What has begun is
    let through first. Whoever would write waits, or is turned away at the proxy.
    """
    from portico.backups.moving import frozen

    with one_line(), frozen(region=code) as still:
        console.print(f"{code} is frozen. Enter lets go.", markup=False)
        while not _enter_pressed():
            still()
    console.print(f"{code} goes on.", markup=False)


def _enter_pressed() -> bool:
    """After PATIENCE seconds at most; true as well when nobody can press it (no input)."""
    there, _none, _no_more = select.select([sys.stdin], [], [], PATIENCE)
    return bool(there)


@command.command()
@click.argument("code")
@click.option(
    "--moved",
    is_flag=True,
    help="It answers from another cell already. Without this nothing is removed.",
)
@click.option("--again", help="The region's code again: answers the question.")
@needs_database
def remove(code: str, moved: bool, again: str | None) -> None:
    """Take region CODE, which has moved to another cell, out of this one. Asks before it does.

    First its addresses, so that nobody and no worker finds it, then a school a transaction,
    then the region. Broken off, it goes on where it was when it is run again.
    """
    from portico.backups.moving import remains_of, remove_region

    remains = remains_of(region=code)
    if not remains.schemas and not remains.is_registered:
        raise click.ClickException(f"There is no region {code} here.")
    console.print(
        f"{code}: {len(remains.schools)} schools, {remains.megabytes} MB,"
        f" {remains.people} people, the last act {remains.last_act or 'unknown'}",
        markup=False,
    )
    if not moved:
        raise click.ClickException("Say --moved once it answers from another cell.")
    if again is None:
        again = click.prompt("This cannot be undone here. Type the region's code again")
    if again != code:
        raise click.ClickException("That is another code; nothing was removed.")
    with one_line(), step(f"Removing {code}") as say:
        kept = remove_region(region=code, progress=say)
    for line in kept:
        console.print(line, markup=False, soft_wrap=True)
