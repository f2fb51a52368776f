"""ETag and If-Match: two editors cannot overwrite each other."""

import hashlib
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import ChangedMeanwhile, VersionRequired


def etag_of(document: Any) -> str:
    digest = hashlib.sha256(JSONRenderer().render(document)).hexdigest()
    return f'"{digest[:24]}"'


def answer_versioned(request: Request, document: Any, *, status: int = 200) -> Response:
    """*document* with its ETag; 304 when the client has it already (If-None-Match)."""
    etag = etag_of(document)
    if request.method in ("GET", "HEAD") and etag in _tags(request, "If-None-Match"):
        return Response(status=304, headers={"ETag": etag})
    return Response(document, status=status, headers={"ETag": etag})


def require_match(request: Request, document: Any) -> None:
    """Raise unless If-Match names the version that stands. Call with the row locked."""
    wanted = _tags(request, "If-Match")
    if not wanted:
        raise VersionRequired
    if "*" not in wanted and etag_of(document) not in wanted:
        raise ChangedMeanwhile


def _tags(request: Request, header: str) -> list[str]:
    # an entity tag of ours has no comma; proxies that compress mark it weak
    tags = request.headers.get(header, "").split(",")
    return [tag.strip().removeprefix("W/") for tag in tags if tag.strip()]
