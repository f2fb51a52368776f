"""Partners of the region: adding, changing, inviting their staff."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portico.accounts import may
from portico.web.access import PortalRequest, attempt, page
from portico.web.district.forms import PartnerForm, StaffForm
from portico.web.saving import saved
from sharing.models import Partner
from sharing.partners import (
    invite_partner_staff,
    partners_with_counts,
    postings_of,
    save_partner,
    set_staff_active,
    staff_counts,
    staff_of,
)


@require_GET
@page(may.KEEP_PARTNERS)
def partners(request: PortalRequest) -> HttpResponse:
    staff = staff_counts()
    rows = [
        {"partner": partner, "staff": staff.get(partner.id, 0)}
        for partner in partners_with_counts()
    ]
    return render(request, "district/partners.html", {"nav": "partners", "rows": rows})


@require_http_methods(["GET", "POST"])
@page(may.KEEP_PARTNERS)
def new_partner(request: PortalRequest) -> HttpResponse:
    return _edit(request, Partner())


@require_http_methods(["GET", "POST"])
@page(may.KEEP_PARTNERS)
def edit_partner(request: PortalRequest, partner_id: uuid.UUID) -> HttpResponse:
    return _edit(request, Partner.objects.get(id=partner_id))


def _edit(request: PortalRequest, partner: Partner) -> HttpResponse:
    is_new = partner._state.adding
    form = PartnerForm(request.POST or None, instance=partner)
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(form, lambda: save_partner(actor=request.user, partner=form.instance))
    ):
        messages.success(
            request, _("Added. Now invite somebody of theirs.") if is_new else _("Saved.")
        )
        return redirect("partner", partner_id=form.instance.id)
    context = {"nav": "partners", "form": form, "partner": partner, "is_new": is_new}
    status = 422 if form.errors else 200
    return render(request, "district/partner_form.html", context, status=status)


@require_GET
@page(may.KEEP_PARTNERS)
def partner(request: PortalRequest, partner_id: uuid.UUID) -> HttpResponse:
    return _show(request, Partner.objects.get(id=partner_id), StaffForm())


@require_POST
@page(may.KEEP_PARTNERS)
def invite_staff(request: PortalRequest, partner_id: uuid.UUID) -> HttpResponse:
    found = Partner.objects.get(id=partner_id)
    form = StaffForm(request.POST)
    if form.is_valid() and saved(
        form,
        lambda: invite_partner_staff(
            actor=request.user,
            partner_id=found.id,
            region_name=request.tenant.name,
            **form.cleaned_data,
        ),
    ):
        messages.success(
            request, _("The invitation is on its way to %(email)s.") % form.cleaned_data
        )
        return redirect("partner", partner_id=found.id)
    return _show(request, found, form, status=422)


@require_POST
@page(may.KEEP_PARTNERS)
def set_active(request: PortalRequest, partner_id: uuid.UUID, person_id: uuid.UUID) -> HttpResponse:
    """Close an account of the partner's staff, or open it again."""
    staff = staff_of(partner_id=partner_id).get(id=person_id)
    active = request.POST.get("active") == "yes"
    attempt(
        request,
        lambda: set_staff_active(actor=request.user, person_id=staff.id, active=active),
        done=_("The account is open again.") if active else _("The account is closed."),
    )
    return redirect("partner", partner_id=partner_id)


def _show(
    request: PortalRequest, found: Partner, form: StaffForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "nav": "partners",
        "partner": found,
        "postings": postings_of(partner_id=found.id)[:50],
        "staff": staff_of(partner_id=found.id),
        "form": form,
    }
    return render(request, "district/partner.html", context, status=status)
