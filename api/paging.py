"""Keyset pages: `cursor` is the place the last page ended at, `next_cursor` the next one."""

import uuid
from collections.abc import Callable
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

SIZE = 20
MOST = 100


def page_size(request: Request) -> int:
    text = request.query_params.get("size", str(SIZE))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST:
        raise ValidationError({"size": [f"A number from 1 to {MOST}."]})
    return int(text)


def _cursor(request: Request) -> uuid.UUID | None:
    cursor = request.query_params.get("cursor")
    try:
        return uuid.UUID(hex=cursor) if cursor else None
    except ValueError:
        raise ValidationError({"cursor": ["This cursor is not one of ours."]}) from None


class NewestFirst(BasePagination):
    """By id, which grows with time: rows that come or go neither shift nor repeat others."""

    next_cursor: str | None = None

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any]:
        size, after = page_size(request), _cursor(request)
        rows = queryset.order_by("-id")
        if after is not None:
            rows = rows.filter(id__lt=after)
        found = list(rows[: size + 1])
        self.next_cursor = found[size - 1].pk.hex if len(found) > size else None
        return found[:size]

    def paginate_rows(self, rows: list[Any], request: Request, *, key: Callable[[Any], Any]) -> Any:
        """The same of *rows* that no query sorts; *key*: a row's id."""
        size, after = page_size(request), _cursor(request)
        left = sorted(rows, key=key, reverse=True)
        if after is not None:
            left = [row for row in left if key(row) < after]
        self.next_cursor = key(left[size - 1]).hex if len(left) > size else None
        return left[:size]

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next_cursor": self.next_cursor})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next_cursor"],
            "properties": {
                "results": schema,
                "next_cursor": {
                    "type": ["string", "null"],
                    "description": "Send it as `cursor` for the next page; null on the last.",
                },
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "`next_cursor` of the page before.",
                "schema": {"type": "string"},
            },
            {
                "name": "size",
                "in": "query",
                "required": False,
                "description": "Rows a page.",
                "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": SIZE},
            },
        ]
