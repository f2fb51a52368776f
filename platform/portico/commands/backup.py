"""Keep a school, a region or everything in a folder, to be restored from."""

from pathlib import Path

import click

from portico.commands import needs_database
from portico.commands._faults import one_line
from portico.terminal import console, step


@click.command()
@click.option("--region", help="This region with its schools: bronx.")
@click.option("--school", help="This school: bronx/met.")
@click.option("--all", "everything", is_flag=True, help="Every region and school.")
@click.argument("folder", type=click.Path(path_type=Path))
@needs_database
def command(region: str | None, school: str | None, everything: bool, folder: Path) -> None:
    """Write a backup into FOLDER, which must not hold anything yet.

    People go on working; everything in it is of one moment. It holds people's data: only you
    may read it, and where you copy it to must be as safe as the database.
    """
    from portico.backups.choice import chosen_schemas
    from portico.backups.making import make_backup

    with one_line():
        schemas = chosen_schemas(region=region, school=school, everything=everything)
        with step("Backup") as say:
            backup = make_backup(folder=folder.resolve(), schemas=schemas, progress=say)
    size = sum(sealed.bytes for sealed in backup.files.values())
    console.print(
        f"{len(backup.tenants)} regions and schools, {size / 1e6:.1f} MB in {folder}", markup=False
    )
