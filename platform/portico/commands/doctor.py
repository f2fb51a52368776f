"""Check the database, its rights and the broker; say what is off."""

import click

from portico.commands import needs_database
from portico.terminal import console

MOST_LINES = 20


@click.command()
@needs_database
def command() -> int:
    """Check the database, its rights, the broker and the queues; exit code 1 when one is off."""
    from tenants.provisioning.inspection import inspect_database
    from tenants.provisioning.replication import inspect_replicas

    sick = False
    own = (_broker(), _queues(), _site(), _due_work())
    for finding in (*inspect_database(), *inspect_replicas(), *own):
        if finding.is_good:
            console.print(f"[green]ok[/]   {finding.about}")
            continue
        sick = True
        console.print(f"[red]off[/]  {finding.about}")
        for line in finding.off[:MOST_LINES]:
            console.print(f"       {line}", markup=False, soft_wrap=True)
        if len(finding.off) > MOST_LINES:
            console.print(f"       and {len(finding.off) - MOST_LINES} more")
    return 1 if sick else 0


def _broker():  # type: ignore[no-untyped-def]
    from django.core.cache import cache
    from redis.exceptions import RedisError

    from tenants.provisioning.inspection import Finding

    try:
        cache.get("doctor")
    except RedisError as error:
        return Finding("Valkey", (str(error),))
    return Finding("Valkey")


def _queues():  # type: ignore[no-untyped-def]
    """A kind of work that waits for ever because workers take all queues but its own.

    No worker at all is no fault: a database is looked at before they are started, too.
    """
    from kombu.exceptions import OperationalError
    from redis.exceptions import RedisError

    import portico.celery  # noqa: F401 - whose workers are asked
    from portico.due.queues import queues_taken
    from portico.settings.queues import QUEUES
    from tenants.provisioning.inspection import Finding

    try:
        taken = queues_taken()
    except (RedisError, OperationalError):
        return Finding("queues: not known without Valkey")
    if not taken:
        return Finding("queues: no worker answers")
    left = (f"no worker takes from {name}" for name in QUEUES if name not in taken)
    return Finding("queues", tuple(left))


def _site():  # type: ignore[no-untyped-def]
    """The site's own login, as a process of the site would use it."""
    from django.db import Error

    from tenants.provisioning.inspection import Finding
    from tenants.queries import region_schemas

    try:
        region_schemas()
    except Error as error:
        return Finding("signing in as the site", (str(error).strip(),))
    return Finding("signing in as the site")


def _due_work():  # type: ignore[no-untyped-def]
    """Work that failed so often that the worker leaves it alone."""
    from portico.due.queries import given_up_work
    from tenants.provisioning.inspection import Finding
    from tenants.queries import region_schemas

    off = [
        f"{work.school}: {work.kind} of {work.subject_id}, given up after {work.attempts} attempts"
        for region in region_schemas()
        for work in given_up_work(region=region)
    ]
    return Finding("due work", tuple(off))
