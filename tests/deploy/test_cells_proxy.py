"""Hosts of a region go to its cell: the proxy's snippet of docs/scaling.md, run over http."""

import http.client
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from portico.embedded.shared import free_port

CADDY = Path(sys.executable).parent / "caddy"
RUNBOOK = Path(__file__).parents[2] / "docs" / "scaling.md"


def test_each_region_reaches_its_own_cell(tmp_path: Path) -> None:
    with _cell("first") as first, _cell("second") as second, _proxy(tmp_path, first, second) as ask:
        assert ask("met.bronx.portico.example.org") == (200, "first")
        assert ask("bronx.portico.example.org") == (200, "first")
        assert ask("queens.portico.example.org") == (200, "second")
        assert ask("townsend.queens.portico.example.org") == (200, "second")
        assert ask("portico.example.org") == (200, "first")
        assert ask("notqueens.portico.example.org") == (200, "first")  # the ending is no region
        assert ask("queens.portico.example.org", "/metrics")[0] == 404


@contextmanager
def _cell(name: str) -> Iterator[int]:
    """A server that says *name*; its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(name.encode())

        def log_message(self, *said: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


@contextmanager
def _proxy(folder: Path, first: int, second: int):
    """Caddy with the runbook's snippet; a function (host, path) → status and text."""
    port = free_port()
    snippet = "https:// {" + RUNBOOK.read_text().split("```\nhttps:// {", 1)[1].split("```")[0]
    for runbook, here in {
        "https://": f":{port}",
        "	import tls/{$TLS:on-demand}.caddy\n": "",
        "10.0.1.20:8000": f"127.0.0.1:{first}",
        "10.0.2.20:8000": f"127.0.0.1:{second}",
    }.items():
        assert runbook in snippet
        snippet = snippet.replace(runbook, here)
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + snippet)
    log = folder / "caddy.log"

    def ask(host: str, path: str = "/") -> tuple[int, str]:
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        asking.request("GET", path, headers={"Host": host})
        answer = asking.getresponse()
        text = answer.read().decode()
        asking.close()
        return answer.status, text

    command = [CADDY, "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"]
    with open(log, "wb") as said, subprocess.Popen(command, stderr=said) as caddy:
        try:
            give_up = time.monotonic() + 30
            while True:
                try:
                    ask("portico.example.org")
                    break
                except OSError:
                    assert caddy.poll() is None, log.read_text()
                    assert time.monotonic() < give_up
                    time.sleep(0.05)
            yield ask
        finally:
            caddy.terminate()
