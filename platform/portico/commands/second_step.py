"""Forget somebody's second step, when nobody at the school can."""

import click

from portico.commands import needs_database


@click.group()
def command() -> None:
    """Forget somebody's second step, when nobody at the school can."""


@command.command()
@click.argument("tenant")
@click.argument("email")
@needs_database
def reset(tenant: str, email: str) -> None:
    """Forget passkeys, app and codes of EMAIL at TENANT: bronx, or bronx__met for a school.

    For the only coordinator who lost the phone. They are signed out everywhere and told.
    """
    from portico.accounts.models import Person
    from portico.signin.resetting import reset_for
    from tenants.context import tenant_context
    from tenants.models import Tenant
    from tenants.queries import tenant_by_schema

    try:
        tenant_by_schema(tenant)
    except Tenant.DoesNotExist as missing:
        raise click.ClickException(f"There is no region or school {tenant}.") from missing
    with tenant_context(tenant):
        person = Person.objects.filter(email__iexact=email.strip()).exclude(email="").first()
        if person is None:
            raise click.ClickException(f"Nobody at {tenant} has this e-mail.")
        reset_for(actor=None, person_id=person.id)
    click.echo("Done. They sign in with their first step, and set up a new second one.")
