"""Keeps a few programs running together: all of them, or none.

    with Supervisor(folder) as programs:
        programs.start("web", ["granian", …])
        programs.wait_until(answers, seconds=60)
        programs.watch()        # returns only by an exception

Each program is a process group of its own, so that Ctrl-C in a terminal reaches
only us and we stop them in order, last started first. Output goes to
`FOLDER/logs/NAME.log`. When one dies, Died says so with the end of its log.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import NoReturn, Self

from portico.embedded import StartError

STOP_SECONDS = 10
LOG_LINES = 12


class Died(StartError):
    """A program ended that should run on."""


class Stop(BaseException):
    """Somebody asked us to stop; not an error, so no `except Exception` takes it."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.exit_code = 128 + signal_number


def stop_on_signals() -> None:
    """Turn the first Ctrl-C, kill or closed terminal into Stop; later ones find us stopping."""
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        for each in wanted:
            signal.signal(each, signal.SIG_IGN)
        raise Stop(number)

    for each in wanted:
        signal.signal(each, stop)


@dataclass(frozen=True)
class Program:
    name: str
    process: "subprocess.Popen[bytes]"
    log: Path


class Supervisor:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs: list[Program] = []
        self._register = folder / "programs.json"

    def __enter__(self) -> Self:
        self.stop_leftovers()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(
        self, name: str, command: list[str], environment: Mapping[str, str] | None = None
    ) -> None:
        """Start *command*, a program of this virtual environment or a path."""
        log = self.folder / "logs" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(sys.executable).parent / command[0]
        if beside.exists():
            command = [str(beside), *command[1:]]
        with open(log, "wb") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
            )
        self.programs.append(Program(name, process, log))
        self._remember()

    def log(self, name: str) -> str:
        """What the program *name* has written so far."""
        (log,) = (program.log for program in self.programs if program.name == name)
        return log.read_text(errors="replace")

    def wait_until(self, ready: Callable[[], bool], *, what: str, seconds: float) -> None:
        """Return once *ready* says so; raise when a program dies or time is up."""
        give_up = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > give_up:
                raise StartError(f"{what} after {seconds:.0f} s; see {self.folder / 'logs'}")
            time.sleep(0.1)

    def watch(self) -> NoReturn:
        """Look after the programs until one dies or a signal ends the block."""
        while True:
            self.check()
            time.sleep(0.2)

    def check(self) -> None:
        for program in self.programs:
            code = program.process.poll()
            if code is not None:
                raise Died(_obituary(program, code))

    def stop(self) -> None:
        """Stop what runs, last started first; kill what will not go."""
        while self.programs:
            program = self.programs[-1]
            if program.process.poll() is None:
                program.process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    program.process.wait(STOP_SECONDS)
            _kill_group(program.process.pid)  # it, or children that outlived it
            program.process.wait()
            self.programs.pop()
        self._register.unlink(missing_ok=True)

    def _remember(self) -> None:
        import psutil

        born = {}
        for program in self.programs:
            try:
                born[program.process.pid] = psutil.Process(program.process.pid).create_time()
            except psutil.NoSuchProcess:
                continue
        self._register.write_text(json.dumps(born))

    def stop_leftovers(self) -> None:
        """Stop what a supervisor that was killed outright left running."""
        import psutil

        try:
            born = json.loads(self._register.read_text())
        except (FileNotFoundError, ValueError):
            return
        for pid, when in reversed(born.items()):
            try:
                process = psutil.Process(int(pid))
                if process.create_time() != when:  # the number belongs to another by now
                    continue
                process.terminate()
                process.wait(STOP_SECONDS)
            except psutil.NoSuchProcess:
                continue
            except psutil.TimeoutExpired:
                pass
            _kill_group(int(pid))
        self._register.unlink()


def _kill_group(leader: int) -> None:
    # Gone already: macOS says so with the second.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _obituary(program: Program, code: int) -> str:
    how = f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
    tail = program.log.read_text(errors="replace").rstrip().splitlines()[-LOG_LINES:]
    said = "".join(f"\n  {line}" for line in tail)
    return f"{program.name} stopped ({how}). The end of {program.log}:{said}"
