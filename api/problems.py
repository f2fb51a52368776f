"""Every error as a problem document (RFC 9457), with the field at fault where there is one."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, PermissionDenied
from django.core.exceptions import ValidationError as RuleInvalid
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response

from tenants.errors import Refused

CONTENT_TYPE = "application/problem+json"
# Refusals that are not about the state of things (409).
REFUSED_STATUS = {"forbidden": 403, "not_found": 404, "idempotency_key_reused": 422}
TITLES = {
    400: "Something in the request is not right",
    401: "Sign in, or send a token",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible with this method",
    406: "Cannot be answered in that form",
    409: "Not possible as things stand",
    412: "Somebody else changed it meanwhile",
    415: "Send JSON",
    422: "The key came with another request before",
    428: "Say which version you have seen",
    429: "Too many requests",
}

Errors = list[dict[str, str]]


class ChangedMeanwhile(exceptions.APIException):
    """The If-Match the client sent is not the version that stands."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "changed_meanwhile"
    default_detail = "Read it again, then change it with the new ETag in If-Match."


class VersionRequired(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version_required"
    default_detail = "Send the ETag of the version you have read in If-Match."


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to *exc*; None for what is a fault of ours."""
    if isinstance(exc, Refused):
        return refused_problem(exc)
    if isinstance(exc, RuleInvalid):
        return problem(400, code="invalid", detail=_invalid(), errors=_rule_errors(exc))
    if isinstance(exc, ObjectDoesNotExist | Http404):
        return problem(404, code="not_found", detail=_("There is nothing at this address."))
    if isinstance(exc, PermissionDenied):
        return problem(403, code="forbidden", detail=_("Your role does not allow this."))
    if isinstance(exc, exceptions.ValidationError):
        errors = _field_errors(exc.detail)
        return problem(400, code="invalid", detail=_invalid(), errors=errors)
    if isinstance(exc, exceptions.APIException):
        return _api_problem(exc)
    return None


def refused_problem(refusal: Refused) -> Response:
    message = str(refusal.message)
    errors = []
    if refusal.field:
        errors.append({"field": refusal.field, "detail": message, "code": refusal.code})
    code = REFUSED_STATUS.get(refusal.code, 409)
    return problem(code, code=refusal.code, detail=message, errors=errors)


def problem(
    status_code: int,
    *,
    code: str,
    detail: str,
    errors: Errors | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """`code` is stable for programs, `detail` is for people. Types are explained at /api/v1/."""
    document: dict[str, Any] = {
        "type": f"/api/v1/#problem-{status_code}",
        "title": TITLES.get(status_code, "Problem"),
        "status": status_code,
        "detail": detail,
        "code": code,
    }
    if errors:
        document["errors"] = errors
    return Response(document, status=status_code, headers=headers, content_type=CONTENT_TYPE)


def _api_problem(exc: exceptions.APIException) -> Response:
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]
    if getattr(exc, "wait", None) is not None:
        headers["Retry-After"] = str(int(exc.wait) or 1)  # type: ignore[attr-defined]
    detail = exc.detail
    code = getattr(detail, "code", exc.default_code)
    return problem(exc.status_code, code=str(code), detail=str(detail), headers=headers)


def _invalid() -> str:
    return _("Please look at the fields named.")


def _rule_errors(exc: RuleInvalid) -> Errors:
    if not hasattr(exc, "error_dict"):
        return [{"field": "", "detail": text, "code": "invalid"} for text in exc.messages]
    return [
        {
            "field": "" if field == NON_FIELD_ERRORS else field,
            "detail": text,
            "code": str(error.code or "invalid"),
        }
        for field, found in exc.error_dict.items()
        for error in found
        for text in error.messages
    ]


def _field_errors(detail: Any, field: str = "") -> Errors:
    """DRF's nested errors as a list; a nested field is named with dots."""
    if isinstance(detail, dict):
        named = (
            ("" if name == "non_field_errors" else str(name), inner)
            for name, inner in detail.items()
        )
        return [
            error
            for name, inner in named
            for error in _field_errors(inner, f"{field}.{name}".strip("."))
        ]
    if isinstance(detail, list):
        return [error for inner in detail for error in _field_errors(inner, field)]
    return [
        {"field": field, "detail": str(detail), "code": str(getattr(detail, "code", "invalid"))}
    ]
