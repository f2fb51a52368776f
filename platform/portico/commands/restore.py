"""Bring a school, a region or everything back from a backup."""

from pathlib import Path

import click

from portico.commands import needs_database
from portico.commands._faults import one_line
from portico.terminal import console, step


@click.command()
@click.option("--region", help="This region with its schools: bronx.")
@click.option("--school", help="This school: bronx/met. Others go on.")
@click.option("--all", "everything", is_flag=True, help="Every region of the backup.")
@click.option("--dry-run", is_flag=True, help="Do it, say what changed, and undo all of it.")
@click.argument("folder", type=click.Path(path_type=Path))
@needs_database
def command(
    region: str | None, school: str | None, everything: bool, dry_run: bool, folder: Path
) -> None:
    """Restore from the backup in FOLDER: as it was then, all of it or nothing.

    A school comes back into its region while the others work; every slot of the pool that
    had to change is told, and written in the history of both. On an empty server run
    `portico setup` first.
    """
    from portico.backups.choice import chosen_schemas
    from portico.backups.manifest import open_backup
    from portico.backups.restoring import restore_region, restore_school
    from tenants.names import region_of

    with one_line():
        backup = open_backup(folder.resolve())
        wanted = chosen_schemas(region=region, school=school, everything=everything)
        if wanted is None:
            wanted = [schema for schema in backup.tenants if region_of(schema) is None]
        for schema in wanted:
            with step(f"{'Trying ' if dry_run else ''}{schema} as of {backup.made_at}") as say:
                if region_of(schema):
                    done = restore_school(
                        backup=backup, schema=schema, dry_run=dry_run, progress=say
                    )
                else:
                    done = restore_region(
                        backup=backup, region=schema, dry_run=dry_run, progress=say
                    )
            for name, rows in done.rows.items():
                console.print(f"{name}: {rows} rows", markup=False)
            for line in done.lines:
                console.print(f"  {line}", markup=False, soft_wrap=True)
    if dry_run:
        console.print("Nothing was changed.")
