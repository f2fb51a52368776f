"""A site in a process of its own, asked through its real WSGI handler; a line a question.

The test client keeps connections that `request_finished` would end, and one process has one
set of settings. So each way of serving gets a process: it takes lines of JSON (host, address,
cookie) and says how long the whole answer took, to the end of its body and what follows it.
"""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings


@dataclass(frozen=True)
class Site:
    """A process that serves; see `serving`."""

    process: subprocess.Popen[str]

    def ask(self, *, host: str, path: str, cookie: str) -> tuple[float, str]:
        """(milliseconds, the answer's body). RuntimeError unless it is 200."""
        answer = self._ask({"host": host, "path": path, "cookie": cookie})
        return answer["ms"], answer["body"]

    def statements(self, *, host: str, path: str, cookie: str) -> list[str]:
        """What the same answer asks of the database, as it was sent."""
        asked = {"host": host, "path": path, "cookie": cookie, "noted": True}
        return list(self._ask(asked)["statements"])

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        host, path = asked["host"], asked["path"]
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{path}: the process that serves has ended")
        answer: dict[str, Any] = json.loads(line)
        if answer["status"] != 200:
            raise RuntimeError(f"{host}{path} answered {answer['status']}: {answer['body'][:300]}")
        return answer


def question(client: Client, path: str) -> dict[str, str]:
    """*path* as the signed-in browser *client* asks for it; see Site.ask."""
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return {"host": client.defaults["SERVER_NAME"], "path": path, "cookie": cookie}


@contextmanager
def serving(settings: str, **environment: str) -> Iterator[Site]:
    """A process with *settings*, on the database and Valkey of this one."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.asked"],
        env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("BENCH_LOGS") else subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Site(process)
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait()


def main(questions: IO[str], answers: IO[str]) -> None:
    whole = get_wsgi_application()
    with override_settings(MIDDLEWARE=[settings.TENANT_MIDDLEWARE]):
        tenant_alone = WSGIHandler()
    from api import limits  # models can be imported now

    limits.LIMITS["read"] = 1_000_000  # the counter counts as ever
    for line in questions:
        asked = json.loads(line)
        application = tenant_alone if asked["path"] == "/terms/" else whole
        answer = (_noted if asked.get("noted") else _answer)(application, asked)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _noted(application: Any, asked: dict[str, Any]) -> dict[str, Any]:
    with CaptureQueriesContext(connection) as seen:
        answer = _answer(application, asked)
    return answer | {"statements": [one["sql"] for one in seen]}


def _answer(application: Any, asked: dict[str, str]) -> dict[str, Any]:
    path, _, query = asked["path"].partition("?")
    environment = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": asked["host"],
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": asked["host"],
        "HTTP_COOKIE": asked["cookie"],
        "HTTP_ACCEPT": "text/html,application/json",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    status = []
    began = time.perf_counter()
    answer = application(environment, lambda line, headers, exc_info=None: status.append(line))
    body = b"".join(answer)
    answer.close()  # request_finished: a connection that is not kept ends here
    took = time.perf_counter() - began
    return {"ms": took * 1000, "status": int(status[0][:3]), "body": body.decode()}


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
