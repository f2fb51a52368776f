"""A small OneRoster 1.2 Rostering service over real HTTP, as the public specification has it.

OAuth 2 client credentials with the secret in the Authorization header, bearer tokens, pages
by `limit` and `offset` with `X-Total-Count`, references as objects. It can be made to act up:
`most` records a page, `busy` answers first, a token that goes stale, no total.
"""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BASE = "/ims/oneroster/rostering/v1p2"
SCOPE = "https://purl.imsglobal.org/spec/or/v1p2/scope/roster.readonly"


@dataclass
class Service:
    collections: dict[str, list[dict[str, Any]]]
    client_id: str = "portico"
    secret: str = "s:cret/+"
    most: int = 2
    busy: int = 0
    stale_after: int = 10_000  # requests a token lasts
    tells_total: bool = True
    redirect: str = ""
    tokens: list[str] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)
    address: str = ""

    def toml(self) -> str:
        return "\n".join(
            f"{name} = {json.dumps(value)}"
            for name, value in {
                "base_url": f"{self.address}{BASE}",
                "token_url": f"{self.address}/token",
                "client_id": self.client_id,
                "client_secret": self.secret,
            }.items()
        )


@contextmanager
def running(service: Service) -> Iterator[Service]:
    handler = type("Handler", (_Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    service.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        form = parse_qs(self.rfile.read(length).decode())
        # RFC 6749, 2.3.1: id and secret are form-encoded before they are put together.
        wanted = base64.b64encode(b"portico:s%3Acret%2F%2B").decode()
        if urlsplit(self.path).path != "/token" or form != {
            "grant_type": ["client_credentials"], "scope": [SCOPE],
        }:  # fmt: skip
            self._answer(400, {"error": "invalid_request"})
        elif self.headers["Authorization"] != f"Basic {wanted}":
            self._answer(401, {"error": "invalid_client"})
        else:
            token = f"token-{len(self.service.tokens)}"
            self.service.tokens.append(token)
            self._answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def do_GET(self) -> None:
        service = self.service
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        service.used[token] = service.used.get(token, 0) + 1
        if token not in service.tokens or service.used[token] > service.stale_after:
            self._answer(401, {"imsx_codeMajor": "failure"})
            return
        if service.busy:
            service.busy -= 1
            self._answer(429, {}, **{"Retry-After": "0"})
            return
        if service.redirect:
            self._answer(302, {}, Location=service.redirect)
            return
        parts = urlsplit(self.path)
        name = parts.path.removeprefix(f"{BASE}/")
        if name not in service.collections:
            self._answer(404, {"imsx_codeMajor": "failure"})
            return
        query = parse_qs(parts.query)
        records = sorted(service.collections[name], key=lambda one: one["sourcedId"])
        first = int(query["offset"][0])
        page = records[first : first + min(int(query["limit"][0]), service.most)]
        total = {"X-Total-Count": str(len(records))} if service.tells_total else {}
        self._answer(200, {name: page}, **total)

    def _answer(self, status: int, content: Any, **headers: str) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Requests are not the test's output."""


def _ref(source_id: str, kind: str) -> dict[str, str]:
    return {"href": f"https://sis.example.org/{source_id}", "sourcedId": source_id, "type": kind}


def _user(source_id: str, role: str, **facts: Any) -> dict[str, Any]:
    return {
        "sourcedId": source_id,
        "status": "active",
        "dateLastModified": "2026-10-01T08:00:00.000Z",
        "enabledUser": "true",
        "username": source_id,
        "familyName": source_id.title(),
        "roles": [{"roleType": "primary", "role": role, "org": _ref("o-met", "org")}],
        **facts,
    }


def met_service(**options: Any) -> Service:
    """The same small school that exports.small_school writes as files."""
    one = {"status": "active", "dateLastModified": "2026-10-01T08:00:00.000Z"}
    met = _ref("o-met", "org")
    return Service(
        {
            "orgs": [
                {"sourcedId": "o-met", "name": "The Met High School", "type": "school",
                 "identifier": "MET1", **one},
                {"sourcedId": "o-d", "name": "District", "type": "district", **one},
            ],
            "academicSessions": [
                {"sourcedId": "fall", "title": "Fall 2026", "type": "semester",
                 "startDate": "2026-09-08", "endDate": "2027-01-29", "schoolYear": "2027", **one},
            ],
            "courses": [{"sourcedId": "k1", "title": "Advisory", "org": met, **one}],
            "users": [
                _user("t1", "teacher", givenName="Dana", email="dana@met.example.org"),
                _user("s1", "student", givenName="Luz", grades=["11"], email="luz@met.example.org"),
                _user("s2", "student", givenName="Kofi", grades=["09"]),
                _user("s3", "student", givenName="Gone", status="tobedeleted"),
                _user("g1", "guardian", givenName="A\nguardian"),
            ],
            "classes": [
                {"sourcedId": "adv", "title": "Advisory Dana", "classType": "homeroom",
                 "school": met, "course": _ref("k1", "course"),
                 "terms": [_ref("fall", "academicSession")], **one},
            ],
            "enrollments": [
                {"sourcedId": f"e-{user}", "user": _ref(user, "user"),
                 "class": _ref("adv", "class"), "school": met, "role": role,
                 "primary": primary, **one}
                for user, role, primary in [
                    ("t1", "teacher", True), ("s1", "student", False), ("s2", "student", False)]
            ],
        },
        **options,
    )  # fmt: skip
