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
from portico.reports.casework import work_off
from portico.reports.worklist import Kind
from portico.web.access import PortalRequest, back, page
from portico.web.coordinator.work_rows import name_of
from portico.web.coordinator.work_verbs import VERBS


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
    worked = work_off(actor=request.user, kind=Kind(kind), verb=verb, keys=chosen)
    for case, refusal in worked.refused:
        messages.error(request, f"{name_of(case)}: {refusal.message}")
    if worked.done:
        names = ", ".join(map(name_of, worked.done))
        messages.success(request, str(found[0].done) % {"names": names})
    if worked.gone:
        count = len(worked.gone)
        words = ngettext("%(n)d no longer waits.", "%(n)d no longer wait.", count)
        messages.info(request, words % {"n": count})
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
    return list(found)
