"""What a school keeps longer than it should: show it, or let it go."""

import click

from portico.commands import needs_database
from portico.terminal import console


@click.command()
@click.argument("school")
@click.option("--apply", "apply_now", is_flag=True, help="Let it go now instead of tonight.")
@needs_database
def command(school: str, apply_now: bool) -> None:
    """Show what retention would take from SCHOOL (bronx/met) today, by kind; nothing changes."""
    from rich.table import Table

    from portico.privacy.retention import let_go, what_is_due
    from tenants.context import tenant_context
    from tenants.models import Tenant
    from tenants.names import school_schema
    from tenants.queries import tenant_by_schema

    region, _, code = school.partition("/")
    schema = school_schema(region=region, school=code)
    try:
        tenant_by_schema(schema)
    except Tenant.DoesNotExist:
        raise click.ClickException(f"There is no school {school}.") from None
    with tenant_context(schema):
        found = let_go(actor=None) if apply_now else what_is_due()
        table = Table("kind", "kept for days", "rows", "oldest")
        for due in found:
            oldest = f"{due.oldest:%Y-%m-%d}" if due.oldest else ""
            table.add_row(str(due.kind.label), str(due.days), str(due.count), oldest)
    console.print(table)
