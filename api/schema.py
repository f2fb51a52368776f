"""How the API describes itself: OpenAPI 3.1 by drf-spectacular, with our own conventions."""

from typing import Any

from django.utils.encoding import force_str
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from api.problems import CONTENT_TYPE, TITLES
from portico.accounts.may import BE_HERE

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable for programs; `detail` is for people.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail", "code"],
                "properties": {
                    "field": {"type": "string", "description": "Empty: the whole."},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
    },
}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Sent again within a day, the request acts once and gets the same answer.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the version you have read.",
)


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A token a person makes."}


class LocalTimeField(OpenApiSerializerFieldExtension):
    """A time of day where the internship is. Format `time` would promise a UTC offset."""

    target_class = "rest_framework.fields.TimeField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$",
            "examples": ["09:00:00"],
        }


class Schema(AutoSchema):
    """Tags by kind, who may in the description, and the headers every operation takes."""

    @property
    def _resource(self) -> Any:
        return self.view

    def get_tags(self) -> list[str]:
        return [self._resource.kind]

    def get_description(self) -> str:  # type: ignore[override]
        text = force_str(super().get_description() or "").strip()
        roles = self._resource.roles_for(self._resource.action)
        if roles != BE_HERE.roles:
            who = ", ".join(sorted(str(role).replace("_", " ") for role in roles))
            text += f"\n\nFor: {who}."
        return text.strip()

    def get_override_parameters(self) -> list[Any]:
        parameters = list(super().get_override_parameters())
        if self.method == "POST":
            parameters.append(IDEMPOTENCY_KEY)
        if self.method in ("PATCH", "PUT") and self._resource.is_versioned:
            parameters.append(IF_MATCH)
        return parameters

    def get_operation_id(self) -> str:
        return f"{self._resource.kind.replace('-', '_')}_{self._resource.action}"


def describe_problems(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Add to each operation the problems it may answer with (a hook of drf-spectacular)."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for code in _possible(path, method, operation):
                operation["responses"].setdefault(
                    str(code),
                    {
                        "description": TITLES[code],
                        "content": {
                            CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
                        },
                    },
                )
    return result


def _possible(path: str, method: str, operation: dict[str, Any]) -> list[int]:
    codes = [401, 403, 404, 429]
    if operation.get("parameters") or operation.get("requestBody"):
        codes.append(400)
    if method != "get":
        codes += [400, 409, 415]
    if method == "post":
        codes.append(422)
    if any(one["name"] == "If-Match" for one in operation.get("parameters", [])):
        codes += [412, 428]
    return sorted(set(codes))
