"""What a command says while it works: one line a step, with the time it took."""

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console

console = Console(highlight=False)


@contextlib.contextmanager
def step(text: str) -> Iterator[Callable[[str], None]]:
    """Show that *text* is going on, then that it is done.

    Gives a function that says how far it is: `say("school bronx__met")`.
    """
    began = time.monotonic()
    with console.status(f"{text} …") as status:
        yield lambda detail: status.update(f"{text} … [dim]{detail}[/]")
    console.print(f"[green]✓[/] {text} [dim]{time.monotonic() - began:.1f} s[/]")
