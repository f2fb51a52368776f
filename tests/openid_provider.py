"""An OpenID Connect provider of the tests' own, on this machine: discovery, keys, authorize,
token, userinfo. Whoever comes is `person`; what it says can be bent to try a client.

It checks what a good provider checks (client, secret, redirect address, one use of a code,
PKCE) and keeps what it was asked for the tests to look at.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

CLIENT_ID = "portico-client"
CLIENT_SECRET = "s3cret:with/signs"


class OpenIdProvider:
    """What it is and knows; `issuer` is its address."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.key: RSAPrivateKey = generate_private_key(65537, 2048)
        self.signs_with: RSAPrivateKey = self.key
        self.person: dict[str, Any] = {}
        self.bent: dict[str, Any] = {}  # claims that are not as they should be
        self.userinfo: dict[str, Any] = {}
        self.redirect_uris: set[str] = set()  # empty: any
        self.refuses = False
        self.is_away = False
        self.takes_its_time: Callable[[str], None] = lambda path: None  # before each answer
        self.asked: list[dict[str, str]] = []  # parameters of each authorization request
        self._codes: dict[str, dict[str, str]] = {}

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def keys(self) -> dict[str, Any]:
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """The address the browser is sent back to."""
        self.asked.append(asked)
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        if self.redirect_uris and asked["redirect_uri"] not in self.redirect_uris:
            raise PermissionError("redirect_uri_mismatch")
        if self.refuses:
            answer = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self._codes[code] = asked
            answer = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any]:
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if pair != f"{CLIENT_ID}:s3cret%3Awith%2Fsigns":
            raise PermissionError("invalid_client")
        asked = self._codes.pop(form["code"], None)
        if asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            raise PermissionError("invalid_grant")
        challenge = base64.urlsafe_b64encode(
            hashlib.sha256(form["code_verifier"].encode()).digest()
        )
        if challenge.rstrip(b"=").decode() != asked["code_challenge"]:
            raise PermissionError("invalid_grant")
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
            **self.bent,
        }
        token = jwt.encode(claims, self.signs_with, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": "access", "token_type": "Bearer", "id_token": token}


def _handler(provider: OpenIdProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.takes_its_time(parts.path)
            if provider.is_away:
                self._json({"error": "down"}, 503)
            elif parts.path == "/.well-known/openid-configuration":
                self._json(provider.discovery())
            elif parts.path == "/keys":
                self._json(provider.keys())
            elif parts.path == "/userinfo":
                self._json(provider.userinfo)
            elif parts.path == "/authorize":
                asked = {key: value[0] for key, value in parse_qs(parts.query).items()}
                try:
                    where = provider.authorize(asked)
                except PermissionError as no:
                    self._json({"error": str(no)}, 400)
                    return
                self.send_response(302)
                self.send_header("Location", where)
                self.end_headers()
            else:
                self._json({}, 404)

        def do_POST(self) -> None:
            provider.takes_its_time(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {key: value[0] for key, value in parse_qs(body).items()}
            try:
                self._json(provider.token(form, self.headers.get("Authorization", "")))
            except PermissionError as no:
                self._json({"error": str(no)}, 400)

        def _json(self, said: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Requests are not the test's output."""

    return Handler


@contextmanager
def openid_provider() -> Iterator[OpenIdProvider]:
    """A running provider."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    provider = OpenIdProvider(server.server_port)
    server.RequestHandlerClass = _handler(provider)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
