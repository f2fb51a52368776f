"""Sites, their mentors, and the places students suggest."""

import uuid

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catalog.actions import decline_suggestion, save_mentor, save_site, take_over_suggestion
from catalog.models import Mentor, Opportunity, Site, Suggestion
from catalog.queries import count_new_suggestions, find_sites, find_suggestions
from portico.accounts import may
from portico.web.access import PortalRequest, page
from portico.web.coordinator.site_forms import AnswerForm, MentorForm, SiteForm
from portico.web.saving import posted, saved

PAGE = 50


@require_GET
@page(may.CURATE)
def sites(request: PortalRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:100]
    context = {
        "nav": "sites",
        "words": words,
        "page": Paginator(find_sites(words=words), PAGE).get_page(request.GET.get("page")),
        "suggestion_count": count_new_suggestions(),
    }
    return render(request, "coordinator/sites.html", context)


@require_GET
@page(may.CURATE)
def site(request: PortalRequest, site_id: uuid.UUID) -> HttpResponse:
    found = Site.objects.get(id=site_id)
    context = {
        "nav": "sites",
        "site": found,
        "mentors": found.mentors.order_by("-is_active", "name"),
        "opportunities": Opportunity.objects.filter(site=found).defer("doc").order_by("title"),
    }
    return render(request, "coordinator/site.html", context)


@require_http_methods(["GET", "POST"])
@page(may.CURATE)
def add(request: PortalRequest) -> HttpResponse:
    form = SiteForm(posted(request))
    return _edit_site(request, form, heading=_("New site"), back_url=reverse("sites"))


@require_http_methods(["GET", "POST"])
@page(may.CURATE)
def edit(request: PortalRequest, site_id: uuid.UUID) -> HttpResponse:
    form = SiteForm(posted(request), instance=Site.objects.get(id=site_id))
    back_url = reverse("site", args=[site_id])
    return _edit_site(request, form, heading=_("Change the site"), back_url=back_url)


def _edit_site(
    request: PortalRequest, form: SiteForm, *, heading: str, back_url: str
) -> HttpResponse:
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(form, lambda: save_site(actor=request.user, site=form.save(commit=False)))
    ):
        messages.success(request, _("Saved."))
        return redirect("site", site_id=form.instance.id)
    return _form_page(request, form, heading=heading, back_url=back_url)


@require_http_methods(["GET", "POST"])
@page(may.CURATE)
def add_mentor(request: PortalRequest, site_id: uuid.UUID) -> HttpResponse:
    mentor = Mentor(site=Site.objects.get(id=site_id))
    return _edit_mentor(request, mentor, heading=_("New mentor"))


@require_http_methods(["GET", "POST"])
@page(may.CURATE)
def edit_mentor(request: PortalRequest, mentor_id: uuid.UUID) -> HttpResponse:
    mentor = Mentor.objects.select_related("site").get(id=mentor_id)
    return _edit_mentor(request, mentor, heading=_("Change the mentor"))


def _edit_mentor(request: PortalRequest, mentor: Mentor, *, heading: str) -> HttpResponse:
    form = MentorForm(posted(request), instance=mentor)
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(form, lambda: save_mentor(actor=request.user, mentor=form.save(commit=False)))
    ):
        messages.success(request, _("Saved."))
        return redirect("site", site_id=mentor.site_id)
    back_url = reverse("site", args=[mentor.site_id])
    return _form_page(request, form, heading=heading, back_url=back_url, lead=mentor.site.name)


def _form_page(
    request: PortalRequest, form: forms.ModelForm, *, heading: str, back_url: str, lead: str = ""
) -> HttpResponse:
    context = {"nav": "sites", "form": form, "heading": heading, "back_url": back_url, "lead": lead}
    status = 422 if form.errors else 200
    return render(request, "coordinator/site_form.html", context, status=status)


@require_GET
@page(may.CURATE)
def suggestions(request: PortalRequest) -> HttpResponse:
    """Places students propose: the ones without an answer first."""
    context = {
        "nav": "sites",
        "waiting": find_suggestions(state=Suggestion.State.NEW),
        "answered": find_suggestions().exclude(state=Suggestion.State.NEW)[:50],
    }
    return render(request, "coordinator/suggestions.html", context)


@require_http_methods(["GET", "POST"])
@page(may.CURATE)
def suggestion(request: PortalRequest, suggestion_id: uuid.UUID) -> HttpResponse:
    """Take a suggestion over, which makes a site of it, or say why not."""
    found = Suggestion.objects.select_related("student", "site").get(id=suggestion_id)
    taking = request.POST.get("do") == "take_over"
    form = AnswerForm(posted(request), optional=taking)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        if taking and saved(
            form,
            lambda: take_over_suggestion(
                actor=request.user, suggestion_id=suggestion_id, answer=answer
            ),
        ):
            found.refresh_from_db()
            messages.success(request, _("Taken over. Add a mentor, then an opportunity."))
            return redirect("site", site_id=found.site_id)
        if not taking and saved(
            form,
            lambda: decline_suggestion(
                actor=request.user, suggestion_id=suggestion_id, answer=answer
            ),
        ):
            messages.success(request, _("The student has your answer."))
            return redirect("suggestions-staff")
    context = {"nav": "sites", "suggestion": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "coordinator/suggestion.html", context, status=status)
