"""Who is a concentrator: two courses or more in one programme, for Perkins V."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portico.accounts import may
from portico.accounts.models import Person
from portico.documents.actions import set_concentrators
from portico.documents.queries import marked_concentrators
from portico.reports.fairness import students
from portico.web.access import PortalRequest, page
from portico.web.saving import posted, saved


class ConcentratorsForm(forms.Form):
    students = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Students"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["students"].queryset = students()  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@page(may.WATCH_FAIRNESS)
def concentrators(request: PortalRequest) -> HttpResponse:
    initial = {"students": list(marked_concentrators())}
    form = ConcentratorsForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted: set[uuid.UUID] = {one.id for one in form.cleaned_data["students"]}
        if saved(form, lambda: set_concentrators(actor=request.user, students=wanted)):
            messages.success(request, _("Saved."))
            return redirect("exports")
    context = {"nav": "exports", "form": form}
    status = 422 if form.errors else 200
    return render(request, "coordinator/concentrators.html", context, status=status)
