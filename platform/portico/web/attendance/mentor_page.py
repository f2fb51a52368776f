"""A mentor's page, reached by the link in their e-mail. No account, no session.

The secret in the address is the right to answer. Mail scanners open links, so GET and HEAD
change nothing; and since the secret is what allows the POST, it needs no CSRF token.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.dateparse import parse_time
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from portico.attendance.actions import DayAnswer, answer_day, confirm_all, set_preferences
from portico.attendance.actions.answering import days_of_link, may_answer
from portico.attendance.hours import in_hours, interval, minutes, standing
from portico.attendance.mentors import LinkDead, find_link
from portico.attendance.models import Attendance, MentorLink, MentorReach
from portico.attendance.words import day_words
from portico.audit.actions import acting
from portico.privacy.disclosures import DAYS, note_shown
from portico.web.attendance import mentor_evaluation
from portico.web.speaking import speak
from tenants.errors import Refused

DONE = {
    "all": lambda: _("Thank you! All days are confirmed."),
    "day": lambda: _("Thank you! Your answer is recorded."),
    "preferences": lambda: _("Saved."),
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def mentor_page(request: HttpRequest, secret: str) -> HttpResponse:
    """GET: the days, or the evaluation, the link asks about. POST: an answer. Dead link: 410."""
    try:
        link = find_link(secret=secret)
        speak(request, link.reach.language)
        if link.purpose == MentorLink.Purpose.EVALUATION:
            response = mentor_evaluation.answer_or_show(request, link, secret)
        elif request.method == "POST":
            response = _act(request, link, secret)
        else:
            response = _show(request, link)
    except LinkDead as dead:
        if dead.link is not None:
            speak(request, dead.link.reach.language)
        context = {"reason": dead.reason}
        response = render(request, "attendance/mentor_dead.html", context, status=410)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the secret
    response.headers["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response


def _act(request: HttpRequest, link: MentorLink, secret: str) -> HttpResponse:
    what = request.POST.get("act", "")
    acts: dict[str, Callable[[], Any]] = {
        "all": lambda: confirm_all(secret=secret),
        "day": lambda: answer_day(secret=secret, answer=_answer(request)),
        "preferences": lambda: set_preferences(
            secret=secret,
            often=request.POST.get("often", ""),
            language=_language(request, link.reach),
        ),
    }
    if what not in acts:
        return _show(request, link, status=422)
    try:
        with acting(via="link", address=request.META.get("REMOTE_ADDR")), transaction.atomic():
            acts[what]()
    except Refused as refusal:
        return _show(request, link, refusal=str(refusal.message), status=422)
    return HttpResponseRedirect(f"{request.path}?done={what}")


def _language(request: HttpRequest, reach: MentorReach) -> str:
    wanted = request.POST.get("language", "")
    known = wanted in dict(settings.LANGUAGES) and check_for_language(wanted)
    return wanted if known else reach.language


def _answer(request: HttpRequest) -> DayAnswer:
    form = request.POST
    try:
        attendance_id = uuid.UUID(form.get("attendance", ""))
        start, end = (parse_time(form.get(name, "")) for name in ("start", "end"))
    except ValueError:
        raise Refused("times", _("Write times like 9:00.")) from None
    return DayAnswer(
        attendance_id=attendance_id,
        verdict=form.get("verdict", ""),
        start=start,
        end=end,
        comment=form.get("comment", ""),
    )


def _show(
    request: HttpRequest, link: MentorLink, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    found = list(days_of_link(link))
    note_shown(
        placements=[day.placement for day in found],
        to=str(link.reach),
        what=DAYS,
        address=request.META.get("REMOTE_ADDR"),
    )
    days = [_row(day) for day in found]
    done = DONE.get(request.GET.get("done", ""))
    context = {
        "reach": link.reach,
        "days": days,
        "waiting": [row for row in days if row["waits"]],
        "refusal": refusal,
        "done": done() if done else "",
        "often_choices": MentorReach.Often.choices,
        "languages": settings.LANGUAGES,
    }
    return render(request, "attendance/mentor_days.html", context, status=status)


def _row(day: Attendance) -> dict[str, Any]:
    start, end = interval(day)
    stands = standing(day)
    may = may_answer(day)
    return {
        "day": day,
        "when": day_words(day.day),
        "student": day.placement.student.full_name,
        "title": day.placement.title,
        "start": start,
        "end": end,
        "hours": in_hours(minutes(day)),
        "standing": stands.label,
        "tone": stands.tone,
        "may_answer": may,
        "waits": may and day.mentor_state == Attendance.MentorState.UNCONFIRMED,
    }
