"""Wishes: fields and jobs a student would like, and places they suggest."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from catalog.actions import MOST_WISHES, add_wish, remove_wish, suggest_site
from catalog.wanted import suggestions_of, wishes_of
from portico.accounts import may
from portico.web.access import PortalRequest, attempt, page
from portico.web.student.forms import SuggestionForm, WishForm


@require_http_methods(["GET", "POST"])
@page(may.SEARCH)
def wishes(request: PortalRequest) -> HttpResponse:
    """The wishlist, and the form that adds to it."""
    form = WishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        attempt(
            request,
            lambda: add_wish(student=request.user, **form.cleaned_data),
            done=_("Added. We will look out for it."),
        )
        return redirect("wishes")
    listed = list(wishes_of(student=request.user))
    context = {
        "nav": "wishes",
        "wishes": listed,
        "form": form,
        "is_full": len(listed) >= MOST_WISHES,
        "most": MOST_WISHES,
        "find_url": f"{reverse('find')}?wished=1",
        "suggestion_count": suggestions_of(student=request.user).count(),
    }
    return render(request, "student/wishes.html", context, status=422 if form.errors else 200)


@require_POST
@page(may.SEARCH)
def remove(request: PortalRequest, wish_id: uuid.UUID) -> HttpResponse:
    """Take a wish off the list; one that is gone already is no error."""
    remove_wish(student=request.user, wish_id=wish_id)
    return redirect("wishes")


@require_http_methods(["GET", "POST"])
@page(may.SEARCH)
def suggestions(request: PortalRequest) -> HttpResponse:
    """Suggest a place; what became of the earlier ones."""
    form = SuggestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        suggest_site(student=request.user, suggestion=form.save(commit=False))
        messages.success(request, _("Thank you! Your coordinators have it now."))
        return redirect("suggestions")
    context = {
        "nav": "wishes",
        "form": form,
        "suggestions": suggestions_of(student=request.user),
    }
    status = 422 if form.errors else 200
    return render(request, "student/suggestions.html", context, status=status)
