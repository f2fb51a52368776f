"""The command `portico`. What it can do is in `portico.commands`, a file a subcommand.

An error is one line on stderr and exit code 1; PORTICO_DEBUG=1 shows the trace.
"""

import ast
import importlib
import os
import sys
from pathlib import Path

import click

from portico import commands


class Commands(click.Group):
    """Finds subcommands as files, and loads one only when it is used."""

    folder = Path(commands.__file__).parent

    def list_commands(self, ctx: click.Context) -> list[str]:
        stems = sorted(path.stem for path in self.folder.glob("[!_]*.py"))
        return [stem.rstrip("_").replace("_", "-") for stem in stems]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        path = self._file(cmd_name)
        if path is None:
            return None
        command: click.Command = importlib.import_module(f"{commands.__name__}.{path.stem}").command
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._summary(name)) for name in self.list_commands(ctx)])

    def _file(self, name: str) -> Path | None:
        stem = name.replace("-", "_")
        for path in (self.folder / f"{stem}.py", self.folder / f"{stem}_.py"):
            if name in self.list_commands(click.get_current_context()) and path.exists():
                return path
        return None

    def _summary(self, name: str) -> str:
        """The first line of the file's docstring, read without importing it."""
        path = self._file(name)
        text = ast.get_docstring(ast.parse(path.read_text())) if path else None
        return (text or "").partition("\n")[0]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="portico")
def cli() -> None:
    """Portico: internships that the schools of a region share."""


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run a command line; gives the exit code."""
    from portico.embedded import StartError
    from portico.supervisor import Stop

    try:
        code = cli.main(arguments, prog_name="portico", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except StartError as error:
        return _complain(str(error))
    except Stop as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except Exception as error:
        if os.environ.get("PORTICO_DEBUG"):
            raise
        first_line = str(error).strip().partition("\n")[0]
        return _complain(f"{type(error).__name__}: {first_line} (PORTICO_DEBUG=1 shows more)")


def _complain(text: str) -> int:
    click.echo(f"Error: {text}", err=True)
    return 1


if __name__ == "__main__":
    main()
