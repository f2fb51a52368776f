"""Keeping programs running together, with real processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from portico.embedded import StartError
from portico.supervisor import Died, Supervisor

PYTHON = sys.executable
SLEEPS = [PYTHON, "-c", "import time; time.sleep(600)"]
# Starts a child, says so and waits.
HAS_A_CHILD = """
    import subprocess, sys, time
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print(child.pid, flush=True)
    time.sleep(600)
"""
STUBBORN = """
    import signal, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("ready", flush=True)
    time.sleep(600)
"""


def python(program: str) -> list[str]:
    return [PYTHON, "-c", textwrap.dedent(program)]


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE  # nobody reaps an orphan here
    except psutil.NoSuchProcess:
        return True


def test_a_program_that_dies_is_reported_with_the_end_of_its_log_and_stops_the_rest(
    tmp_path: Path,
) -> None:
    dies = python("""
        for number in range(100):
            print("line", number)
        raise SystemExit(3)
    """)
    with Supervisor(tmp_path) as programs:
        programs.start("web", SLEEPS)
        web = programs.programs[0].process
        programs.start("worker", dies)
        with pytest.raises(Died) as got:
            programs.watch()
    said = str(got.value)
    assert said.startswith("worker stopped (exit code 3)")
    assert "line 99" in said
    assert "line 80" not in said
    assert web.returncode == -signal.SIGTERM


def test_one_that_was_killed_is_told_by_the_signals_name(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as programs:
        programs.start("web", SLEEPS)
        programs.programs[0].process.kill()
        with pytest.raises(Died, match="killed by SIGKILL"):
            programs.watch()


def test_waiting_ends_when_ready_when_dead_and_when_time_is_up(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as programs:
        programs.start("web", python(STUBBORN))
        programs.wait_until(lambda: "ready" in programs.log("web"), what="silent", seconds=30)
        with pytest.raises(StartError, match=r"The web server does not answer after 0 s; see"):
            programs.wait_until(lambda: False, what="The web server does not answer", seconds=0)
        programs.programs[0].process.kill()
        with pytest.raises(Died):
            programs.wait_until(lambda: False, what="silent", seconds=30)


def test_last_started_is_stopped_first_and_children_go_with_their_parents(tmp_path: Path) -> None:
    order = tmp_path / "order"
    notes = """
        import signal, sys, time
        def stop(*args):
            open({order!r}, "a").write({name!r} + " ")
            sys.exit()
        signal.signal(signal.SIGTERM, stop)
        print("ready", flush=True)
        time.sleep(600)
    """
    with Supervisor(tmp_path) as programs:
        for name in ("first", "second"):
            programs.start(name, python(notes.format(order=str(order), name=name)))
        programs.start("parent", python(HAS_A_CHILD))
        names = ("first", "second", "parent")
        programs.wait_until(
            lambda: all(programs.log(name) for name in names), what="silent", seconds=30
        )
        child = int(programs.log("parent"))
    assert order.read_text() == "second first "
    assert gone(child)


def test_one_that_does_not_go_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portico.supervisor.STOP_SECONDS", 0.1)
    with Supervisor(tmp_path) as programs:
        programs.start("web", python(STUBBORN))
        web = programs.programs[0].process
        programs.wait_until(lambda: bool(programs.log("web")), what="web", seconds=30)
    assert web.returncode == -signal.SIGKILL


SUPERVISES = """
    import sys
    from pathlib import Path
    from portico.supervisor import Stop, Supervisor, stop_on_signals
    stop_on_signals()
    try:
        with Supervisor(Path(sys.argv[1])) as programs:
            programs.start("web", [sys.executable, "-c", "import time; time.sleep(600)"])
            print(programs.programs[0].process.pid, flush=True)
            programs.watch()
    except Stop as stop:
        sys.exit(stop.exit_code)
"""


def supervising(folder: Path) -> "tuple[subprocess.Popen[str], int]":
    supervisor = subprocess.Popen(
        [*python(SUPERVISES), str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout
    return supervisor, int(supervisor.stdout.readline())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_programs(tmp_path: Path, number: signal.Signals) -> None:
    supervisor, web = supervising(tmp_path)
    supervisor.send_signal(number)
    supervisor.communicate()
    assert supervisor.returncode == 128 + number
    assert gone(web)


def test_what_a_killed_supervisor_left_is_stopped_by_the_next(tmp_path: Path) -> None:
    supervisor, web = supervising(tmp_path)
    supervisor.kill()
    supervisor.communicate()
    assert not gone(web)
    with Supervisor(tmp_path):
        assert gone(web)


def test_a_number_that_went_to_another_process_is_left_alone(tmp_path: Path) -> None:
    bystander = subprocess.Popen(SLEEPS, start_new_session=True)
    try:
        (tmp_path / "programs.json").write_text(json.dumps({bystander.pid: 1.0}))
        with Supervisor(tmp_path):
            assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def demo(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PYTHON, "-m", "portico.cli", "demo", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PORTICO_DATA": str(folder)} | environment,
    )


def test_a_demo_whose_port_is_taken_says_so_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        got = demo(tmp_path, PORT=str(port))
    assert got.returncode == 1
    advice = "choose another: make demo PORT=8001, or portico demo --port 8001"
    assert got.stderr == f"Error: Port {port} is taken; {advice}\n"


def test_a_demo_does_not_empty_a_database_it_was_given(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    got = demo(tmp_path, "--fresh", "--port", str(port), DATABASE_URL="postgresql://there/portico")
    assert got.returncode == 1
    assert got.stderr.startswith("Error: Only data of our own is deleted")
