"""A rule's no as one clear line of a command."""

import contextlib
from collections.abc import Iterator

import click


@contextlib.contextmanager
def fields_at_fault() -> Iterator[None]:
    """Say which field is wrong and why, then end with exit code 1."""
    from django.core.exceptions import ValidationError

    try:
        yield
    except ValidationError as error:
        lines = [
            f"{field.replace('_', ' ')}: {' '.join(said)}"
            for field, said in error.message_dict.items()
        ]
        raise click.ClickException("\n".join(lines)) from error


@contextlib.contextmanager
def one_line() -> Iterator[None]:
    """Say what was refused, then end with exit code 1."""
    from tenants.errors import Refused

    try:
        yield
    except Refused as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
