"""What a command says while it works: one line a step, with the time it took."""

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.markup import escape

SILENCE = 10.0
console = Console(highlight=False)


@contextlib.contextmanager
def step(text: str) -> Iterator[Callable[[str], None]]:
    """Show that *text* is going on, then that it is done.

    Gives a function that says how far it is: `say("school bronx__met")`. In a log, where
    nothing can be written over, it says so every SILENCE seconds.
    """
    began = said = time.monotonic()
    with console.status(f"{text} …") as status:

        def say(detail: str) -> None:
            nonlocal said
            status.update(f"{text} … [dim]{escape(detail)}[/]")
            if not console.is_terminal and time.monotonic() - said > SILENCE:
                console.print(f"  {text} … {escape(detail)}", soft_wrap=True)
                said = time.monotonic()

        yield say
    console.print(f"[green]✓[/] {text} [dim]{time.monotonic() - began:.1f} s[/]")
