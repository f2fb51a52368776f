"""A placement's hours: the student's own page, and the school's, which may put them right."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portico.accounts import may
from portico.attendance.actions import (
    correct_day,
    enter_day,
    make_certificate,
    set_placement_terms,
)
from portico.attendance.actions.certifying import find_certificate
from portico.attendance.hours import (
    Totals,
    by_week,
    in_hours,
    interval,
    minutes,
    standing,
    totals,
)
from portico.attendance.models import Attendance, Certificate, Flag, Source, Where
from portico.attendance.queries import days_of, policy, required_minutes, seen_placement
from portico.attendance.rules import is_staff_of
from portico.attendance.words import day_words
from portico.internships.models import Placement
from portico.web.access import PortalRequest, attempt, page
from portico.web.attendance.forms import CorrectForm, EnterForm, TermsForm
from portico.web.charts import Series, stacked_bars
from tenants.errors import Refused

NO_FIX = (Where.UNAVAILABLE, "")


def placement_for(request: PortalRequest, placement_id: uuid.UUID) -> Placement:
    """A started placement this person may see; DoesNotExist (404) for anybody else's."""
    return seen_placement(person=request.user, placement_id=placement_id)


@require_GET
@page(may.PURSUE)
def my_hours(request: PortalRequest) -> HttpResponse:
    """The student's newest internship; the others are a link away."""
    mine = Placement.objects.filter(student=request.user, started_at__isnull=False)
    newest = mine.order_by("-started_at").first()
    if newest is None:
        return render(request, "attendance/no_hours.html", {"nav": "check-in"})
    return redirect("hours-of", newest.id)


@require_GET
@page(may.FOLLOW_DAYS)
def hours(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    return _show(request, placement_for(request, placement_id))


def _show(request: PortalRequest, placement: Placement, **forms: Any) -> HttpResponse:
    days = days_of(placement=placement)
    sums, required = totals(days), required_minutes(placement, policy())
    is_staff = is_staff_of(request.user, placement)
    context: dict[str, Any] = {
        "nav": "today" if is_staff else "check-in",
        "placement": placement,
        "is_staff": is_staff,
        "tabs": tabs_of(placement),
        "others": _others(request, placement),
        "sums": _sums_in_words(sums),
        "required": in_hours(required),
        "counted": in_hours(sums.counted),
        "percent": min(100, round(100 * sums.counted / required)) if required else 100,
        "meter": min(240, round(240 * sums.counted / required)) if required else 240,
        "chart": _chart(days),
        "rows": [day_row(day) for day in reversed(days)],
    }
    if is_staff:
        context |= {
            "enter_form": EnterForm(),
            "terms_form": TermsForm(
                initial={
                    "required_hours": placement.required_hours,
                    "radius_m": placement.radius_m,
                }
            ),
            **forms,
        }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "attendance/hours.html", context, status=status)


def tabs_of(placement: Placement) -> list[dict[str, Any]]:
    return [
        {"key": "hours", "label": _("Hours"), "url": reverse("hours-of", args=[placement.id])},
        {
            "key": "timeline",
            "label": _("Goals and feedback"),
            "url": reverse("timeline-of", args=[placement.id]),
        },
    ]


def _others(request: PortalRequest, placement: Placement) -> list[Placement]:
    """The student's other internships."""
    mine = Placement.objects.filter(student_id=placement.student_id, started_at__isnull=False)
    return list(mine.exclude(id=placement.id).order_by("-started_at"))


def _sums_in_words(sums: Totals) -> list[tuple[str, str, str]]:
    """(label, hours, tone) of what is there, the counted ones first."""
    rows = [
        (_("confirmed"), sums.confirmed, "good"),
        (_("entered or corrected by the school"), sums.staff, "info"),
        (_("not confirmed yet"), sums.unconfirmed, "info"),
        (_("estimated, not counted"), sums.estimated, "warn"),
        (_("disputed, not counted"), sums.disputed, "bad"),
    ]
    return [(label, in_hours(amount), tone) for label, amount, tone in rows if amount]


def _chart(days: list[Attendance]) -> Any:
    weeks = by_week(days)[-20:]
    if len(weeks) < 2:
        return None
    # Translators: letters of Django's date formats; "j M" makes "3 Mar".
    letters = pgettext("format of a short date", "M j")
    return stacked_bars(
        labels=[date_format(week.monday, letters) for week in weeks],
        series=[
            Series(_("counted"), [round(week.totals.counted / 60) for week in weeks]),
            Series(_("not confirmed"), [round(week.totals.unconfirmed / 60) for week in weeks]),
        ],
        height=220,
    )


