"""Mails that did not go: why, to whom, and once more."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portico.accounts import may
from portico.notices.actions import send_again
from portico.notices.queries import (
    given_up,
    in_words,
    link_is_gone,
    still_tried,
    why_undelivered,
)
from portico.web.access import PortalRequest, page


@require_GET
@page(may.SEE_UNDELIVERED)
def undelivered(request: PortalRequest) -> HttpResponse:
    """Given up: with a button. Still being tried: to know about."""
    context = {
        "nav": "notices",
        "given_up": [
            {
                "notice": one,
                "message": in_words(one),
                "why": why_undelivered(one),
                "link_is_gone": link_is_gone(one),
            }
            for one in given_up()
        ],
        "still_tried": [
            {"notice": one, "message": in_words(one), "why": why_undelivered(one)}
            for one in still_tried()
        ],
    }
    return render(request, "undelivered/page.html", context)


@require_POST
@page(may.SEE_UNDELIVERED)
def again(request: PortalRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Put the mail back into the queue; a second click finds it there already."""
    if send_again(notice_id=notice_id):
        messages.success(request, _("The mail is on its way again."))
    else:
        messages.info(request, _("This mail is on its way already."))
    return redirect("undelivered")
