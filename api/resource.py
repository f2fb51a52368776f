"""What every resource does: hosts, roles, tokens' scopes, transactions, idempotency, limits."""

import hashlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated, NotFound, PermissionDenied, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from api.authentication import TokenAuthentication
from api.limits import Throttle, rate_headers
from api.paging import NewestFirst
from portico.accounts import may
from portico.accounts.idempotency import Answer, earlier_answer, keep_answer
from portico.accounts.models import ApiToken, Person
from portico.accounts.roles import Role
from tenants.models import Tenant

SAFE = ("GET", "HEAD", "OPTIONS")
LONGEST_KEY = 200
KEPT_HEADERS = ("ETag", "Location")

STUDENT, TEACHER, COORDINATOR = Role.STUDENT, Role.TEACHER, Role.COORDINATOR
DISTRICT_ADMIN, PARTNER_STAFF = Role.DISTRICT_ADMIN, Role.PARTNER_STAFF
EVERYONE = may.BE_HERE.roles


class Resource(GenericViewSet):
    """A kind of thing. Subclasses say where it is, who may do what, and do it with actions.

    `roles` maps a view's action (`list`, `approve`) to who may; `*` stands for the rest. Who
    may stands in accounts/may.py.
    An error of any kind leaves nothing behind: each write is a savepoint of its own.
    """

    kind: ClassVar[str]  # names it in addresses, in tokens' scopes and in the reference
    hosts: ClassVar[tuple[str, ...]] = ("school",)
    roles: ClassVar[dict[str, frozenset[str]]] = {"*": EVERYONE}
    browser_only: ClassVar[bool] = False  # not with a token
    sends_files: ClassVar[tuple[str, ...]] = ()  # actions that answer with a file
    is_versioned: ClassVar[bool] = False  # ETag; If-Match is required to change it
    reads_replica: ClassVar[bool] = False  # GET may be a moment late: tenants.replica_reads

    authentication_classes = (TokenAuthentication, SessionAuthentication)
    throttle_classes = (Throttle,)
    pagination_class: type[NewestFirst] | None = NewestFirst
    lookup_value_converter = "uuid"
    lookup_field = "pk"

    @property
    def person(self) -> Person:
        """Who asks; only called where permission has been checked."""
        return cast(Person, self.request.user)

    @property
    def tenant(self) -> Tenant:
        return cast(Tenant, self.request.tenant)  # type: ignore[attr-defined]

    def asked(self, terms: type[BaseSerializer], **context: Any) -> dict[str, Any]:
        """The request's body, read by *terms*; ValidationError with the fields at fault."""
        read = terms(data=self.request.data, context=context)
        read.is_valid(raise_exception=True)
        return cast(dict[str, Any], read.validated_data)

    def asked_in_address(self, terms: type[BaseSerializer], **context: Any) -> dict[str, Any]:
        """The parameters behind the address's question mark, read by *terms*."""
        read = terms(data=self.request.query_params, context=context)
        read.is_valid(raise_exception=True)
        return cast(dict[str, Any], read.validated_data)

    @classmethod
    def roles_for(cls, action: str) -> frozenset[str]:
        return cls.roles.get(action, cls.roles["*"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in SAFE:
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key")
        is_file = self.action in self.sends_files  # made anew each time: no second effect
        if request.method == "POST" and key is not None and not is_file:
            act = getattr(self, "post")  # noqa: B009  (as_view sets it on the instance)
            setattr(self, "post", partial(self._once, key, act))  # noqa: B010

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """A file comes as what it is, whatever the client would rather have."""
        is_file = getattr(self, "action", None) in self.sends_files
        return super().perform_content_negotiation(request, force or is_file)

    def check_permissions(self, request: Request) -> None:
        if request.user is None or not request.user.is_authenticated:
            raise NotAuthenticated
        if self.tenant.kind not in self.hosts:
            raise NotFound
        token = request.auth
        if isinstance(token, ApiToken):
            self._check_scope(token)
        action = getattr(self, "action", None)
        if action and not self.person.has_role(*self.roles_for(action)):
            raise PermissionDenied(_("Your role does not allow this."))

    def _check_scope(self, token: ApiToken) -> None:
        if self.browser_only:
            raise PermissionDenied(_("This is done in a browser, not with a token."))
        if token.only and token.only != self.kind:
            raise PermissionDenied(_("This token is for another kind of resource."))
        if self.request.method not in SAFE and token.access != ApiToken.Access.WRITE:
            raise PermissionDenied(_("This token may only read."))

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in rate_headers(getattr(request, "_request", request)).items():
            response[name] = value
        response["Cache-Control"] = "private, no-cache"
        return response

    def _once(
        self, key: str, act: Callable[..., Response], request: Request, *args: Any, **kwargs: Any
    ) -> Response:
        if not 1 <= len(key) <= LONGEST_KEY:
            raise ValidationError({"Idempotency-Key": ["1 to 200 characters."]})
        asked = f"{request.method} {request.get_full_path()}\n".encode() + request._request.body
        fingerprint = hashlib.sha256(asked).hexdigest()
        earlier = earlier_answer(person=self.person, key=key, fingerprint=fingerprint)
        if earlier is not None:
            headers = earlier.headers | {"Idempotency-Replayed": "true"}
            return Response(earlier.body, status=earlier.status, headers=headers)
        response = act(request, *args, **kwargs)
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        body = json.loads(JSONRenderer().render(response.data) or b"null")
        keep_answer(person=self.person, key=key, answer=Answer(response.status_code, headers, body))
        return response
