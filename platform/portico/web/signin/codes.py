"""A code by e-mail: asked for, typed in."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portico.signin.codes import SentCode, person_of_code, send_code
from portico.web.access import answer
from portico.web.saving import posted
from portico.web.signin.entering import enter, throttle_of
from portico.web.signin.forms import AskForCodeForm, TypeCodeForm

SENT = "sign_in_code"
NEXT = "sign_in_code_next"


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponseBase:
    """The same answer for every address, and as soon."""
    form = AskForCodeForm(posted(request))
    if request.method != "POST" or not form.is_valid():
        _keep_next(request)
        return render(
            request, "signin/ask_for_code.html", {"form": form}, status=422 if form.errors else 200
        )
    email = form.cleaned_data["email"]
    throttle = throttle_of(request, email=f"code:{email}")
    if throttle.is_closed():
        return render(request, "account/slow_down.html", status=429)
    throttle.count_failure()
    return answer(_send, request, email)


def _send(request: HttpRequest, email: str) -> HttpResponse:
    request.session[SENT] = send_code(email=email).as_dict()
    return redirect("sign-in-code-type")


@never_cache
@require_http_methods(["GET", "POST"])
def type_in(request: HttpRequest) -> HttpResponse:
    if SENT not in request.session:
        return redirect("sign-in-code")
    sent = SentCode(**request.session[SENT])
    form = TypeCodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        person = person_of_code(sent=sent, code=form.cleaned_data["code"])
        if person is not None:
            next_url = request.session.pop(NEXT, "")
            del request.session[SENT]
            return enter(request, person, way="code", next_url=next_url)
        request.session[SENT] = sent.as_dict()
        if sent.tries_left:
            form.add_error("code", _("This code is not right, or its time has passed."))
        else:
            form.add_error("code", _("Too many tries. Ask for a new code."))
    return render(
        request,
        "signin/type_code.html",
        {"form": form, "email": sent.email, "tries_left": sent.tries_left},
        status=422 if form.errors else 200,
    )


def _keep_next(request: HttpRequest) -> None:
    target = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        request.session[NEXT] = target
