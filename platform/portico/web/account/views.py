"""In and out, passwords, notices, language: the pages every tenant has."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from portico.accounts import may
from portico.accounts.actions import choose_password as set_chosen_password
from portico.accounts.links import LinkError, find_link
from portico.accounts.models import LinkToken
from portico.notices.actions import mark_read
from portico.notices.inviting import send_password_link
from portico.notices.queries import given_up_count, messages_of
from portico.signin.entering import end_sessions
from portico.trust.queries import usable_providers
from portico.web.access import PortalRequest, back, page
from portico.web.account.forms import ChoosePasswordForm, ForgottenForm, SignInForm
from portico.web.context import home_url
from portico.web.outbox import read_mail, waiting_mails
from portico.web.signin.entering import enter, remember_browser, throttle_of
from tenants.models import Region
from tenants.theme import theme_css


@require_GET
def front_page(request: HttpRequest) -> HttpResponse:
    """The portal's own host: the regions, no people."""
    hosts = [
        (region, region.domains.filter(is_primary=True).first())
        for region in Region.objects.order_by("name")
    ]
    port = "" if settings.PUBLIC_PORT in (80, 443) else f":{settings.PUBLIC_PORT}"
    regions = [
        {"name": region.name, "url": f"{settings.SITE_SCHEME}://{host.domain}{port}/"}
        for region, host in hosts
        if host is not None
    ]
    return render(request, "account/front_page.html", {"regions": regions})


class SignIn(LoginView):
    """E-mail and password. Slows down guessing without locking a school out."""

    template_name = "account/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        return home_url(self.request.user, kind=self.request.tenant.kind)  # type: ignore[attr-defined, arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"providers": usable_providers()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.throttle = throttle_of(request, email=request.POST.get("username", ""))
        if self.throttle.is_closed():
            return render(request, "account/slow_down.html", status=429)
        return super().post(request, *args, **kwargs)  # type: ignore[return-value]

    def form_valid(self, form: Any) -> HttpResponse:
        self.throttle.forgive()
        next_url = self.get_redirect_url()
        response = enter(self.request, form.get_user(), way="password", next_url=next_url)
        remember_browser(self.request, response, email=form.cleaned_data["username"])
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        self.throttle.count_failure()
        return super().form_invalid(form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, and pages with names off the phone; never its "storage": unsent check-ins are there."""
    logout(request)
    response = redirect("sign-in")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link; the answer is the same whether or not the e-mail is known."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        throttle = throttle_of(request, email="link:" + form.cleaned_data["email"])
        if not throttle.is_closed():
            throttle.count_failure()
            send_password_link(email=form.cleaned_data["email"])
        return render(request, "account/link_sent.html")
    return render(request, "account/forgotten.html", {"form": form})


@sensitive_post_parameters()
def choose_password(request: HttpRequest, secret: str) -> HttpResponse:
    """An invitation's link: GET shows the form and changes nothing."""
    try:
        link = find_link(secret=secret, purpose=LinkToken.Purpose.SET_PASSWORD)
    except LinkError as error:
        return render(request, "account/link_dead.html", {"reason": error.reason}, status=410)
    form = ChoosePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = set_chosen_password(secret=secret, password=form.cleaned_data["password"])
        except ValidationError as weak:
            form.add_error(None, weak)
        except LinkError as error:
            return render(request, "account/link_dead.html", {"reason": error.reason}, status=410)
        else:
            end_sessions(person=person)
            messages.success(request, _("Welcome! Your password is set."))
            return enter(request, person, way="link")
    context = {"form": form, "person": link.person}
    return render(request, "account/choose_password.html", context)


@page(may.BE_HERE)
def notices(request: PortalRequest) -> HttpResponse:
    """What the portal told this person; opening the page marks all as read."""
    found = messages_of(person=request.user)
    mark_read(person=request.user)
    is_staff = request.user.has_role(*may.SEE_UNDELIVERED.roles)
    context = {
        "notices": found,
        "nav": "notices",
        "undelivered": given_up_count() if is_staff else 0,
    }
    return render(request, "account/notices.html", context)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and, signed in, with the person."""
    language = request.POST.get("language", "")
    response = back(request, "/")
    if check_for_language(language) and language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax"
        )
        if getattr(request, "tenant", None) and request.user.is_authenticated:
            request.user.language = language  # type: ignore[union-attr]
            request.user.save(update_fields=["language"])
    return response


@require_GET
@cache_control(public=True, max_age=3600)
def theme_css_file(request: HttpRequest) -> HttpResponse:
    """The tenant's colours as CSS variables (a strict CSP allows no inline style)."""
    tenant = getattr(request, "tenant", None)
    color = tenant.color if tenant else "#0f5c56"
    return HttpResponse(theme_css(color), content_type="text/css")


def _outbox_folder() -> Path:
    folder: Path | None = settings.OUTBOX_DIR
    if folder is None:
        raise Http404
    return folder


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The demo's mailbox: every e-mail the portal has written for this host. Demo only."""
    mails = waiting_mails(_outbox_folder(), host=request.get_host())
    return render(request, "account/outbox.html", {"mails": mails, "nav": "outbox"})


@require_GET
def outbox_mail(request: HttpRequest, name: str) -> HttpResponse:
    """One e-mail's HTML, as a mail program would show it, without scripts."""
    mail = read_mail(_outbox_folder(), name=name, host=request.get_host())
    if mail is None:
        raise Http404
    response = HttpResponse(mail.html)
    response.headers["Content-Security-Policy"] = (
        "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'"
    )
    return response


def home(request: HttpRequest) -> HttpResponseRedirect:
    """`/` for those whose home is elsewhere."""
    return HttpResponseRedirect(home_url(request.user, kind=request.tenant.kind))  # type: ignore[attr-defined, arg-type]
