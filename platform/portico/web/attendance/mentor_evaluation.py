"""An evaluation the school asks a mentor for, by link."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from portico.attendance.actions.evaluating import (
    HIGHEST,
    STEPS_OF_COMPETENCY,
    answer_evaluation,
)
from portico.attendance.models import MentorLink, TimelineEntry
from portico.audit.actions import acting
from portico.privacy.disclosures import EVALUATION, note_shown
from tenants.errors import Refused


def answer_or_show(request: HttpRequest, link: MentorLink, secret: str) -> HttpResponse:
    """GET shows the form, answered or not; POST records the answers."""
    if request.method != "POST":
        return _show(request, link)
    try:
        with acting(via="link", address=request.META.get("REMOTE_ADDR")), transaction.atomic():
            answer_evaluation(secret=secret, answers=request.POST.dict())
    except Refused as refusal:
        return _show(request, link, refusal=refusal, status=422)
    return HttpResponseRedirect(f"{request.path}?done=evaluation")


def _show(
    request: HttpRequest, link: MentorLink, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    entry = TimelineEntry.objects.select_related("placement__student").get(id=link.subjects[0])
    note_shown(
        placements=[entry.placement],
        to=str(link.reach),
        what=EVALUATION,
        address=request.META.get("REMOTE_ADDR"),
    )
    given: dict[str, Any] = request.POST.dict() if refusal else entry.answers
    context = {
        "entry": entry,
        "reach": link.reach,
        "questions": [_question(one, given.get(one["id"], "")) for one in entry.form["questions"]],
        "wrong_field": refusal.field if refusal else "",
        "refusal": str(refusal.message) if refusal else "",
        "is_done": request.GET.get("done") == "evaluation",
    }
    return render(request, "attendance/mentor_evaluation.html", context, status=status)


def _question(question: dict[str, Any], given: Any) -> dict[str, Any]:
    choices: list[tuple[str, Any]] = []
    if question["kind"] == "scale":
        choices = [(str(n), n) for n in range(1, HIGHEST + 1)]
    elif question["kind"] == "competency":
        choices = [(str(n), words) for n, words in enumerate(STEPS_OF_COMPETENCY, start=1)]
    return {**question, "choices": choices, "given": str(given)}
