"""One click on the worklist, with one case or with many."""

import uuid
from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portico.accounts import may
from portico.reports.worklist import Kind, cases_of
from portico.web.access import PortalRequest, back, page
from portico.web.coordinator.work_rows import name_of
from portico.web.coordinator.work_verbs import VERBS
from tenants.errors import Refused
from tenants.retry import again_on_deadlock

MOST_AT_ONCE = 100


@require_POST
@page(may.FOLLOW_PLACEMENTS)
def work_act(request: PortalRequest, kind: str, verb: str) -> HttpResponse:
    """Do *verb* with each chosen case; one that is refused does not stop the rest.

    What no longer waits is said, not done twice.
    """
    found = [one for one in VERBS.get(_kind(kind), ()) if one.key == verb]
    if not found:
        raise Http404
    chosen = _ids(request.POST.getlist("id"))
    if not chosen:
        messages.info(request, _("Choose at least one."))
        return back(request, _list_of(kind))
    waiting = {case.key: case for case in cases_of(Kind(kind))}
    gone = [key for key in chosen if key not in waiting]
    done = []
    for case in (waiting[key] for key in chosen if key in waiting):
        name = name_of(case)
        try:
            again_on_deadlock(lambda key=case.key: found[0].do(key, request.user))  # type: ignore[misc]
        except Refused as refusal:
            messages.error(request, f"{name}: {refusal.message}")
        else:
            done.append(name)
    if done:
        messages.success(request, str(found[0].done) % {"names": ", ".join(done)})
    if gone:
        words = ngettext("%(n)d no longer waits.", "%(n)d no longer wait.", len(gone))
        messages.info(request, words % {"n": len(gone)})
    return back(request, _list_of(kind))


def _kind(value: str) -> Kind:
    if value not in list(Kind):
        raise Http404
    return Kind(value)


def _list_of(kind: str) -> str:
    return f"{reverse('board')}?show={kind}"


def _ids(values: Iterable[str]) -> list[uuid.UUID]:
    """The ids of a form, each once; nonsense is left out."""
    found: dict[uuid.UUID, None] = {}
    for value in values:
        try:
            found[uuid.UUID(value)] = None
        except ValueError:
            continue
    return list(found)[:MOST_AT_ONCE]
