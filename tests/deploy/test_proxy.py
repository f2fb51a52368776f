"""The proxy with the real Caddyfile, before a site that knows two hosts."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
CADDY = Path(sys.executable).parent / "caddy"
KNOWN = {"bronx.localhost", "met.bronx.localhost"}


class Site(BaseHTTPRequestHandler):
    """Answers like the site: 404 where no tenant is, else what it was asked and how."""

    def do_GET(self) -> None:
        host = self.headers["Host"].split(":")[0]
        self.send_response(200 if host in KNOWN else 404)
        self.end_headers()
        self.wfile.write(f"{host} {self.headers['X-Forwarded-Proto']} {self.path}".encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@contextmanager
def proxy(folder: Path, deploy: Path, *, tls: str, web: int = 0) -> Iterator[tuple[int, int]]:
    """Caddy in front of a Site, or of what listens at *web*; gives its ports for HTTPS and HTTP."""
    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    https, http, ask = free_ports(3)
    with open(folder / "caddy.log", "wb") as log:
        caddy = subprocess.Popen(
            [str(CADDY), "run", "--config", str(deploy / "Caddyfile")],
            stdout=log,
            stderr=log,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "WEB": f"127.0.0.1:{web or site.server_port}",
                "TLS": tls,
                "HTTPS_PORT": str(https),
                "HTTP_PORT": str(http),
                "ASK_PORT": str(ask),
                "CADDY_ADMIN": f"127.0.0.1:{free_ports(1)[0]}",
            },
        )
    try:
        give_up = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", https)).close()
                break
            except OSError:
                assert caddy.poll() is None, (folder / "caddy.log").read_text()[-2000:]
                assert time.monotonic() < give_up
                time.sleep(0.05)
        yield https, http
    finally:
        caddy.terminate()
        caddy.wait()
        site.shutdown()
        site.server_close()


@contextmanager
def connected(host: str, port: int, *, timeout: float = 10) -> Iterator[ssl.SSLSocket]:
    """A connection to HOST:PORT, whoever signed its certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", port), timeout=timeout) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        yield secure


def get(host: str, port: int, path: str = "/page") -> str:
    """GET https://HOST:PORT/page."""
    with connected(host, port) as secure:
        secure.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: secure.recv(4096), b"")).decode()
    return answer.partition("\r\n\r\n")[2]


def test_a_school_gets_a_certificate_and_an_unknown_host_none(tmp_path: Path) -> None:
    with proxy(tmp_path, DEPLOY, tls="internal") as (https, http):
        assert "met.bronx.localhost https /page" in get("met.bronx.localhost", https)
        assert "bronx.localhost https /page" in get("bronx.localhost", https)
        with pytest.raises(ssl.SSLError):
            get("nobody.localhost", https)
        with socket.create_connection(("127.0.0.1", http), timeout=10) as plain:
            plain.sendall(b"GET /page HTTP/1.0\r\nHost: met.bronx.localhost\r\n\r\n")
            answer = plain.recv(4096).decode()
        assert answer.startswith("HTTP/1.0 308 ")
        assert "Location: https://met.bronx.localhost/page" in answer


def test_what_machines_inside_ask_is_not_shown_outside(tmp_path: Path) -> None:
    with proxy(tmp_path, DEPLOY, tls="internal") as (https, _):
        assert "/healthz" in get("met.bronx.localhost", https, "/healthz")
        for path in ("/metrics", "/readyz"):
            assert get("met.bronx.localhost", https, path) == ""


def test_certificates_of_ones_own_are_served(tmp_path: Path) -> None:
    deploy = tmp_path / "deploy"
    shutil.copytree(DEPLOY, deploy)
    certificates = tmp_path / "certificates"
    certificates.mkdir()
    choice = deploy / "tls" / "files.caddy"
    choice.write_text(choice.read_text().replace("/certificates", str(certificates)))
    with proxy(tmp_path, DEPLOY, tls="internal") as (https, _):  # has a pair made for us
        get("met.bronx.localhost", https)
    (key,) = tmp_path.rglob("met.bronx.localhost.key")
    certificate = key.with_suffix(".crt").read_text()
    (certificates / "bronx.pem").write_text(certificate + key.read_text())
    with proxy(tmp_path, deploy, tls="files") as (https, _):
        assert "met.bronx.localhost https /page" in get("met.bronx.localhost", https)
        with connected("met.bronx.localhost", https) as secure:
            shown = ssl.DER_cert_to_PEM_cert(secure.getpeercert(binary_form=True) or b"")
        assert certificate.startswith(shown)


def test_without_a_choice_certificates_are_asked_for_on_demand(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(CADDY), "adapt", "--config", str(DEPLOY / "Caddyfile")],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        check=True,
    )
    assert '"on_demand":true' in done.stdout
    assert '"internal"' not in done.stdout