def day_row(day: Attendance) -> dict[str, Any]:
    """A day as a row of the table, in words."""
    start, end = interval(day)
    stands = standing(day)
    days_late = (timezone.localdate(day.created_at) - day.day).days
    is_entered = day.check_in_source == Source.STAFF
    return {
        "day": day,
        "when": day_words(day.day),
        "start": start,
        "end": end,
        "hours": in_hours(minutes(day)),
        "standing": stands.label,
        "tone": stands.tone,
        "was_corrected": bool(day.corrected_by),
        "source": Source(day.check_in_source).label if day.check_in_source else "",
        "days_late": days_late if is_entered and days_late > 0 else 0,
        "flags": [Flag(flag).label for flag in day.flags if flag in Flag.values],
        "where": "" if day.where_in in NO_FIX else Where(day.where_in).label,
        "correct_form": CorrectForm(
            prefix=f"d{day.id.hex[-8:]}",
            initial={
                "start": timezone.localtime(start).time() if start else None,
                "end": timezone.localtime(end).time() if end else None,
            },
        ),
    }


# --- the school puts them right ----------------------------------------------------------


@require_POST
@page(may.CORRECT_DAYS)
def correct(request: PortalRequest, attendance_id: uuid.UUID) -> HttpResponse:
    day = Attendance.objects.get(id=attendance_id)
    placement = placement_for(request, day.placement_id)
    form = CorrectForm(request.POST, prefix=f"d{day.id.hex[-8:]}")
    if form.is_valid():
        attempt(
            request,
            lambda: correct_day(actor=request.user, attendance_id=day.id, **form.cleaned_data),
            done=_("Corrected. What stood there before is in the history."),
        )
    else:
        messages.error(request, _("Say from when until when, and why."))
    return redirect("hours-of", placement.id)


@require_http_methods(["POST"])
@page(may.CORRECT_DAYS)
def enter(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    placement = placement_for(request, placement_id)
    form = EnterForm(request.POST)
    if form.is_valid():
        try:
            enter_day(actor=request.user, placement_id=placement.id, **form.cleaned_data)
        except Refused as refusal:
            if refusal.code == "forbidden":
                raise
            form.refuse(refusal)
        else:
            messages.success(request, _("The day is entered."))
            return redirect("hours-of", placement.id)
    return _show(request, placement, enter_form=form)


@require_POST
@page(may.CORRECT_DAYS)
def terms(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    placement = placement_for(request, placement_id)
    form = TermsForm(request.POST)
    if form.is_valid():
        try:
            set_placement_terms(actor=request.user, placement_id=placement.id, **form.cleaned_data)
        except Refused as refusal:
            if refusal.code == "forbidden":
                raise
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("hours-of", placement.id)
    return _show(request, placement, terms_form=form)


# --- the certificate ----------------------------------------------------------------------


@require_POST
@page(may.FOLLOW_DAYS)
def certify(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    """Make the certificate of what counts now, and open it."""
    placement = placement_for(request, placement_id)
    certificate = make_certificate(actor=request.user, placement_id=placement.id)
    return redirect("certificate", certificate.code)


@require_GET
@page(may.FOLLOW_DAYS)
def certificate(request: PortalRequest, code: str) -> HttpResponse:
    """The PDF, for those who may see the placement."""
    # Not at the top: it brings fontTools, a second and 20 MB of every process.
    from portico.attendance.certificate_pdf import certificate_pdf

    found = Certificate.objects.select_related("placement").get(code=code)
    placement = placement_for(request, found.placement_id)
    body = certificate_pdf(found, placement, school=request.tenant, host=request.get_host())
    response = HttpResponse(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="hours-{found.code}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_GET
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Does a certificate's code hold? For anybody who has the paper; says no more than it."""
    typed = request.GET.get("code", code)
    found = find_certificate(typed=typed) if typed else None
    context = {
        "typed": typed,
        "certificate": found,
        "hours": in_hours(found.minutes) if found else "",
    }
    response = render(
        request, "attendance/verify.html", context, status=404 if typed and not found else 200
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response
