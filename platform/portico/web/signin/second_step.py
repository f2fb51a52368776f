"""allauth's pages of second steps, for staff, with our limits on guessing."""

from typing import Any

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from portico.accounts import may
from portico.web.access import PortalRequest, page
from portico.web.signin.entering import throttle_of

staff = page(may.HAVE_SECOND_STEP)


class Slowed:
    """A page where something can be guessed: eight wrong ones in a quarter of an hour."""

    request: HttpRequest

    def guessed_at(self) -> str:
        return f"again:{self.request.user.pk}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.throttle = throttle_of(request, email=self.guessed_at())
        if self.throttle.is_closed():
            return render(request, "account/slow_down.html", status=429)
        return super().post(request, *args, **kwargs)  # type: ignore[misc,no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        self.throttle.forgive()
        return super().form_valid(form)  # type: ignore[misc,no-any-return]

    def form_invalid(self, form: Any) -> HttpResponse:
        self.throttle.count_failure()
        return super().form_invalid(form)  # type: ignore[misc,no-any-return]


class SecondStep(Slowed, mfa_views.AuthenticateView):
    """On the way in, after the first step."""

    def guessed_at(self) -> str:
        return f"second-step:{self.stage.login.user.pk}"


class PasswordAgain(Slowed, account_views.ReauthenticateView):
    """Before a second step is changed, when the sign-in is a while ago."""


class CodeAgain(Slowed, mfa_views.ReauthenticateView):
    """The same with the app."""


class PasskeyAgain(passkey_views.ReauthenticateWebAuthnView):
    """The same with a passkey: there is nothing to guess."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


second_step = SecondStep.as_view()
password_again = staff(PasswordAgain.as_view())
code_again = staff(CodeAgain.as_view())
passkey_again = staff(PasskeyAgain.as_view())
add_app = staff(app_views.activate_totp)
remove_app = staff(app_views.deactivate_totp)
recovery_codes = staff(codes_views.view_recovery_codes)
new_recovery_codes = staff(codes_views.generate_recovery_codes)
add_passkey = staff(passkey_views.add_webauthn)
passkey_sign_in = passkey_views.login_webauthn


@staff
def remove_passkey(request: PortalRequest, passkey_id: int) -> HttpResponseBase:
    """Not there, or another's: 404 before anybody is asked for their password."""
    passkeys = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN)
    get_object_or_404(passkeys, id=passkey_id, user=request.user)
    return passkey_views.remove_webauthn(request, pk=passkey_id)  # type: ignore[no-any-return]
