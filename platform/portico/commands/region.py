"""Add regions, or list them."""

import click

from portico.commands import needs_database
from portico.commands._faults import fields_at_fault
from portico.terminal import console, step


@click.group()
def command() -> None:
    """Add regions, or list them."""


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
