"""One request to an address somebody typed in: to where it was looked at, no redirect, no
waiting beyond a deadline, and no more of the answer than is wanted."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.message import Message

from portico.outgoing.addresses import (
    Allowed,
    Place,
    Resolver,
    Target,
    find_places,
    read_target,
)


@dataclass(frozen=True)
class Answer:
    """What came back; *body* is no longer than was wanted."""

    status: int
    headers: Message  # asked without regard to case
    body: bytes


class NoAnswer(Exception):
    """Nothing came back; `code` says why: `timeout`, `tls`, `connection`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ask(
    *,
    url: str,
    allowed: Allowed,
    seconds: float,
    most_bytes: int,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    resolve: Resolver | None = None,
) -> Answer:
    """The answer of *url*, whatever its status, cut after *most_bytes*.

    NotCallable when the address may not be called (now), NoAnswer when nothing came within
    *seconds*, counted from when the name has been found.
    """
    target = read_target(url, allowed)
    connection = _Connection(target, find_places(target, allowed, resolve=resolve), seconds)
    with closing(connection), _cut_off(connection, seconds):
        connection.request(method, target.path, body=body, headers=dict(headers or {}))
        with closing(connection.getresponse()) as response:
            return Answer(response.status, response.headers, response.read(most_bytes))


class _Connection(http.client.HTTPConnection):
    """To places that have been looked at. The name is for TLS and the Host header only."""

    def __init__(self, target: Target, places: list[Place], seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self.default_port = 443 if target.is_tls else 80
        self.target, self.places = target, places
        self._until = time.monotonic() + seconds
        self._plug: socket.socket | None = None

    def connect(self) -> None:
        self.sock = self._plug = self._first_that_answers()
        if self.target.is_tls:
            self.sock = self._plug = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def _first_that_answers(self) -> socket.socket:
        failure: OSError = TimeoutError()
        for place in self.places:
            left = self._until - time.monotonic()
            if left <= 0:
                break
            tried = socket.socket(place.family, socket.SOCK_STREAM)
            tried.settimeout(left)
            try:
                tried.connect(place.address)
            except OSError as error:
                tried.close()
                failure = error
            else:
                return tried
        raise failure

    def cut(self) -> None:
        """End it from another thread: whoever waits for a byte stops waiting."""
        if self._plug is not None:
            with suppress(OSError):  # closed already
                # the plain socket's way, also under TLS: no farewell to wait for
                socket.socket.shutdown(self._plug, socket.SHUT_RDWR)


@contextmanager
def _cut_off(connection: _Connection, seconds: float) -> Iterator[None]:
    """Cut *connection* after *seconds* altogether, and name what goes wrong.

    A socket's own timeout begins anew with every byte: a server that sends one now and then
    would hold a worker for as long as it likes.
    """
    late = threading.Event()

    def cut() -> None:
        late.set()
        connection.cut()

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise NoAnswer("timeout") from error
        raise NoAnswer("tls" if isinstance(error, ssl.SSLError) else "connection") from error
    finally:
        timer.cancel()
    if late.is_set():  # half an answer reads like a whole one
        raise NoAnswer("timeout")
