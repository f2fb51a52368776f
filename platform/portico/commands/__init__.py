"""The subcommands of `portico`, a file each. To add one, add a file:

    \"\"\"Check that everything is in order.\"\"\"        <- the line `portico --help` shows

    import click
    from portico.commands import needs_database

    @click.command()
    @needs_database
    def command() -> None:
        from tenants.models import Region      # Django's things inside the function
        ...
        raise click.ClickException("one clear line")     # exit code 1

The file's name is the command's name: `_` becomes `-`, one at the end is dropped
(`import_.py` is `portico import`). `command` may be a click group. The module is
imported when the command is used, not before, so `portico --help` stays fast.
"""

import functools
import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def needs_database(function: Callable[P, R]) -> Callable[P, R]:
    """Run a command with Django set up, a database and a broker at hand."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from portico import parts

        with parts.database(), parts.broker():
            start_django()
            return function(*args, **kwargs)

    return run


def use_default_settings() -> None:
    """The development settings, where nothing else is said."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.settings.dev")


def start_django() -> None:
    """Set Django up."""
    use_default_settings()
    import django

    django.setup()
