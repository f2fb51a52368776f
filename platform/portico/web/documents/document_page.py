"""One document: what was signed or sent, by whom; the school's look at it; the file."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portico.accounts import may
from portico.attendance.rules import is_staff_of
from portico.documents.actions import accept_document, send_document_back
from portico.documents.models import Document
from portico.documents.queries import get_document, versions_of
from portico.documents.rules import may_read
from portico.documents.serving import download
from portico.web.access import PortalRequest, attempt, page
from portico.web.documents.checklist_page import back_to
from portico.web.documents.forms import CheckForm, SendBackForm

TONES = {
    Document.State.GIVEN: "info",
    Document.State.ACCEPTED: "good",
    Document.State.SENT_BACK: "bad",
}


def document_for(request: PortalRequest, document_id: uuid.UUID) -> Document:
    """A document this person may read; DoesNotExist (404) for anybody else's."""
    found = get_document(document_id=document_id)
    if not may_read(request.user, found, placement=found.placement):
        raise Document.DoesNotExist
    return found


def _title(document: Document) -> str:
    """The requirement's name as its reader knows it from the checklist."""
    return document.requirement.title_in(get_language() or "")


@require_GET
@page(may.GIVE_DOCUMENTS)
def document(request: PortalRequest, document_id: uuid.UUID) -> HttpResponse:
    return _show(request, document_for(request, document_id))


def _show(
    request: PortalRequest,
    found: Document,
    *,
    check_form: CheckForm | None = None,
    send_back_form: SendBackForm | None = None,
) -> HttpResponse:
    placement = found.placement
    context = {
        "nav": back_to(request, placement)[1],
        "document": found,
        "title": _title(found),
        "placement": placement,
        "tone": TONES[Document.State(found.state)],
        "is_staff": is_staff_of(request.user, placement),
        "versions": versions_of(found),
        "back_url": reverse("documents-of", args=[placement.id]),
        "check_form": check_form or CheckForm(initial={"valid_until": found.valid_until}),
        "send_back_form": send_back_form or SendBackForm(),
    }
    status = 422 if check_form or send_back_form else 200
    return render(request, "documents/document.html", context, status=status)


@require_GET
@page(may.GIVE_DOCUMENTS)
def file(request: PortalRequest, document_id: uuid.UUID) -> HttpResponseBase:
    """The file itself; 404 where there is none."""
    return download(document_for(request, document_id), actor=request.user)


@require_POST
@page(may.CHECK_DOCUMENTS)
def check(request: PortalRequest, document_id: uuid.UUID) -> HttpResponse:
    """It counts, or it goes back with a reason."""
    found = document_for(request, document_id)
    if request.POST.get("answer") == "send_back":
        return _send_back(request, found)
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _show(request, found, check_form=form)
    attempt(
        request,
        lambda: accept_document(
            document_id=found.id,
            actor=request.user,
            valid_until=form.cleaned_data["valid_until"],
        ),
        done=_("Accepted: %(title)s.") % {"title": _title(found)},
    )
    return redirect("documents-of", found.placement_id)


def _send_back(request: PortalRequest, found: Document) -> HttpResponse:
    form = SendBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a reason; it will be read."))
        return _show(request, found, send_back_form=form)
    attempt(
        request,
        lambda: send_document_back(
            document_id=found.id, actor=request.user, reason=form.cleaned_data["reason"]
        ),
        done=_("Sent back: %(title)s.") % {"title": _title(found)},
    )
    return redirect("documents-of", found.placement_id)
