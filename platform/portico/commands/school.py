"""Add schools to a region, list or remove them."""

import click

from portico.commands import needs_database
from portico.commands._faults import fields_at_fault
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
@click.argument("code")
@click.option("--code-again", prompt="This cannot be undone. Type the school's code again")
@needs_database
def remove(region: str, code: str, code_again: str) -> None:
    """Remove school CODE of REGION with everything it knows. Asks for the code again."""
    from sharing.schools import remove_school
    from tenants.errors import Refused

    if code_again != code:
        raise click.ClickException("That is another code; nothing was removed.")
    with step(f"Removing {code} from {region}"):
        try:
            remove_school(region=region, code=code)
        except Refused as refusal:
            raise click.ClickException(str(refusal.message)) from refusal
