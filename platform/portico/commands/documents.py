"""Compare documents with the files they should have."""

import click

from portico.commands import needs_database
from portico.terminal import console


@click.command()
@click.option("--sweep", is_flag=True, help="Remove files that no document names.")
@needs_database
def command(sweep: bool) -> int:
    """Compare every school's documents with the files they should have.

    Exit code 1 when a file is missing. A file no document names was being sent when its
    transaction was undone; those of the last hour are left alone.
    """
    from portico.documents.sweeping import compare_files, remove_orphans
    from tenants.queries import region_schemas, schools_of

    missing = False
    for region in region_schemas():
        for school in schools_of(region=region):
            schema = school.schema_name
            found = compare_files(schema=schema)
            for document_id in found.missing:
                console.print(f"{schema}: the file of {document_id} is gone", markup=False)
            removed = remove_orphans(found) if sweep else 0
            if found.orphans:
                words = f"{len(found.orphans)} files of no document, {removed} removed"
                console.print(f"{schema}: {words}", markup=False)
            missing = missing or bool(found.missing)
    if not missing:
        console.print("Every document has its file.")
    return 1 if missing else 0
