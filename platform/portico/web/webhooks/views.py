"""Subscriptions: the list, the form, one with its log, and the buttons beside it.

A secret is in the answer to the POST that made it, and nowhere else.
"""

import json
import uuid
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portico.accounts.may import KEEP_WEBHOOKS
from portico.web.access import PortalRequest, attempt, page
from portico.web.saving import posted, saved
from portico.web.webhooks.forms import SubscriptionForm
from portico.webhooks.actions import (
    change_subscription,
    read_host,
    rotate_secret,
    subscribe,
    unsubscribe,
)
from portico.webhooks.delivery import body_of
from portico.webhooks.events import label_of
from portico.webhooks.log import send_again, send_test
from portico.webhooks.models import Delivery, Subscription
from portico.webhooks.queries import why_not
from portico.webhooks.rules import subscriptions_of

PAGE_SIZE = 30


@require_GET
@page(KEEP_WEBHOOKS)
def webhooks(request: PortalRequest) -> HttpResponse:
    """All one may see, with how each is doing."""
    rows = [{"webhook": one, "host": read_host(one.url)} for one in subscriptions_of(request.user)]
    return render(request, "webhooks/list.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
@page(KEEP_WEBHOOKS)
def new(request: PortalRequest) -> HttpResponse:
    """The form; the answer to it is the page of the new one, with its secret."""
    form = SubscriptionForm(posted(request), tenant_kind=request.tenant.kind)
    made: list[tuple[Subscription, str]] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(form, lambda: made.append(subscribe(actor=request.user, **form.cleaned_data)))
    ):
        return _show(request, *made[0])
    return _show_form(request, form)


@never_cache
@require_GET
@page(KEEP_WEBHOOKS)
def webhook(request: PortalRequest, webhook_id: uuid.UUID) -> HttpResponse:
    """What it is told, how it is doing, and the log of 30 days."""
    return _show(request, _find(request, webhook_id))


@require_http_methods(["GET", "POST"])
@page(KEEP_WEBHOOKS)
def edit(request: PortalRequest, webhook_id: uuid.UUID) -> HttpResponse:
    found = _find(request, webhook_id)
    fields = ("name", "url", "events", "names_students")
    form = SubscriptionForm(
        posted(request),
        initial={name: getattr(found, name) for name in fields},
        tenant_kind=request.tenant.kind,
    )

    def save() -> None:
        change_subscription(actor=request.user, subscription_id=webhook_id, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and saved(form, save):
        messages.success(request, _("Saved."))
        return redirect("webhook", webhook_id=webhook_id)
    return _show_form(request, form, webhook=found)


@require_POST
@page(KEEP_WEBHOOKS)
def switch(request: PortalRequest, webhook_id: uuid.UUID) -> HttpResponse:
    """On or off, as the button says; pressed twice it is what it was after the first time."""
    is_on = request.POST.get("to") == "on"
    change_subscription(actor=request.user, subscription_id=webhook_id, is_on=is_on)
    messages.success(request, _("It is on.") if is_on else _("It is off; nothing is sent."))
    return redirect("webhook", webhook_id=webhook_id)


@require_POST
@page(KEEP_WEBHOOKS)
def test(request: PortalRequest, webhook_id: uuid.UUID) -> HttpResponse:
    attempt(
        request,
        lambda: send_test(actor=request.user, subscription_id=webhook_id),
        done=_("A test event is on its way. Load the page again to see the answer."),
    )
    return redirect("webhook", webhook_id=webhook_id)


@require_POST
@page(KEEP_WEBHOOKS)
def again(request: PortalRequest, webhook_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    attempt(
        request,
        lambda: send_again(actor=request.user, subscription_id=webhook_id, delivery_id=delivery_id),
        done=_("It is on its way again. Load the page again to see the answer."),
    )
    return redirect("webhook", webhook_id=webhook_id)


@never_cache
@require_http_methods(["GET", "POST"])
@page(KEEP_WEBHOOKS)
def replace_secret(request: PortalRequest, webhook_id: uuid.UUID) -> HttpResponse:
    """GET asks; POST answers with the new secret."""
    if request.method == "POST":
        return _show(request, *rotate_secret(actor=request.user, subscription_id=webhook_id))
    return _ask(request, _find(request, webhook_id), "secret")


@require_http_methods(["GET", "POST"])
@page(KEEP_WEBHOOKS)
def remove(request: PortalRequest, webhook_id: uuid.UUID) -> HttpResponse:
    """GET asks; POST removes it, and one that is gone already is no error."""
    if request.method == "POST":
        with suppress(Subscription.DoesNotExist):
            unsubscribe(actor=request.user, subscription_id=webhook_id)
        messages.success(request, _("Removed. Nothing is sent there any more."))
        return redirect("webhooks")
    return _ask(request, _find(request, webhook_id), "remove")


# --- parts ---------------------------------------------------------------------------------


def _find(request: PortalRequest, webhook_id: uuid.UUID) -> Subscription:
    return subscriptions_of(request.user).get(id=webhook_id)


def _show(request: PortalRequest, found: Subscription, secret: str = "") -> HttpResponse:
    log = Paginator(found.deliveries.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "webhook": found,
        "secret": secret,
        "events": [{"kind": kind, "label": label_of(kind)} for kind in found.events],
        "page": log,
        "rows": [_row(delivery) for delivery in log],
    }
    return render(request, "webhooks/page.html", context)


def _row(delivery: Delivery) -> dict[str, Any]:
    return {
        "delivery": delivery,
        "label": label_of(delivery.event),
        "why": why_not(delivery),
        "body": json.dumps(json.loads(body_of(delivery)), indent=2, ensure_ascii=False),
    }


def _show_form(
    request: PortalRequest, form: SubscriptionForm, webhook: Subscription | None = None
) -> HttpResponse:
    context = {"form": form, "webhook": webhook}
    return render(request, "webhooks/form.html", context, status=422 if form.errors else 200)


def _ask(request: PortalRequest, found: Subscription, what: str) -> HttpResponse:
    return render(request, "webhooks/ask.html", {"webhook": found, "what": what})
