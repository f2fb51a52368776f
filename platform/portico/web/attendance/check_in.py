"""The student's check-in page: works as plain forms; the installed app is built on top of it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portico.accounts import may
from portico.attendance.actions import NewTap, record_tap
from portico.attendance.actions.choices import set_share_location
from portico.attendance.models import Tap
from portico.attendance.queries import phone_state, shares_location
from portico.web.access import PortalRequest, attempt, page
from portico.web.attendance.wire import read_tap


@require_http_methods(["GET", "POST"])
@page(may.CHECK_IN)
def check_in(request: PortalRequest) -> HttpResponse:
    """GET: today. POST: a tap as a plain form, where no script runs."""
    if request.method == "POST":
        attempt(request, lambda: _tap(request))
        return redirect("check-in")
    context: dict[str, Any] = {
        "nav": "check-in",
        "checkin": {
            "placements": phone_state(student=request.user),
            "location_allowed": shares_location(student=request.user),
            "key": uuid.uuid4(),  # a form sent twice is one tap
        },
    }
    return render(request, "student/check_in.html", context)


def _tap(request: PortalRequest) -> None:
    answer = record_tap(student=request.user, tap=_form_tap(request))
    messages.success(request, answer.body["says"])


def _form_tap(request: PortalRequest) -> NewTap:
    """The form's fields, as the wire would have them; a form has no position to tell."""
    form = request.POST
    pulse = form.get("pulse", "")
    answers = {
        name.removeprefix("answer-"): value
        for name, value in form.items()
        if name.startswith("answer-")
    }
    return read_tap(
        {
            "key": form.get("key", ""),
            "placement": form.get("placement", ""),
            "kind": form.get("kind", Tap.Kind.IN),
            "goals": form.getlist("goals"),
            "done": [int(one) for one in form.getlist("done") if one.isdigit()],
            "answers": answers,
            "reflection": form.get("reflection", ""),
            "pulse": int(pulse) if pulse.isdigit() else None,
            "worry": form.get("worry", ""),
            "attendance": form.get("attendance", ""),
            "end": form.get("end", ""),
        }
    )


@require_POST
@page(may.CHECK_IN)
def location(request: PortalRequest) -> HttpResponse:
    """Switch reading the phone's position off for good, or on again."""
    share = request.POST.get("share") == "yes"
    set_share_location(student=request.user, share=share)
    messages.success(
        request,
        _("Your phone's position is read when you tap check in, never else.")
        if share
        else _("Your phone's position is not read any more."),
    )
    return redirect("check-in")
