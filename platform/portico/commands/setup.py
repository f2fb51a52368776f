"""Bring the database up to date: roles, shared tables, every region and school."""

import click

from portico.commands import needs_database
from portico.commands._migrated import say_summary
from portico.terminal import step


@click.command()
@needs_database
def command() -> int:
    """Bring the database up to date: roles, shared tables, every region and school.

    Makes the database where there is none. Safe to run again and at every start.
    """
    from tenants.provisioning.rollout import TenantsBehind
    from tenants.setup import set_up_database

    try:
        with step("Database") as say:
            summary = set_up_database(progress=say)
    except TenantsBehind as behind:
        summary = behind.summary
    return say_summary(summary)
