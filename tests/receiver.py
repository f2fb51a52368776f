"""A real HTTP server that is told of events, with the faults real ones have.

    with Receiver() as receiver:
        subscribe(url=receiver.url, …)
        ...
        assert [call.event for call in receiver.calls] == […]

`receiver.status` is what it answers, `receiver.text` the body, `receiver.headers` more headers.
`receiver.fault`: "hang" says nothing until the receiver is closed, "drip" sends a byte now and
then, "drop" takes the request and is gone.
"""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from standardwebhooks.webhooks import Webhook


@dataclass(frozen=True)
class Call:
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def event(self) -> str:
        return self.said["type"]

    @property
    def data(self) -> dict[str, Any]:
        return self.said["data"]

    def verify(self, secret: str) -> Any:
        """What the reference library reads; it raises where the signature is not *secret*'s."""
        return Webhook(secret).verify(self.body, self.headers)


class Receiver:
    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.status, self.text, self.fault = 204, "", ""
        self.headers: dict[str, str] = {}
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        # who hangs up on us is what some tests are about, not their output
        self._server.handle_error = lambda request, address: None  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *details: Any) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?of=portico"

    @property
    def events(self) -> list[str]:
        return [call.event for call in self.calls]


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.calls.append(Call(self.path, headers, body))
            if receiver.fault == "hang":
                receiver.over.wait(60)
            if receiver.fault in ("hang", "drop"):
                self.close_connection = True
                return
            if receiver.fault == "drip":
                self._drip()
                return
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            if receiver.text:
                self.send_header("Content-Length", str(len(receiver.text.encode())))
            self.end_headers()
            self.wfile.write(receiver.text.encode())

        def do_GET(self) -> None:
            """Nobody should come this way: it is where a redirect would lead."""
            receiver.calls.append(Call(self.path, {}, b"{}"))
            self.send_response(200)
            self.end_headers()

        def _drip(self) -> None:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not receiver.over.wait(0.05):
                try:
                    self.wfile.write(b"z")
                except OSError:
                    return

        def log_message(self, *args: Any) -> None:
            """Requests are not the test's output."""

    return Handler
