"""The link in a teacher's e-mail: read a student's request to start, decide with one button.

No sign-in: the secret in the address is the right to decide, for one person, one
placement, once. Mail scanners open links, so GET and HEAD change nothing; and since
the secret is what allows the POST, no cookie is needed for it either.
"""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from portico.accounts.links import LinkError, find_link
from portico.accounts.models import LinkToken
from portico.audit.actions import acting
from portico.internships.actions import approve_start, decline_start
from portico.internships.actions.starting import missing_before_start
from portico.internships.models import Placement
from portico.internships.queue import get_placement
from portico.internships.states import State
from portico.web.minors import minors_of
from portico.web.placements import ReasonForm
from portico.web.speaking import speak
from tenants.errors import Refused

PURPOSE = LinkToken.Purpose.APPROVE_START


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def start_link(request: HttpRequest, secret: str) -> HttpResponse:
    """GET: the request and two answers. POST: the answer. A dead link says why: 410."""
    try:
        if request.method == "POST":
            response = _decide(request, secret)
        else:
            response = _show(request, find_link(secret=secret, purpose=PURPOSE))
    except LinkError as dead:
        response = _dead(request, dead.reason, link=dead.link)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the secret
    response.headers["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response


def _show(
    request: HttpRequest,
    link: LinkToken,
    *,
    form: ReasonForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    placement = _placement_of(link)
    if placement is None or placement.state != State.START_REQUESTED:
        return _dead(request, "used", link=link)
    speak(request, link.person.language)
    context = {
        "placement": placement,
        "person": link.person,
        "form": form or ReasonForm(),
        "refusal": refusal,
        "missing": missing_before_start(placement),
        "minors": minors_of(placement),
    }
    return render(request, "mentor/start_link.html", context, status=status)


def _decide(request: HttpRequest, secret: str) -> HttpResponse:
    declines = request.POST.get("answer") == "decline"
    form = ReasonForm(request.POST)
    try:
        # the lock on the link makes two clicks one act; a refusal undoes all of it
        with acting(via="link", address=request.META.get("REMOTE_ADDR")), transaction.atomic():
            link = find_link(secret=secret, purpose=PURPOSE, for_use=True)
            speak(request, link.person.language)
            assert link.subject_id is not None
            if not declines:
                placement = approve_start(placement_id=link.subject_id, actor=link.person)
            elif form.is_valid():
                placement = decline_start(
                    placement_id=link.subject_id,
                    actor=link.person,
                    reason=form.cleaned_data["reason"],
                )
            else:
                return _show(request, link, form=form, status=422)
    except Placement.DoesNotExist:
        return _dead(request, "unknown")
    except Refused as refusal:
        if refusal.code == "missing":
            return _show(
                request,
                find_link(secret=secret, purpose=PURPOSE),
                refusal=str(refusal.message),
                status=409,
            )
        reason = "not_yours" if refusal.code == "forbidden" else "used"
        return _dead(request, reason, link=link)
    return render(request, "mentor/start_decided.html", {"placement": placement})


def _dead(request: HttpRequest, reason: str, *, link: LinkToken | None = None) -> HttpResponse:
    """Why the link does nothing any more, and where the student stands now."""
    if link is not None:
        speak(request, link.person.language)
    placement = _placement_of(link) if link is not None and reason != "not_yours" else None
    if placement is not None and reason == "used" and placement.state == State.WITHDRAWN:
        reason = "withdrawn"
    context = {"reason": reason, "placement": placement}
    return render(request, "mentor/start_dead.html", context, status=410)


def _placement_of(link: LinkToken) -> Placement | None:
    try:
        return get_placement(placement_id=link.subject_id)  # type: ignore[arg-type]
    except Placement.DoesNotExist:
        return None
