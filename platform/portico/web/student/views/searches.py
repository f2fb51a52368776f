"""Searches a student keeps; sharing.saved_searches looks at them again every hour."""

import uuid
from contextlib import suppress

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.fields import Field
from catalog.models import SavedSearch
from catalog.offers import Pay
from portico.accounts import may
from portico.accounts.models import Person
from portico.web.access import PortalRequest, attempt, page
from portico.web.student.searching import read_criteria, write_address
from sharing.saved_searches import forget_search, save_search, searches_of
from sharing.saved_searches import read_criteria as kept_criteria
from sharing.search import Criteria


@require_POST
@page(may.SEARCH)
def keep(request: PortalRequest) -> HttpResponse:
    """Keep the search the form's `query` asks, under what it looks for; back to its results."""
    criteria = read_criteria(QueryDict(request.POST.get("query", "")), student=request.user)
    attempt(
        request,
        lambda: save_search(student=request.user, name=describe(criteria), criteria=criteria),
        done=_("Kept under Saved. We tell you when something new matches."),
    )
    return redirect(f"{reverse('find')}?{write_address(criteria)}")


@require_POST
@page(may.SEARCH)
def forget(request: PortalRequest, search_id: uuid.UUID) -> HttpResponse:
    """Forget a search; one that is gone already is no error."""
    with suppress(SavedSearch.DoesNotExist):
        forget_search(student=request.user, search_id=search_id)
    return redirect("saved")


def kept(student: Person) -> list[dict[str, object]]:
    """The student's searches as links."""
    return [
        {
            "id": search.id,
            "name": search.name,
            "url": f"{reverse('find')}?{write_address(kept_criteria(search))}",
        }
        for search in searches_of(student=student)
    ]


def describe(criteria: Criteria) -> str:
    """What is looked for, in a line: `animals · Agriculture · Thursday`."""
    origins = {"own": _("Your school"), "school": _("Released"), "partner": _("Partners")}
    fields = dict(Field.choices)
    parts = [criteria.words]
    parts += [str(fields[code]) for code in criteria.fields]
    parts += [str(WEEKDAYS[day - 1]) for day in criteria.days]
    parts += [str(Pay(pay).label) for pay in criteria.pays]
    parts += [origins[origin] for origin in criteria.origins]
    if criteria.grade is not None:
        parts.append(_("For grade %(grade)d") % {"grade": criteria.grade})
    if criteria.miles is not None:
        parts.append(_("Up to %(miles)d mi") % {"miles": int(criteria.miles)})
    parts += [_("Free now")] * criteria.open_only + [_("Remote")] * criteria.remote
    return " · ".join(part for part in parts if part)
