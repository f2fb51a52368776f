"""Changing and removing an evaluation form of the school."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portico.accounts import may
from portico.attendance.actions import remove_evaluation_form, save_evaluation_form
from portico.attendance.models import TimelineEntry
from portico.attendance.queries import evaluation_form
from portico.web.access import PortalRequest, page
from portico.web.attendance.forms import EvaluationFormForm
from portico.web.saving import posted, saved


@require_http_methods(["GET", "POST"])
@page(may.SET_UP)
def edit(request: PortalRequest, form_id: str) -> HttpResponse:
    """The form's name and questions; what was asked with it before keeps its own."""
    found = evaluation_form(form_id)
    if found is None:
        raise Http404
    lines = [f"{one['kind']}: {one['text']}" for one in found["questions"]]
    initial = {"form_id": form_id, "name": found["name"], "questions": "\n".join(lines)}
    form = EvaluationFormForm(posted(request), initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(
            form,
            lambda: save_evaluation_form(
                actor=request.user, **(form.cleaned_data | {"form_id": form_id})
            ),
        )
    ):
        messages.success(request, _("Saved. Evaluations asked for before keep their questions."))
        return redirect("attendance-policy")
    context = {
        "nav": "attendance-policy",
        "form": form,
        "form_id": form_id,
        "name": found["name"],
        "asked": TimelineEntry.objects.filter(
            kind=TimelineEntry.Kind.EVALUATION, form__id=form_id
        ).count(),
    }
    status = 422 if form.errors else 200
    return render(request, "attendance/evaluation_form.html", context, status=status)


@require_POST
@page(may.SET_UP)
def remove(request: PortalRequest, form_id: str) -> HttpResponse:
    """Nobody is asked with it any more. Removing what is gone is having removed it."""
    remove_evaluation_form(actor=request.user, form_id=form_id)
    messages.success(request, _("Removed. Evaluations asked for before stay on the timelines."))
    return redirect("attendance-policy")
