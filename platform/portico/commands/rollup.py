"""Count a region's schools again for the district's overview."""

import click

from portico.commands import needs_database
from portico.terminal import console


@click.command()
@click.argument("region", required=False)
@click.option("--rebuild", is_flag=True, help="Keep what is counted; else only compare.")
@needs_database
def command(region: str | None, rebuild: bool) -> int:
    """Compare the rollups with a count from scratch; exit code 1 if they differ.

    Rollups follow each change within a minute by themselves; --rebuild is for after a
    restore or an upgrade that counts something new. Without REGION: every region.
    """
    from portico.reports.rollups import differing_rollups, rebuild_rollups
    from tenants.queries import region_schemas

    regions = region_schemas()
    if region and region not in regions:
        raise click.ClickException(f"There is no region {region}; see: portico region list")
    differ = False
    for schema in [region] if region else regions:
        act = rebuild_rollups if rebuild else differing_rollups
        found = {tenant: count for tenant, count in act(region=schema).items() if count}
        verb = "rebuilt" if rebuild else "differ"
        for tenant, count in found.items():
            console.print(f"{tenant}: {count} rollups {verb}", markup=False)
        if not found:
            console.print(f"{schema}: the rollups are what is counted", markup=False)
        differ = differ or bool(found)
    return 1 if differ and not rebuild else 0
