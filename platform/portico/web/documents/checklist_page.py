"""A placement's documents: the student's own page and the school's are one."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portico.accounts import may
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.attendance.rules import is_staff_of
from portico.documents.actions import (
    ask_for_documents,
    set_guardian,
    set_student_facts,
    sign_document,
    upload_document,
)
from portico.documents.actions.asking import OUTSTANDING
from portico.documents.checklist import checklist
from portico.documents.models import Giver, StudentRecord
from portico.documents.queries import item_of
from portico.documents.reaching import mentors_of
from portico.documents.rules import may_sign, may_upload
from portico.internships.models import Placement
from portico.internships.queue import get_placement
from portico.internships.rules import may_see
from portico.internships.states import HOLDING
from portico.web.access import PortalRequest, attempt, page
from portico.web.documents.forms import FactsForm, GuardianForm
from portico.web.documents.sheets import answered, fresh_form, sheet
from portico.web.documents.words import lines_of
from portico.web.saving import posted, saved


def placement_for(request: PortalRequest, placement_id: uuid.UUID) -> Placement:
    """A placement this person may see; DoesNotExist (404) for anybody else's."""
    placement = get_placement(placement_id=placement_id)
    if not may_see(request.user, placement):
        raise Placement.DoesNotExist
    return placement


def back_to(request: PortalRequest, placement: Placement) -> tuple[str, str]:
    """Where the placement itself is, for this reader: its address, and the menu's entry."""
    if request.user.has_role(Role.COORDINATOR):
        return reverse("placement-staff", args=[placement.id]), "placements"
    if is_staff_of(request.user, placement):
        return reverse("placement-teacher", args=[placement.id]), "advisees"
    return reverse("placement", args=[placement.id]), "journey"


@require_GET
@page(may.FOLLOW_DOCUMENTS)
def documents(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    """The checklist, with what this reader can do about each line."""
    placement = placement_for(request, placement_id)
    items = checklist(placement)
    back_url, nav = back_to(request, placement)
    record = StudentRecord.objects.filter(student=placement.student_id).first()
    is_staff = is_staff_of(request.user, placement)
    context: dict[str, Any] = {
        "nav": nav,
        "placement": placement,
        "is_staff": is_staff,
        "back_url": back_url,
        "lines": lines_of(placement, reader=request.user, items=items),
        "missing": [item for item in items if not item.counts],
        "asks": _asks(placement, request.user, items, record),
        "record": record,
        "may_set_guardian": is_staff or record is None or record.guardian_by_student,
        "mentor": mentors_of([placement])[placement.id],
    }
    return render(request, "documents/checklist.html", context)


def _asks(
    placement: Placement, reader: Person, items: list[Any], record: StudentRecord | None
) -> list[dict[str, Any]]:
    """Whom one can write to from here: a button a giver with something outstanding."""
    if placement.state not in HOLDING:
        return []
    waiting = {item.requirement.giver for item in items if item.standing in OUTSTANDING}
    labels = {
        Giver.GUARDIAN: _("Write to the guardian"),
        Giver.MENTOR: _("Write to the mentor"),
        Giver.STUDENT: _("Remind the student"),
    }
    has_guardian = record is not None and bool(record.guardian_email)
    return [
        {
            "giver": giver.value,
            "label": label,
            "lacks": giver == Giver.GUARDIAN and not has_guardian,
        }
        for giver, label in labels.items()
        if giver in waiting and not (giver == Giver.STUDENT and reader.id == placement.student_id)
    ]


@require_POST
@page(may.GIVE_DOCUMENTS)
def ask(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    """Write to the guardian, the mentor or the student about what is missing."""
    placement = placement_for(request, placement_id)
    giver = request.POST.get("giver", "")
    if attempt(
        request,
        lambda: ask_for_documents(placement_id=placement.id, giver=giver, actor=request.user),
    ):
        messages.success(request, _("Written. A link to sign or send is on its way."))
    return redirect("documents-of", placement.id)


@require_http_methods(["GET", "POST"])
@page(may.GIVE_DOCUMENTS)
def give(
    request: PortalRequest, placement_id: uuid.UUID, requirement_id: uuid.UUID
) -> HttpResponse:
    """Sign, or send a file. Staff may file a paper somebody else signed (`?paper=1`)."""
    placement = placement_for(request, placement_id)
    item = item_of(placement, requirement_id)
    actor, requirement = request.user, item.requirement
    is_staff = is_staff_of(actor, placement)
    signs = may_sign(actor, placement, requirement) and "paper" not in request.GET
    if not signs and not may_upload(actor, placement, requirement):
        messages.info(request, _("This one is for somebody else to give."))
        return redirect("documents-of", placement.id)
    if request.method == "POST":
        form = answered(
            request,
            item,
            by_file=not signs,
            is_staff=is_staff,
            sign=lambda form: sign_document(
                placement_id=placement.id,
                requirement_id=requirement.id,
                actor=actor,
                signature=form.signature(),
            ),
            upload=lambda form: upload_document(
                placement_id=placement.id,
                requirement_id=requirement.id,
                actor=actor,
                name=form.cleaned_data["name"],
                file=form.cleaned_data["file"],
            ),
        )
        if form is None:
            messages.success(request, _("Thank you, it is with the school."))
            return redirect("documents-of", placement.id)
    else:
        name = "" if is_staff and not signs else actor.full_name
        form = fresh_form(item, name=name, by_file=not signs, is_staff=is_staff)
    context = {
        "nav": back_to(request, placement)[1],
        "placement": placement,
        "sheet": sheet(item, form=form),
        "back_url": reverse("documents-of", args=[placement.id]),
        "paper_url": f"{request.path}?paper=1" if signs and is_staff else "",
    }
    status = 422 if form.errors else 200
    return render(request, "documents/give.html", context, status=status)


@require_http_methods(["GET", "POST"])
@page(may.GIVE_DOCUMENTS)
def guardian(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    """Who is written to for consent."""
    placement = placement_for(request, placement_id)
    record = StudentRecord.objects.filter(student=placement.student_id).first()
    initial = {
        "name": record.guardian_name if record else "",
        "email": record.guardian_email if record else "",
        "language": record.guardian_language if record else request.tenant.language,
    }
    form = GuardianForm(posted(request), initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(
            form,
            lambda: set_guardian(
                student_id=placement.student_id, actor=request.user, **form.cleaned_data
            ),
        )
    ):
        messages.success(request, _("Saved."))
        return redirect("documents-of", placement.id)
    return _form_page(request, placement, form, _("Parent or guardian"))


@require_http_methods(["GET", "POST"])
@page(may.CHECK_DOCUMENTS)
def facts(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    """The student's birth date, and whether they are a concentrator. Staff only."""
    placement = placement_for(request, placement_id)
    record = StudentRecord.objects.filter(student=placement.student_id).first()
    form = FactsForm(posted(request), initial=FactsForm.initial_of(record))
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(
            form,
            lambda: set_student_facts(
                student_id=placement.student_id, actor=request.user, **form.cleaned_data
            ),
        )
    ):
        messages.success(request, _("Saved."))
        return redirect("documents-of", placement.id)
    return _form_page(request, placement, form, _("About the student"))


def _form_page(
    request: PortalRequest, placement: Placement, form: Any, heading: str
) -> HttpResponse:
    context = {
        "nav": back_to(request, placement)[1],
        "heading": heading,
        "lead": placement.student.full_name,
        "back_url": reverse("documents-of", args=[placement.id]),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "documents/form.html", context, status=status)
