"""Look for entries of history that were changed, removed or slipped in."""

import click

from portico.commands import needs_database
from portico.terminal import console


@click.group()
def command() -> None:
    """Look for entries of history that were changed, removed or slipped in."""


@command.command()
@click.option("--region", help="This region and its schools only.")
@click.option("--school", help="This school only: its schema, as bronx__met.")
@click.option("--head", help="A head shown before; it must still be part of a chain.")
@needs_database
def verify(region: str | None, school: str | None, head: str | None) -> int:
    """Compare history with its seals; exit code 1 when something is off.

    Keep the heads it shows somewhere else: whoever can rewrite a whole schema can make a
    new chain, but not one that a kept head belongs to (--head).
    """
    from portico.audit.sealing import verify_history
    from tenants.context import OWNER, snapshot, tenant_context

    off = False
    heads: set[str] = set()
    for schema in _schemas(region, school):
        with snapshot(using=OWNER), tenant_context(schema, using=OWNER):
            verdict = verify_history()
        heads |= verdict.heads
        state = f"{verdict.entries} entries, {verdict.unsealed} not sealed yet, head {verdict.head}"
        console.print(f"{schema}: {state}", markup=False, soft_wrap=True)
        for fault in verdict.faults:
            console.print(f"  {fault}", markup=False, soft_wrap=True)
        off = off or bool(verdict.faults)
    if head and head not in heads:
        console.print(
            f"The head {head} is not part of any chain here", markup=False, soft_wrap=True
        )
        off = True
    return 1 if off else 0


def _schemas(region: str | None, school: str | None) -> list[str]:
    from tenants.context import public_context
    from tenants.models import Tenant

    with public_context():
        found = Tenant.objects.exclude(kind="public").order_by("schema_name")
        if region:
            found = found.filter(schema_name=region) | found.filter(region__schema_name=region)
        if school:
            found = found.filter(schema_name=school)
        names = list(found.values_list("schema_name", flat=True))
    if not names:
        raise click.ClickException("There is no such region or school; see: portico region list")
    return names
