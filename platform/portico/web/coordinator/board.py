"""The board: what a coordinator sees first."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from portico.accounts.roles import Role
from portico.reports import board as reports
from portico.reports.small_groups import MINIMUM, Group
from portico.web import charts
from portico.web.access import PortalRequest, page
from portico.web.coordinator.rows import queue_rows
from portico.web.staff_words import age_in_words

SHOWN = 5


@require_GET
@page(Role.COORDINATOR)
def board(request: PortalRequest) -> HttpResponse:
    numbers = reports.key_numbers()
    weeks = reports.placements_by_week()
    rows = queue_rows(limit=SHOWN, most_flags=1)
    context = {
        "nav": "board",
        "today": date_format(timezone.localdate(), pgettext("format of today's date", "l, F j")),
        "greeting": _greeting(request.user.given_name),
        "numbers": numbers,
        "kpis": _kpis(numbers, weeks),
        "rows": rows,
        "meters": _meters(*reports.placed_by_grade()),
        "chart": _chart(weeks),
        "minimum": MINIMUM,
    }
    return render(request, "coordinator/board.html", context)


def _greeting(name: str) -> str:
    hour = timezone.localtime().hour
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def _kpis(numbers: reports.KeyNumbers, weeks: list[reports.Week]) -> list[dict]:
    started = weeks[-1].interning - weeks[-2].interning
    expiring = ngettext("%(n)d expires in 2 days", "%(n)d expire in 2 days", numbers.expiring)
    in_use = ngettext(
        "%(released)d released, %(used)d in use",
        "%(released)d released, %(used)d in use",
        numbers.slots_released,
    )
    return [
        {
            "label": _("Interning now"),
            "value": numbers.interning,
            "icon": "briefcase",
            "note": _("%(n)+d since last week") % {"n": started} if started else "",
            "tone": "good" if started > 0 else "muted",
            "spark": charts.spark([week.interning for week in weeks]),
            "url": reverse("placements") + "?state=active",
        },
        {
            "label": _("Pursuing"),
            "value": numbers.pursuing,
            "icon": "hourglass",
            "note": expiring % {"n": numbers.expiring} if numbers.expiring else "",
            "tone": "warn",
            "spark": charts.spark([week.pursuing for week in weeks]),
            "url": reverse("placements") + "?state=pursuing",
        },
        {
            "label": _("Waiting for you"),
            "value": numbers.waiting,
            "icon": "inbox",
            "note": _("oldest %(age)s") % {"age": age_in_words(numbers.oldest)}
            if numbers.oldest
            else _("nothing waits"),
            "tone": "bad" if numbers.oldest else "good",
            "spark": charts.spark([week.waiting for week in weeks]),
            "url": reverse("requests"),
        },
        {
            "label": _("Free slots"),
            "value": numbers.slots_free,
            "icon": "armchair",
            "note": in_use % {"released": numbers.slots_released, "used": numbers.released_in_use},
            "tone": "muted",
            "spark": None,
            "url": reverse("opportunities"),
        },
    ]


def _meters(groups: list[Group], everyone: Group) -> charts.Meters:
    rows = [
        (
            _("Grade %(grade)s") % {"grade": group.key} if group.key else _("No grade"),
            group.count,
            group.total,
        )
        for group in groups
    ]
    whole = None
    if everyone.count is not None and everyone.total is not None:
        whole = (_("All students"), everyone.count, everyone.total)
    return charts.meters(groups=rows, everyone=whole)


def _chart(weeks: list[reports.Week]) -> charts.StackedBars:
    # Translators: letters of Django's date formats; "j M" makes "3 Mar".
    letters = pgettext("format of a short date", "M j")
    return charts.stacked_bars(
        labels=[date_format(week.starts_on, letters) for week in weeks],
        series=[
            charts.Series(_("Interning"), [week.interning for week in weeks]),
            charts.Series(_("Pursuing"), [week.pursuing for week in weeks]),
            charts.Series(_("Waiting for approval"), [week.waiting for week in weeks]),
        ],
    )


@require_GET
@page(Role.COORDINATOR)
@cache_control(private=True, no_store=True)
def map_points(request: PortalRequest) -> JsonResponse:
    """The map's data, as portico/js/map-draw.js wants it."""
    pins, schools = reports.map_pins()
    tenant = request.tenant
    center = None
    if tenant.latitude is not None and tenant.longitude is not None:
        center = {"lat": tenant.latitude, "lng": tenant.longitude}
    return JsonResponse(
        {
            "center": center,
            "schools": [
                {"name": one.name, "lat": one.latitude, "lng": one.longitude, "mine": one.mine}
                for one in schools
            ],
            "listings": [_listing(pin) for pin in pins],
        }
    )


def _listing(pin: reports.Pin) -> dict:
    labels = {
        "own": _("Your school"),
        "released": _("Released by %(origin)s") % {"origin": pin.origin_name},
        "partner": _("Partner: %(origin)s") % {"origin": pin.origin_name},
    }
    slots = ngettext("%(n)d slot open", "%(n)d slots open", pin.open) % {"n": pin.open}
    return {
        "title": pin.title,
        "site": pin.site,
        "lat": pin.latitude,
        "lng": pin.longitude,
        "origin": pin.origin,
        "origin_label": f"{labels[pin.origin]} · {slots}",
        "slots": pin.open,
        "url": reverse("opportunity", args=[pin.id]) if pin.origin == "own" else "",
    }
