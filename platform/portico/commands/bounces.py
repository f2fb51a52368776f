"""Take a mail that came back (from a mail server's pipe) and show it where it failed."""

import sys
from typing import BinaryIO

import click

from portico.commands import needs_database
from portico.terminal import console


@click.command()
@click.argument("files", nargs=-1, type=click.File("rb"))
@needs_database
def command(files: tuple[BinaryIO, ...]) -> None:
    """Read returned mails from FILES, or one from the input: an alias of a mail server.

    The notice each is about counts as not delivered from then on: coordinators find it under
    "Undelivered", teachers see whose mail comes back. Any other mail is passed over. The exit
    code is 0 then too: a mail server would send a notification about it.
    """
    from portico.notices.bounces import note_bounce, read_bounce
    from tenants.context import tenant_context
    from tenants.models import Tenant
    from tenants.queries import tenant_by_schema

    for file in files or (sys.stdin.buffer,):
        bounce = read_bounce(file.read())
        if bounce is None:
            console.print("No mail of ours that came back.")
            continue
        try:
            tenant_by_schema(bounce.schema)
        except Tenant.DoesNotExist:
            console.print("Of a school that is not here any more.")
            continue
        with tenant_context(bounce.schema):
            known = note_bounce(bounce)
        console.print(
            f"{bounce.schema}: {bounce.notice_id} came back, {bounce.status}."
            if known
            else f"{bounce.schema}: {bounce.notice_id} is not known as sent."
        )
