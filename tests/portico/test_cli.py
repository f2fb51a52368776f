"""The command line: quick to ask, one line when something is wrong."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from portico import cli, commands
from portico.cli import run
from portico.embedded import StartError
from portico.supervisor import Stop


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of subcommands of the test's own."""
    monkeypatch.setattr(cli.Commands, "folder", tmp_path)
    monkeypatch.setattr(commands, "__path__", [str(tmp_path)])
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("portico.commands.made_up")]:
        del sys.modules[name]


def made_up(folder: Path, body: str, name: str = "made_up") -> None:
    (folder / f"{name}.py").write_text(
        f'"""Do what the test says."""\nimport click\n'
        f"@click.command()\ndef command():\n    {body}\n"
    )


def test_help_lists_every_file_and_imports_none() -> None:
    program = (
        "import sys; from portico.cli import run; run(['--help']);"
        "sys.exit(any(name.startswith(('django', 'portico.commands.')) for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.split("Commands:\n")[1].splitlines()
    listed = {line.split()[0] for line in lines if not line.startswith("   ")}
    assert {"demo", "setup"} <= listed
    files = Path(commands.__file__).parent.glob("[!_]*.py")
    assert listed == {path.stem.rstrip("_").replace("_", "-") for path in files}


def test_every_command_loads_and_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    for path in Path(commands.__file__).parent.glob("[!_]*.py"):
        assert run([path.stem.rstrip("_").replace("_", "-"), "--help"]) == 0
        assert len(capsys.readouterr().out.splitlines()) > 3


def test_a_file_makes_a_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made_up(folder, "click.echo('done')", name="made_up_")
    assert run(["--help"]) == 0
    assert "made-up  Do what the test says." in capsys.readouterr().out
    assert run(["made-up"]) == 0
    assert capsys.readouterr().out == "done\n"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise click.ClickException('no such file: x.csv')", "Error: no such file: x.csv\n"),
        ("raise ValueError('odd\\nand long')", "Error: ValueError: odd (PORTICO_DEBUG=1 shows"),
        ("from portico.embedded import StartError; raise StartError('taken')", "Error: taken\n"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_1(
    folder: Path, capsys: pytest.CaptureFixture[str], body: str, said: str
) -> None:
    made_up(folder, body)
    assert run(["made-up"]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith(said)
    assert captured.err.count("\n") == 1


def test_debug_shows_the_trace(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_up(folder, "raise ValueError('odd')")
    monkeypatch.setenv("PORTICO_DEBUG", "1")
    with pytest.raises(ValueError, match="odd"):
        run(["made-up"])


def test_a_signal_is_told_by_the_exit_code(folder: Path) -> None:
    made_up(folder, "from portico.supervisor import Stop; raise Stop(15)")
    assert run(["made-up"]) == 143
    made_up(folder, "raise KeyboardInterrupt", name="made_up_too")
    assert run(["made-up-too"]) == 130


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["no-such-thing"]) == 2
    assert "No such command 'no-such-thing'" in capsys.readouterr().err


def test_errors_of_starting_are_no_click_errors_but_stop_is_no_error_at_all() -> None:
    assert not issubclass(StartError, click.ClickException)
    assert not issubclass(Stop, Exception)
