"""Goals with their progress, and everything said about a placement, on one timeline."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portico.accounts import may
from portico.accounts.models import Person
from portico.attendance.actions import give_feedback, log_visit, note_progress, send_evaluation
from portico.attendance.actions.evaluating import STEPS_OF_COMPETENCY
from portico.attendance.models import TimelineEntry
from portico.attendance.queries import policy
from portico.attendance.rules import is_staff_of
from portico.attendance.timeline import entries_of, progress_of, waiting_evaluations
from portico.internships.models import Placement
from portico.web.access import PortalRequest, page
from portico.web.attendance.forms import AnsweringForm, FeedbackForm, ProgressForm, VisitForm
from portico.web.attendance.hours import placement_for, tabs_of
from tenants.errors import Refused

Kind, Voice = TimelineEntry.Kind, TimelineEntry.Voice
LOOKS = {
    Kind.NOTE: ("message-circle", "brand"),
    Kind.PROGRESS: ("target", "good"),
    Kind.EVALUATION: ("clipboard-list", "good"),
    Kind.VISIT: ("map-pin", "brand"),
    Kind.CALL: ("phone", "brand"),
}


@dataclass(frozen=True)
class Line:
    """One line of the timeline component."""

    who: str
    text: str
    when: str
    iso: str
    icon: str
    tone: str
    quote: str


@require_GET
@page(may.FOLLOW_DAYS)
def timeline(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    return _show(request, placement_for(request, placement_id))


def _show(request: PortalRequest, placement: Placement, **forms: AnsweringForm) -> HttpResponse:
    is_staff = is_staff_of(request.user, placement)
    entries = entries_of(placement=placement, for_staff=is_staff)
    context: dict[str, Any] = {
        "nav": "today" if is_staff else "check-in",
        "placement": placement,
        "is_staff": is_staff,
        "tabs": tabs_of(placement),
        "goals": [
            {
                "goal": goal,
                "width": goal.percent * 2.4,
                "form": ProgressForm(
                    prefix=f"g{goal.number}",
                    initial={"goal": goal.number, "progress": goal.quarters},
                ),
            }
            for goal in progress_of(placement=placement)
        ],
        "entries": [_line(one, placement) for one in entries if not _is_waiting(one)],
        "waiting": waiting_evaluations(placement=placement),
        "feedback_form": FeedbackForm(),
    }
    if is_staff:
        context |= {
            "visit_form": VisitForm(initial={"day": timezone.localdate()}),
            "evaluation_forms": policy().evaluation_forms,
        }
    context |= forms
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "attendance/timeline.html", context, status=status)


def _is_waiting(entry: TimelineEntry) -> bool:
    return entry.kind == Kind.EVALUATION and entry.answered_at is None


def _line(entry: TimelineEntry, placement: Placement) -> Line:
    icon, tone = LOOKS[Kind(entry.kind)]
    return Line(
        who=entry.author_name,
        text=_text(entry, placement),
        when=date_format(entry.day, "DATE_FORMAT"),
        iso=entry.day.isoformat(),
        icon=icon,
        tone=tone,
        quote=_quote(entry),
    )


def _text(entry: TimelineEntry, placement: Placement) -> str:
    if entry.kind == Kind.PROGRESS:
        assert entry.goal is not None
        goal = placement.goals[entry.goal] if entry.goal < len(placement.goals) else ""
        return _("sees this goal at %(percent)d%%: %(goal)s") % {
            "percent": (entry.progress or 0) * 25,
            "goal": goal,
        }
    if entry.kind == Kind.EVALUATION:
        return _("answered “%(form)s”") % {"form": entry.form["name"]}
    if entry.kind == Kind.VISIT:
        return _("visited the site")
    if entry.kind == Kind.CALL:
        return _("called")
    if entry.staff_only:
        return _("wrote, for the school only")
    return {
        Voice.MENTOR: _("wrote as the mentor"),
        Voice.STUDENT: _("wrote"),
        Voice.STAFF: _("wrote for the school"),
    }[Voice(entry.voice)]


def _quote(entry: TimelineEntry) -> str:
    if entry.kind == Kind.EVALUATION:
        return " · ".join(
            f"{one['text']} {_answer(one, entry.answers.get(one['id']))}"
            for one in entry.form["questions"]
            if entry.answers.get(one["id"]) not in (None, "")
        )
    if entry.next_step:
        due = f" ({date_format(entry.next_on, 'SHORT_DATE_FORMAT')})" if entry.next_on else ""
        return _("%(text)s Next: %(step)s%(due)s") % {
            "text": entry.text,
            "step": entry.next_step,
            "due": due,
        }
    return entry.text


def _answer(question: dict[str, Any], value: Any) -> str:
    if question["kind"] == "scale":
        return _("%(n)s of 5") % {"n": value}
    if question["kind"] == "competency":
        return str(STEPS_OF_COMPETENCY[int(value) - 1])
    return f"“{value}”"


# --- saying something ---------------------------------------------------------------------


@require_POST
@page(may.FOLLOW_DAYS)
def say(request: PortalRequest, placement_id: uuid.UUID, what: str) -> HttpResponse:
    """Feedback, progress of a goal, a visit or call, or an evaluation asked for."""
    placement = placement_for(request, placement_id)
    if what == "evaluation":
        return _ask_evaluation(request, placement)
    if what not in SAYING:
        raise Http404
    name, make, act, done = SAYING[what]
    form = make(request)
    if form.is_valid():
        try:
            act(request.user, placement.id, form.cleaned_data)
        except Refused as refusal:
            if refusal.code == "forbidden":
                raise
            form.refuse(refusal)
        else:
            messages.success(request, str(done()))
            return redirect("timeline-of", placement.id)
    return _show(request, placement, **{name: form})


def _ask_evaluation(request: PortalRequest, placement: Placement) -> HttpResponse:
    send_evaluation(
        actor=request.user, placement_id=placement.id, form_id=request.POST.get("form_id", "")
    )
    messages.success(request, _("The mentor has been asked by e-mail."))
    return redirect("timeline-of", placement.id)


Act = Callable[[Person, uuid.UUID, dict[str, Any]], Any]
SAYING: dict[str, tuple[str, Callable[[PortalRequest], AnsweringForm], Act, Callable[[], str]]] = {
    "feedback": (
        "feedback_form",
        lambda request: FeedbackForm(request.POST),
        lambda actor, placement_id, data: give_feedback(
            actor=actor, placement_id=placement_id, **data
        ),
        lambda: _("Your words are on the timeline."),
    ),
    "progress": (
        "progress_form",
        lambda request: ProgressForm(request.POST, prefix=request.POST.get("prefix", "")),
        lambda actor, placement_id, data: note_progress(
            actor=actor, placement_id=placement_id, **data
        ),
        lambda: _("Noted."),
    ),
    "visit": (
        "visit_form",
        lambda request: VisitForm(request.POST),
        lambda actor, placement_id, data: log_visit(actor=actor, placement_id=placement_id, **data),
        lambda: _("The visit is in the log."),
    ),
}
