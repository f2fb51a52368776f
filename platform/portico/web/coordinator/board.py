"""The board: what a coordinator sees first."""

from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from portico.accounts import may
from portico.reports import board as reports
from portico.reports.fairness import placed_shares
from portico.reports.small_groups import MINIMUM
from portico.reports.worklist import Case, Kind, worklist
from portico.web import charts
from portico.web.access import PortalRequest, page
from portico.web.coordinator.fairness import share_meters
from portico.web.coordinator.sections import sections
from portico.web.coordinator.work_rows import work_row
from portico.web.coordinator.work_verbs import KINDS, VERBS
from portico.web.staff_words import age_in_words
from tenants.replica_reads import reads_replica

A_PAGE = 20


@require_GET
@reads_replica
@page(may.FOLLOW_PLACEMENTS)
def board(request: PortalRequest) -> HttpResponse:
    numbers = reports.key_numbers()
    placed = placed_shares()
    weeks = reports.placements_by_week()
    cases = worklist()
    show = request.GET.get("show", "")
    shown = [case for case in cases if case.kind == show] if show in list(Kind) else cases
    found = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "board",
        "section": "board",
        "sections": sections(),
        "today": date_format(timezone.localdate(), pgettext("format of today's date", "l, F j")),
        "greeting": _greeting(request.user.given_name),
        "numbers": numbers,
        "kpis": _kpis(numbers, weeks),
        "show": show if show in list(Kind) else "",
        "tabs": _tabs(cases),
        "page": found,
        "rows": [work_row(case, most_flags=1) for case in found],
        "verbs": VERBS.get(Kind(show), ()) if show in list(Kind) else (),
        "meters": share_meters(placed.grades, placed.everyone),
        "chart": _chart(weeks),
        "minimum": MINIMUM,
    }
    return render(request, "coordinator/board.html", context)


def _tabs(cases: list[Case]) -> list[dict[str, Any]]:
    """How many cases of each kind wait; a click narrows the list to them."""
    counts = Counter(case.kind for case in cases)
    here = reverse("board")
    tabs: list[dict[str, Any]] = [
        {"key": "", "label": _("All work"), "count": len(cases), "url": f"{here}#work"}
    ]
    return tabs + [
        {
            "key": kind,
            "label": label,
            "count": counts[kind],
            "url": f"{here}?show={kind}#work",
        }
        for kind, label in KINDS.items()
        if counts[kind]
    ]


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
