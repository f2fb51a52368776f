"""A program's side of the API: JSON in, JSON out."""

from typing import Any

import pytest
from django.core.cache import cache

from portico.accounts.tokens import make_token


class Api:
    """`api(met, person).get("/listings/")`: as a signed-in person, or with a token's secret."""

    def __init__(self, world: Any, person: Any = None, token: str = "") -> None:
        self.client = world.client(person)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, query: Any = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", query or {}, headers=self._all(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("post", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("patch", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("put", path, body, headers)

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/api/v1{path}", headers=self.headers)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        return getattr(self.client, method)(
            f"/api/v1{path}",
            {} if body is None else body,
            content_type="application/json",
            headers=self._all(headers),
        )

    def _all(self, headers: dict[str, str]) -> dict[str, str]:
        return self.headers | {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def api(db: None) -> Any:
    cache.clear()
    return Api


@pytest.fixture
def token(db: None) -> Any:
    """The secret of a new token of *person*: `token(met, person, access="write")`."""

    def make(world: Any, person: Any, **terms: Any) -> str:
        with world:
            return make_token(person=person, name="a script", **terms)[1]

    return make


def problem_of(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem document of *response*, checked."""
    document = response.json()
    assert (response.status_code, document["code"]) == (status, code), document
    assert response["Content-Type"] == "application/problem+json"
    assert document["status"] == status
    assert document["title"]
    assert document["type"].startswith("/api/v1/#problem-")
    return document
