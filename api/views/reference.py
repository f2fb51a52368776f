"""The API's description: as OpenAPI for programs, as a page for people.

The page is made here from the same description: the usual viewers need inline styles,
which our security policy does not allow.
"""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from drf_spectacular.generators import SchemaGenerator

from api.problems import CONTENT_TYPE, TITLES
from api.resource import Resource

SCHEMA_URLS = "portico.web.urls_school"  # both kinds of host have the same API
_JSON = "application/vnd.oai.openapi+json"
_described: dict[str, Any] = {}


def describe() -> dict[str, Any]:
    """The OpenAPI document, made once a process."""
    if not _described:
        _described.update(SchemaGenerator(urlconf=SCHEMA_URLS).get_schema(public=True))
    return _described


@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    return HttpResponse(json.dumps(describe()), content_type=_JSON)


@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """Every resource and operation, on one page."""
    described = describe()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            entry = _entry(path, method, operation, described["components"]["schemas"])
            groups.setdefault(operation["tags"][0], []).append(entry)
    context = {
        "nav": "",
        "groups": [(kind, _about(kind), entries) for kind, entries in groups.items()],
        "problems": sorted(TITLES.items()),
    }
    return render(request, "api/reference.html", context)


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    document = {
        "type": "/api/v1/#problem-404",
        "title": TITLES[404],
        "status": 404,
        "detail": "There is nothing at this address; see /api/v1/.",
        "code": "not_found",
    }
    return HttpResponse(json.dumps(document), content_type=CONTENT_TYPE, status=404)


def _about(kind: str) -> str:
    for view in _subclasses(Resource):
        if getattr(view, "kind", None) == kind:
            return " ".join((view.__doc__ or "").split())
    return ""


def _subclasses(cls: type) -> list[type]:
    direct: list[type] = cls.__subclasses__()
    return direct + [deeper for one in direct for deeper in _subclasses(one)]


def _entry(
    path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]
) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers = [
        (code, answer.get("description", ""), _rows(_json_of(answer), schemas))
        for code, answer in operation["responses"].items()
        if code.startswith("2")
    ]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "about": operation.get("description", ""),
        "parameters": [
            {
                "name": one["name"],
                "where": one["in"],
                "type": _type(one["schema"], schemas),
                "required": one.get("required", False),
                "about": one.get("description", ""),
            }
            for one in operation.get("parameters", [])
        ],
        "body": _rows(body.get("schema", {}), schemas),
        "answers": answers,
        "problems": [code for code in operation["responses"] if not code.startswith("2")],
    }


def _json_of(answer: dict[str, Any]) -> dict[str, Any]:
    return answer.get("content", {}).get("application/json", {}).get("schema", {})


def _resolve(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _rows(schema: dict[str, Any], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    """The properties of an object; of a page or list, those of its items."""
    found = _resolve(schema, schemas)
    if found.get("type") == "array":
        return _rows(found["items"], schemas)
    properties = found.get("properties", {})
    return [
        {
            "name": name,
            "type": _type(inner, schemas),
            "required": name in found.get("required", []),
            "about": inner.get("description", ""),
        }
        for name, inner in properties.items()
    ]


def _type(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    found = _resolve(schema, schemas)
    for combined in ("allOf", "oneOf", "anyOf"):
        if combined in found:
            return " or ".join(_type(one, schemas) for one in found[combined])
    if "enum" in found:
        return " | ".join("null" if value is None else str(value) for value in found["enum"])
    kind = found.get("type", "anything")
    if isinstance(kind, list):
        kind = " or ".join(kind)
    if kind == "array":
        return f"list of {_type(found.get('items', {}), schemas)}"
    return f"{kind} ({found['format']})" if "format" in found else kind
