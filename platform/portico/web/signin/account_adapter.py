"""allauth's stages of signing in, with our pages, our sessions and our limits."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.signin.entering import let_in
from portico.web.context import home_url

RECENT = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or its time has passed."),
        "incorrect_password": _("This is not your password."),
    }

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def login(self, request: HttpRequest, user: Person) -> None:
        ways = [record["method"] for record in get_authentication_records(request, user)]
        let_in(
            request=request,
            person=user,
            way=next((way for way in ways if way != "mfa"), "passkey"),
            second_step_done="mfa" in ways,
        )

    def post_login(
        self, request: HttpRequest, user: Person, *, redirect_url: str | None, **details: Any
    ) -> HttpResponse:
        return HttpResponseRedirect(
            redirect_url
            if redirect_url and self.is_safe_url(redirect_url)
            else self.get_login_redirect_url(request)
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_url(request.user, kind=request.tenant.kind)  # type: ignore[arg-type, attr-defined]

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        return HttpResponseRedirect(settings.LOGIN_URL)

    def is_safe_url(self, url: str | None) -> bool:
        """This host only: not even another school's."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()})

    def reauthenticate(self, user: Person, password: str) -> bool:
        return user.check_password(password)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not by who has just signed in: they showed a moment ago who they are."""
        records = get_authentication_records(self.request, self.request.user)
        return not any(time.time() - record["at"] < RECENT for record in records)

    def get_client_ip(self, request: HttpRequest) -> str:
        return str(request.META.get("REMOTE_ADDR", ""))
