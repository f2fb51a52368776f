"""Count the slots of a region again and compare."""

import click

from portico.commands import needs_database
from portico.terminal import console


@click.group()
def command() -> None:
    """Count the slots of a region again and compare."""


@command.command()
@click.argument("region", required=False)
@needs_database
def verify(region: str | None) -> int:
    """Compare the ledger with the placements and with history; exit code 1 if they differ.

    Reads one moment of the database, so it may run while people use the portal.
    Without REGION: every region.
    """
    from portico.internships.recount import recount
    from tenants.context import OWNER, snapshot
    from tenants.queries import region_schemas

    regions = region_schemas()
    if region and region not in regions:
        raise click.ClickException(f"There is no region {region}; see: portico region list")
    differ = False
    for schema in [region] if region else regions:
        with snapshot(using=OWNER):
            differences = recount(region=schema, using=OWNER)
        for difference in differences:
            console.print(str(difference), markup=False, soft_wrap=True)
        if not differences:
            console.print(f"{schema}: the ledger is what its placements say", markup=False)
        differ = differ or bool(differences)
    return 1 if differ else 0
