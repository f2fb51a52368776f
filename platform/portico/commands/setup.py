"""Bring the database up to date: roles, shared tables, every region and school."""

import click

from portico.commands import needs_database
from portico.terminal import console


@click.command()
@needs_database
def command() -> None:
    """Bring the database up to date: roles, shared tables, every region and school.

    Safe to run again and at every start.
    """
    from tenants.setup import set_up_database

    set_up_database(progress=console.print)
    console.print("The database is up to date.")
