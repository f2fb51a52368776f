"""A student's expected days as a calendar feed, behind a secret address."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods
from icalendar import Calendar, Event

from portico.accounts import may
from portico.accounts.hashing import hash_secret
from portico.attendance.actions import make_calendar_link
from portico.attendance.models import StudentChoice
from portico.attendance.queries import active_placements, policy
from portico.attendance.schedule import expected_days
from portico.web.access import PortalRequest, page

PAST, FUTURE = timedelta(days=30), timedelta(days=300)


@require_http_methods(["GET", "POST"])
@page(may.SUBSCRIBE)
def calendar_link(request: PortalRequest) -> HttpResponse:
    """POST makes a new address and shows it, once; the one before stops working."""
    address = ""
    if request.method == "POST":
        path = reverse("calendar", args=[make_calendar_link(student=request.user)])
        address = request.build_absolute_uri(path)
        messages.success(request, _("This is your calendar's address. Keep it to yourself."))
    context = {
        "nav": "check-in",
        "address": address,
        "has_one": StudentChoice.objects.filter(
            student=request.user, calendar_hash__isnull=False
        ).exists(),
    }
    return render(request, "attendance/calendar_link.html", context)


@require_GET
@sensitive_variables("secret")
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """The feed. An unknown address says nothing: 404."""
    choice = (
        StudentChoice.objects.select_related("student")
        .filter(calendar_hash=hash_secret(secret), student__is_active=True)
        .first()
    )
    if choice is None:
        raise Http404
    today, rules = timezone.localdate(), policy()
    feed = Calendar()
    feed.add("prodid", "-//Portico//attendance//EN")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", _("Internship"))
    for placement in active_placements(student=choice.student):
        days = expected_days(
            placement,
            first=today - PAST,
            last=today + FUTURE,
            zone=timezone.get_current_timezone(),
            holidays=rules.holidays,
        )
        for expected in days:
            event = Event()
            event.add("uid", f"{placement.id}-{expected.day:%Y%m%d}@{settings.BASE_HOST}")
            event.add("dtstamp", placement.started_at)
            event.add("dtstart", expected.start)  # UTC: right in whatever zone it is read
            event.add("dtend", expected.end)
            event.add("summary", placement.title)
            event.add("location", placement.site_name)
            feed.add_component(event)
    response = HttpResponse(feed.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=900"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
