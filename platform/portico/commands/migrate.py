"""Bring regions and schools up to date with this release, while people use them."""

import click

from portico.commands import needs_database
from portico.commands._migrated import say_summary
from portico.terminal import console, step


@click.command()
@click.option(
    "--schools",
    "pattern",
    default="*",
    show_default=True,
    metavar="PATTERN",
    help="Only schools whose schema matches, and their regions: 'bronx__*'.",
)
@click.option("--dry-run", is_flag=True, help="Show the SQL and who would get it; change nothing.")
@needs_database
def command(pattern: str, dry_run: bool) -> int:
    """Bring regions and schools up to date with this release, while people use them.

    Each is one transaction. Schools whose tables are in use are tried again after the others;
    one that fails does not stop the rest. Run again, it goes on where it ended. Exit code 1
    when some are left.
    """
    from tenants.provisioning.rollout import TenantsBehind
    from tenants.setup import set_up_database

    _refuse_no_match(pattern)
    if dry_run:
        return _show(pattern)
    try:
        with step("Migrating") as say:
            summary = set_up_database(only=pattern, progress=say)
    except TenantsBehind as behind:
        summary = behind.summary
    return say_summary(summary)


def _refuse_no_match(pattern: str) -> None:
    """A pattern mistyped must not look like a job done."""
    from tenants.provisioning.rollout import tenants_matching

    if pattern != "*" and not any(tenants_matching(pattern)):
        raise click.ClickException(f"No school's schema matches {pattern}")


def _show(pattern: str) -> int:
    from tenants.provisioning.rollout import plan_tenants

    groups = plan_tenants(only=pattern)
    for group in groups:
        who = ", ".join(group.schemas[:3]) + (", …" if len(group.schemas) > 3 else "")
        console.print(f"-- {len(group.schemas)} schemas: {who}", markup=False, soft_wrap=True)
        console.print(group.sql, markup=False, soft_wrap=True)
    if not groups:
        console.print("Everything is up to date.")
    return 0
