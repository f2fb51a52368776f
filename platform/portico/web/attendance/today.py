"""Who is where today: the coordinator's whole school, a teacher's own students."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portico.accounts import may
from portico.accounts.models import Person
from portico.attendance.actions import mark_worry_seen
from portico.attendance.today import board, disputed, silent_mentors, worries
from portico.web.access import PortalRequest, attempt, page


@require_GET
@page(may.FOLLOW_PLACEMENTS)
def coordinator_today(request: PortalRequest) -> HttpResponse:
    return _today(request, teacher=None)


@require_GET
@page(may.ADVISE)
def teacher_today(request: PortalRequest) -> HttpResponse:
    return _today(request, teacher=request.user)


def _today(request: PortalRequest, *, teacher: Person | None) -> HttpResponse:
    """The page, or only its board when htmx asks again (every half a minute)."""
    context = {
        "nav": "today",
        "board": board(teacher=teacher),
        "is_coordinator": teacher is None,
    }
    if request.htmx:
        return render(request, "attendance/today_board.html", context)
    context["silent"] = silent_mentors(teacher=teacher)
    if teacher is None:
        context |= {"worries": worries(), "disputed": disputed()}
    return render(request, "attendance/today.html", context)


@require_POST
@page(may.FOLLOW_PLACEMENTS)
def worry_seen(request: PortalRequest, attendance_id: uuid.UUID) -> HttpResponse:
    attempt(
        request,
        lambda: mark_worry_seen(actor=request.user, attendance_id=attendance_id),
        done=_("Noted that you have read it."),
    )
    return redirect("today")
