"""One's own security: password, second step, and where one is signed in."""

import hashlib

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portico.accounts.actions import change_password
from portico.signin.entering import MUST_ENROL, end_sessions, sessions_of
from portico.signin.factors import may_have_second_step
from portico.signin.models import Session
from portico.web.access import PortalRequest, page
from portico.web.saving import posted, saved
from portico.web.signin.agents import browser_of
from portico.web.signin.entering import throttle_of
from portico.web.signin.forms import ChangePasswordForm


def _mark(session_key: str) -> str:
    """A name for a session that may stand in a page: the key itself lets somebody in."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:24]


@never_cache
@require_GET
@page()
def security(request: PortalRequest) -> HttpResponse:
    person = request.user
    factors = list(Authenticator.objects.filter(user=person).order_by("created_at"))
    by_type = {one.type: one for one in factors}
    context = {
        "may_have": may_have_second_step(person),
        "must": request.session.get(MUST_ENROL, False),
        "has_password": person.has_usable_password(),
        "passkeys": [one for one in factors if one.type == Authenticator.Type.WEBAUTHN],
        "app": by_type.get(Authenticator.Type.TOTP),
        "codes_left": _codes_left(by_type.get(Authenticator.Type.RECOVERY_CODES)),
        "sessions": [_row(one, request) for one in sessions_of(person=person)],
    }
    return render(request, "signin/security.html", context)


def _codes_left(codes: Authenticator | None) -> int | None:
    return len(codes.wrap().get_unused_codes()) if codes else None


def _way(way: str) -> str:
    """How somebody came in; a provider's name stands for itself."""
    words = {
        "password": _("with the password"),
        "code": _("with a code by e-mail"),
        "link": _("with a link by e-mail"),
        "passkey": _("with a passkey"),
    }
    return words.get(way, way)


def _row(session: Session, request: PortalRequest) -> dict[str, object]:
    return {
        "mark": _mark(session.session_key),
        "here": session.session_key == request.session.session_key,
        "browser": browser_of(session.agent),
        "session": session,
        "way": _way(session.way),
    }


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@page()
def password(request: PortalRequest) -> HttpResponse:
    """A new password; every other browser is signed out."""
    if not request.user.has_usable_password():
        return redirect("forgotten")
    throttle = throttle_of(request, email=f"again:{request.user.pk}")
    if request.method == "POST" and throttle.is_closed():
        return render(request, "account/slow_down.html", status=429)
    form = ChangePasswordForm(posted(request), person=request.user)
    if request.method == "POST":
        if form.is_valid() and saved(form, lambda: _change(request, form)):
            throttle.forgive()
            messages.success(request, _("Your password is changed. Other browsers are signed out."))
            return redirect("mfa_index")
        if "old" in form.errors:
            throttle.count_failure()
    status = 422 if form.errors else 200
    return render(request, "signin/password.html", {"form": form}, status=status)


def _change(request: PortalRequest, form: ChangePasswordForm) -> None:
    change_password(person=request.user, password=form.cleaned_data["password"])
    update_session_auth_hash(request, request.user)  # this browser stays, under a new key
    end_sessions(person=request.user, but=request.session.session_key)


@require_POST
@page()
def end_session(request: PortalRequest, mark: str) -> HttpResponse:
    """Sign one browser out; whoever has signed out meanwhile is no error."""
    for session in sessions_of(person=request.user):
        if _mark(session.session_key) == mark:
            session.delete()
    messages.success(request, _("That browser is signed out."))
    return redirect("mfa_index")


@require_POST
@page()
def sign_out_everywhere(request: PortalRequest) -> HttpResponse:
    """Every browser, this one too."""
    end_sessions(person=request.user)
    logout(request)
    response = redirect("sign-in")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
