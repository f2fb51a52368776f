"""To whom students' records were shown, what is kept how long, and a student's whole record."""

import io
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import connection
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portico.accounts import may
from portico.audit.actions import record
from portico.privacy.disclosures import disclosures, in_words, student_of
from portico.privacy.periods import choose_periods, periods
from portico.privacy.retention import what_is_due
from portico.privacy.student_archive import student_rows, write_student
from portico.web.access import PortalRequest, page
from portico.web.privacy.forms import LogForm, PeriodsForm
from portico.web.saving import posted, saved
from tenants.context import current_schema
from tenants.errors import Refused

PAGE = 50


@require_GET
@page(may.KEEP_RECORDS)
def privacy(request: PortalRequest) -> HttpResponse:
    """The log; `student`, `since` and `until` narrow it."""
    form = LogForm(request.GET)
    asked = form.asked()
    student, fault = None, ""
    if request.GET.get("student"):
        try:
            student = student_of(str(asked["student"]))
        except Refused as refusal:
            fault = str(refusal.message)
    log = disclosures(student=student, since=asked["since"], until=asked["until"])
    found = Paginator(log, PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "privacy",
        "form": form,
        "fault": fault,
        "student": student,
        "page": found,
        "lines": in_words(found.object_list),
    }
    return render(request, "privacy/log.html", context)


@require_GET
@page(may.KEEP_RECORDS)
def retention(request: PortalRequest) -> HttpResponse:
    """What tonight would take, by kind."""
    return render(request, "privacy/retention.html", {"nav": "privacy", "due": what_is_due()})


@require_http_methods(["GET", "POST"])
@page(may.SET_UP)
def change_retention(request: PortalRequest) -> HttpResponse:
    """The school's own days. What tonight would take with them is shown before they count."""
    form = PeriodsForm(posted(request))
    context: dict[str, Any] = {"nav": "privacy", "form": form}
    if request.method == "POST" and form.is_valid():
        stand = periods()
        changed = {kind: days for kind, days in form.days().items() if stand.get(kind) != days}
        if not changed:
            return redirect("retention")
        if form.was_seen() and saved(
            form, lambda: choose_periods(actor=request.user, days=changed)
        ):
            messages.success(request, _("Saved. It counts from tonight on."))
            return redirect("retention")
        context |= {"due": what_is_due(days=changed), "seen": form.mark()}
    status = 422 if form.errors else 200
    return render(request, "privacy/retention_change.html", context, status=status)


@require_POST
@page(may.KEEP_RECORDS)
def student_record(request: PortalRequest, person_id: uuid.UUID) -> FileResponse:
    """All that the school has about a student, as a zip. The taking out is in history.

    A POST, for that it leaves a line there.
    """
    try:
        student = student_of(str(person_id))
    except Refused as refusal:
        raise Http404 from refusal
    with connection.cursor() as cursor:
        rows = student_rows(cursor, schema=current_schema(), student_id=str(student.id))
    packed = io.BytesIO()
    write_student(packed, rows=rows, schema=current_schema())
    packed.seek(0)
    total = sum(map(len, rows.values()))
    record(action="student_exported", subject=student, actor=request.user, after={"rows": total})
    response = FileResponse(
        packed, as_attachment=True, filename=f"record-{student.id.hex[-8:]}.zip"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
