"""What the school expects: hours, grace, questions, its calendar, its evaluation forms."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portico.accounts import may
from portico.attendance.actions import (
    add_holiday,
    remove_holiday,
    save_evaluation_form,
    set_expectations,
)
from portico.attendance.queries import policy
from portico.web.access import PortalRequest, page
from portico.web.attendance.forms import (
    AnsweringForm,
    EvaluationFormForm,
    ExpectationsForm,
    HolidayForm,
)
from tenants.errors import Refused


@require_http_methods(["GET", "POST"])
@page(may.SET_UP)
def expectations(request: PortalRequest) -> HttpResponse:
    """Three forms on one page; the button's `act` says which one was sent."""
    rules = policy()
    forms: dict[str, Any] = {
        "numbers": ExpectationsForm(instance=rules),
        "holiday": HolidayForm(),
        "evaluation": EvaluationFormForm(),
    }
    acts: dict[str, tuple[Callable[..., AnsweringForm], Callable[..., object]]] = {
        "numbers": (lambda data: ExpectationsForm(data, instance=rules), set_expectations),
        "holiday": (HolidayForm, add_holiday),
        "evaluation": (EvaluationFormForm, save_evaluation_form),
    }
    what = request.POST.get("act", "")
    if what in acts:
        make, act = acts[what]
        form = forms[what] = make(request.POST)
        if form.is_valid():
            try:
                act(actor=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, _("Saved."))
                return redirect("attendance-policy")
    context = {
        "nav": "attendance-policy",
        **{f"{name}_form": form for name, form in forms.items()},
        "holidays": [
            {**one, "first": parse_date(one["from"]), "last": parse_date(one["to"])}
            for one in rules.holidays
        ],
        "evaluation_forms": rules.evaluation_forms,
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "attendance/expectations.html", context, status=status)


@require_POST
@page(may.SET_UP)
def forget_holiday(request: PortalRequest) -> HttpResponse:
    remove_holiday(
        actor=request.user,
        first=request.POST.get("first", ""),
        name=request.POST.get("name", ""),
    )
    return redirect("attendance-policy")
