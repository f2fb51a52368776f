"""Say whether the worker or the clock of this machine is alive."""

import click

from portico.terminal import console


@click.command()
@click.argument("program", type=click.Choice(["worker", "beat"]))
def command(program: str) -> int:
    """Say whether the worker or the clock (beat) of this machine is alive; exit code 1 if not.

    One that has fallen silent because Valkey is away is well: it goes on by itself once
    Valkey is back, and starting it again would not help.
    """
    from portico.commands import use_default_settings

    use_default_settings()
    from django.core.cache import cache
    from redis.exceptions import RedisError

    from portico.telemetry.heartbeats import SILENT_AFTER_SECONDS, seconds_silent

    silent = seconds_silent(program)
    if silent is not None and silent < SILENT_AFTER_SECONDS:
        console.print(f"The {program} is alive.")
        return 0
    if silent is not None:
        try:
            cache.get("health")
        except RedisError:
            console.print(f"The {program} waits for Valkey.")
            return 0
    since = "no sign of life" if silent is None else f"silent for {silent:.0f} s"
    console.print(f"The {program} is not well: {since}.")
    return 1
