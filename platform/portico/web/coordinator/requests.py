"""The queue: requests, starts, and what other schools ask."""

import uuid
from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catalog.fields import Field
from portico.accounts import may
from portico.internships.queue import get_placement, start_requests, waiting_requests
from portico.internships.states import State
from portico.reports.fairness import placed_shares
from portico.web.access import PortalRequest, attempt, page
from portico.web.coordinator.fairness import effect_in_words, share_in_words
from portico.web.coordinator.forms import AnswerForm
from portico.web.coordinator.rows import flags_of, request_row, start_row
from portico.web.placements import ReasonForm
from portico.web.saving import posted
from sharing.actions import answer_owner_question
from sharing.models import OwnerQuestion, OwnListing
from sharing.queries import questions_to_us

PAGE = 25


@require_GET
@page(may.DECIDE_REQUESTS)
def queue(request: PortalRequest) -> HttpResponse:
    """Everything that waits for a coordinator."""
    waiting = waiting_requests()
    requests = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    cases = [
        {"row": request_row(one), "waiting": one, "effect": effect_in_words(one)}
        for one in requests
    ]
    return render(
        request,
        "coordinator/requests.html",
        {
            "nav": "requests",
            "cases": cases,
            "page": requests,
            "request_count": len(waiting),
            "starts": [start_row(one) for one in start_requests()],
            "question_count": questions_to_us().count(),
        },
    )


@require_GET
@page(may.DECIDE_REQUESTS)
def one_request(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    """One request with what a fair decision needs; decided already: its placement's page."""
    found = waiting_requests(placement_id=placement_id)
    if not found:
        placement = get_placement(placement_id=placement_id)
        if placement.state == State.REQUESTED:  # it came while we looked
            return redirect("requests")
        return redirect("placement-staff", placement_id=placement.id)
    waiting = found[0]
    context = {
        "nav": "requests",
        "waiting": waiting,
        "placement": waiting.placement,
        "flags": flags_of(waiting),
        "row": request_row(waiting),
        "effect": effect_in_words(waiting),
        "share": share_in_words(waiting, placed_shares()),
        "decline_form": ReasonForm(auto_id="id_decline_%s"),
    }
    return render(request, "coordinator/request.html", context)


@require_GET
@page(may.DECIDE_REQUESTS)
def questions(request: PortalRequest) -> HttpResponse:
    """Other schools ask for a slot we released: grade and interest, no name."""
    found = list(questions_to_us(open_only=False).order_by("-created_at")[:100])
    titles = {
        one.id: one
        for one in OwnListing.objects.filter(id__in={question.listing_id for question in found})
    }

    def rows(questions: Iterable[OwnerQuestion]) -> list[dict[str, object]]:
        return [
            {"question": one, "listing": titles.get(one.listing_id), "interest": _interest(one)}
            for one in questions
        ]

    asked = [one for one in found if one.state == OwnerQuestion.State.ASKED]
    answered = [one for one in found if one.state != OwnerQuestion.State.ASKED]
    context = {
        "nav": "requests",
        "asked": rows(reversed(asked)),  # the one that waits longest first
        "answered": rows(answered),
        "form": AnswerForm(auto_id=False),
    }
    return render(request, "coordinator/questions.html", context)


@require_http_methods(["GET", "POST"])
@page(may.DECIDE_REQUESTS)
def question(request: PortalRequest, question_id: uuid.UUID) -> HttpResponse:
    """Answer one question. A yes holds the slot for the asking school in the same moment."""
    asked = questions_to_us(open_only=False).get(id=question_id)
    form = AnswerForm(posted(request))
    if request.method == "POST" and request.POST.get("answer") == "agree":
        attempt(
            request,
            lambda: answer_owner_question(actor=request.user, question_id=question_id, agreed=True),
            done=_("Agreed. %(school)s has been told.") % {"school": asked.school_name},
        )
        return redirect("questions")
    if request.method == "POST" and form.is_valid():
        attempt(
            request,
            lambda: answer_owner_question(
                actor=request.user,
                question_id=question_id,
                agreed=False,
                reason=form.cleaned_data["reason"],
            ),
            done=_("Declined. %(school)s reads your reason.") % {"school": asked.school_name},
        )
        return redirect("questions")
    listing = OwnListing.objects.filter(id=asked.listing_id).first()
    context = {
        "nav": "requests",
        "question": asked,
        "listing": listing,
        "interest": _interest(asked),
        "form": form,
        "back_url": reverse("questions"),
    }
    status = 422 if form.errors else 200
    return render(request, "coordinator/question.html", context, status=status)


def _interest(question: OwnerQuestion) -> str:
    """The field the student is interested in, in words."""
    return str(dict(Field.choices).get(question.interest, ""))
