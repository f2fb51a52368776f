"""A roster from upload to done. The worker reads and applies; these pages show how far it is."""

import uuid
from typing import Any

from celery import Task
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from kombu.exceptions import OperationalError

from portico.accounts import may
from portico.rosters import sheets, tasks
from portico.rosters.difference import BACK, CHANGED, GONE, MOVED, NEW
from portico.rosters.faults import RosterRefused
from portico.rosters.uploads import (
    APPLYING,
    CHOOSING,
    FAILED,
    READING,
    READY,
    REFUSED,
    Upload,
    find_upload,
    keep_upload,
    uploads_of,
)
from portico.web.access import PortalRequest, page
from portico.web.rosters.forms import ColumnsForm, MatchForm, OwnOrgForm, UploadForm
from tenants.queries import schools_of

PAGE_SIZE = 100
LABELS = {
    NEW: gettext_lazy("new"),
    MOVED: gettext_lazy("moved"),
    CHANGED: gettext_lazy("changed"),
    BACK: gettext_lazy("back"),
    GONE: gettext_lazy("gone"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@page(may.BRING_ROSTERS)
def rosters(request: PortalRequest) -> HttpResponse:
    """The form, and what was brought today. POST keeps the file and wakes the worker."""
    lists = not _at_region(request)
    form = UploadForm(request.POST or None, request.FILES or None, lists=lists)
    if request.method == "POST" and form.is_valid():
        upload = _kept(request, form)
        if upload.is_list:
            return _ask_for_columns(upload)
        if _woken(upload, tasks.read_upload):
            return redirect("roster", upload_id=upload.id)
        form.add_error(None, _("The worker cannot be reached. Please try again later."))
        upload.drop()
    context = {"form": form, "uploads": uploads_of(request.tenant.schema_name), "lists": lists}
    return _render(request, "rosters/rosters.html", context, status=422 if form.errors else 200)


@require_GET
@page(may.BRING_ROSTERS)
def roster(request: PortalRequest, upload_id: uuid.UUID) -> HttpResponse:
    """How far it is, and what would change. htmx asks for the part that changes."""
    upload = _find(request, upload_id)
    context: dict[str, Any] = {"upload": upload}
    if upload.state == CHOOSING:
        context["columns_form"] = _columns_form(upload)
    elif upload.state == READY:
        context |= _difference(request, upload)
    if request.htmx:
        if upload.is_settled:  # the whole page is another one now
            return HttpResponse(headers={"HX-Refresh": "true"})
        return _render(request, "rosters/progress.html", context)
    return _render(request, "rosters/roster.html", context)


@require_GET
@page(may.BRING_ROSTERS)
def people(request: PortalRequest, upload_id: uuid.UUID, at: int) -> HttpResponse:
    """What would change at one school, person by person."""
    upload = _find(request, upload_id)
    if upload.state != READY or at >= len(upload.schools):
        raise Http404
    context = {"upload": upload, **_people(request, upload, at)}
    return _render(request, "rosters/people.html", context)


@require_POST
@page(may.BRING_ROSTERS)
def columns(request: PortalRequest, upload_id: uuid.UUID) -> HttpResponse:
    """What the columns of a list are; the worker goes on from there."""
    upload = _find(request, upload_id)
    if upload.state == CHOOSING:
        form = _columns_form(upload, request.POST)
        if not form.is_valid():
            context = {"upload": upload, "columns_form": form}
            return _render(request, "rosters/roster.html", context, status=422)
        upload.choices |= {
            "columns": form.chosen,
            "role": form.cleaned_data["everybody"],
            "complete": form.cleaned_data["complete"],
        }
        _go_on(upload, READING, tasks.read_upload)
    return redirect("roster", upload_id=upload.id)


@require_POST
@page(may.BRING_ROSTERS)
def match(request: PortalRequest, upload_id: uuid.UUID) -> HttpResponse:
    """Which school an org of the roster is; then it is read again."""
    upload = _find(request, upload_id)
    if upload.state == READY:
        form = _match_form(request, upload, request.POST)
        if not form.is_valid():
            context = {"upload": upload, **_difference(request, upload), "match_form": form}
            return _render(request, "rosters/roster.html", context, status=422)
        if isinstance(form, MatchForm):
            upload.choices["match"] = {**upload.choices.get("match", {}), **form.chosen}
        else:
            upload.choices["org"] = form.cleaned_data["org"]
        _go_on(upload, READING, tasks.read_upload)
    return redirect("roster", upload_id=upload.id)


@require_POST
@page(may.BRING_ROSTERS)
def apply(request: PortalRequest, upload_id: uuid.UUID) -> HttpResponse:
    upload = _find(request, upload_id)
    if upload.state == READY:
        upload.choices["allow"] = request.POST.get("allow") == "on"
        if upload.too_many and not upload.choices["allow"]:
            context = {"upload": upload, **_difference(request, upload), "allow_missing": True}
            return _render(request, "rosters/roster.html", context, status=422)
        _go_on(upload, APPLYING, tasks.apply_upload)
    return redirect("roster", upload_id=upload.id)


@require_POST
@page(may.BRING_ROSTERS)
def drop(request: PortalRequest, upload_id: uuid.UUID) -> HttpResponse:
    upload = find_upload(tenant=request.tenant.schema_name, upload_id=upload_id)
    if upload is not None and upload.is_settled:
        upload.drop()
    return redirect("rosters")


@require_GET
@page(may.BRING_ROSTERS)
def template(request: PortalRequest) -> HttpResponse:
    """A workbook to fill in."""
    answer = HttpResponse(sheets.template(), content_type=XLSX)
    answer.headers["Content-Disposition"] = 'attachment; filename="portico-people.xlsx"'
    return answer


# --- parts ---------------------------------------------------------------------------------


def _at_region(request: PortalRequest) -> bool:
    return request.tenant.kind == "region"


def _find(request: PortalRequest, upload_id: uuid.UUID) -> Upload:
    upload = find_upload(tenant=request.tenant.schema_name, upload_id=upload_id)
    if upload is None:
        raise Http404
    return upload


def _kept(request: PortalRequest, form: UploadForm) -> Upload:
    file = form.cleaned_data["file"]
    return keep_upload(
        tenant=request.tenant.schema_name,
        name=file.name,
        chunks=file.chunks(),
        person=str(request.user.pk),
        label=request.user.full_name,
        choices={
            "coordinators": form.cleaned_data["coordinators"],
            "language": get_language() or "en",
        },
    )


def _ask_for_columns(upload: Upload) -> HttpResponse:
    """A list waits for a person to say what its columns are; unless it cannot be read at all."""
    try:
        upload.choices["headers"] = sheets.headers_of(upload.file, name=upload.name)
        upload.state = CHOOSING
    except RosterRefused as refused:
        upload.state, upload.faults = REFUSED, [str(fault) for fault in refused.faults]
    upload.save()
    return redirect("roster", upload_id=upload.id)


def _go_on(upload: Upload, state: str, task: Task) -> None:
    before, upload.state, upload.step = upload.state, state, ""
    upload.save()
    if not _woken(upload, task):
        upload.state = before
        upload.save()


def _woken(upload: Upload, task: Task) -> bool:
    try:
        task.delay(upload.tenant, upload.id)
    except OperationalError:
        return False
    return True


def _columns_form(upload: Upload, data: Any = None) -> ColumnsForm:
    headers = upload.choices["headers"]
    return ColumnsForm(data, headers=headers, proposed=sheets.proposed_columns(headers))


def _match_form(request: PortalRequest, upload: Upload, data: Any = None) -> MatchForm | OwnOrgForm:
    if not _at_region(request):
        return OwnOrgForm(data, unknown=upload.unknown)
    taken = {school["code"] for school in upload.schools}
    schools = [
        school
        for school in schools_of(region=request.tenant.schema_name)
        if school.code not in taken
    ]
    return MatchForm(data, unknown=upload.unknown, schools=schools)


def _difference(request: PortalRequest, upload: Upload) -> dict[str, Any]:
    """What the page of a roster that has been read shows."""
    at_region = _at_region(request)
    found: dict[str, Any] = {"at_region": at_region, "kinds": list(LABELS.items())}
    found["rows"] = [
        {**school, "numbers": [school["counts"].get(kind, 0) for kind in LABELS]}
        for school in upload.schools
    ]
    # At a school the other schools of the file are nothing to ask about.
    if upload.unknown and (at_region or not upload.schools):
        found["match_form"] = _match_form(request, upload)
    if not at_region and upload.schools:
        found |= _people(request, upload, 0)
    return found


def _people(request: PortalRequest, upload: Upload, at: int) -> dict[str, Any]:
    school, lines = upload.schools[at], upload.lines(at)
    kind = request.GET.get("kind", "")
    chosen = [line for line in lines if kind in ("", line["kind"])]
    return {
        "at": at,
        "school": school,
        "kind": kind,
        "tabs": [
            {"key": key, "label": label, "url": f"?kind={key}", "count": count}
            for key, label, count in [
                ("", _("all"), len(lines)),
                *((k, str(label), school["counts"].get(k, 0)) for k, label in LABELS.items()),
            ]
            if count or not key
        ],
        "page": Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page")),
        "kind_labels": LABELS,
    }


def _render(
    request: PortalRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context["nav"] = "rosters"
    context["failed"] = "upload" in context and context["upload"].state in (REFUSED, FAILED)
    return render(request, name, context, status=status)
