"""What the school sets for itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portico.accounts import may
from portico.internships.actions.school import change_school_settings
from portico.web.access import PortalRequest, page
from portico.web.coordinator.forms import SettingsForm
from portico.web.saving import posted, saved

NAMES = ("pursuit_days", "short_name", "color", "language")


@require_http_methods(["GET", "POST"])
@page(may.SET_UP)
def settings(request: PortalRequest) -> HttpResponse:
    initial = {name: getattr(request.tenant, name) for name in NAMES}
    form = SettingsForm(posted(request), initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(form, lambda: change_school_settings(actor=request.user, **form.cleaned_data))
    ):
        messages.success(request, _("Saved."))
        return redirect("school-settings")
    status = 422 if form.errors else 200
    return render(
        request, "coordinator/settings.html", {"nav": "settings", "form": form}, status=status
    )
