"""Hosts of a region go to its cell: the proxy's snippet of docs/scaling.md, run over http."""

import http.client
import re
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
    with (
        _cell("first", r"((.*\.)?bronx\.|notqueens\.)?portico\.example\.org") as first,
        _cell("second", r"(.*\.)?queens\.portico\.example\.org") as second,
        _proxy(tmp_path, first, second) as (ask, has_certificate),
    ):
        assert ask("met.bronx.portico.example.org") == (200, "first")
        assert ask("bronx.portico.example.org") == (200, "first")
        assert ask("queens.portico.example.org") == (200, "second")
        assert ask("townsend.queens.portico.example.org") == (200, "second")
        assert ask("portico.example.org") == (200, "first")
        assert ask("notqueens.portico.example.org") == (200, "first")  # the ending is no region
        assert ask("queens.portico.example.org", "/metrics")[0] == 404
        # before a certificate is asked for, the cell that can know is asked
        assert has_certificate("met.bronx.portico.example.org")
        assert has_certificate("townsend.queens.portico.example.org")
        assert not has_certificate("nobody.portico.example.org")


@contextmanager
def _cell(name: str, hosts: str) -> Iterator[int]:
    """A server that says *name* to those *hosts* it knows, 404 to others; its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if re.fullmatch(hosts, self.headers["Host"]) else 404)
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
    """Caddy with the runbook's snippet; two functions: (host, path) → status and text, and
    host → whether a certificate may be asked for."""
    port, ask_port = free_port(), free_port()
    snippet = "(cells) {" + RUNBOOK.read_text().split("```\n(cells) {", 1)[1].split("```")[0]
    for runbook, here in {
        "{$ASK_PORT:2020}": str(ask_port),
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
        return _get(port, path, host)

    def has_certificate(host: str) -> bool:
        status, _text = _get(ask_port, f"/?domain={host}", f"127.0.0.1:{ask_port}")
        assert status in (200, 404)
        return status == 200

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
            yield ask, has_certificate
        finally:
            caddy.terminate()


def _get(port: int, path: str, host: str) -> tuple[int, str]:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    asking.request("GET", path, headers={"Host": host})
    answer = asking.getresponse()
    text = answer.read().decode()
    asking.close()
    return answer.status, text
