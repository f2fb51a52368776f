"""The schools of the region, and adding one: filed here, made by the worker."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from kombu.exceptions import OperationalError

from portico.accounts import may
from portico.reports import region as reports
from portico.reports.region import Slots
from portico.web.access import PortalRequest, page
from portico.web.district.forms import COORDINATOR, SchoolForm
from sharing.school_requests import DONE, FAILED, SchoolRequest, file_request, find_request
from sharing.tasks import make_requested_school
from tenants.models import School
from tenants.names import school_schema
from tenants.queries import schools_of, tenant_by_schema

PAGE_SIZE = 50


@dataclass(frozen=True)
class SchoolRow:
    school: School
    released: Slots
    uses: int


@require_GET
@page(may.KEEP_SCHOOLS)
def schools(request: PortalRequest) -> HttpResponse:
    found = schools_of(region=request.tenant.schema_name)
    words = request.GET.get("q", "").split()
    matching = [school for school in found if _matches(school, words)]
    listed = Paginator(matching, PAGE_SIZE).get_page(request.GET.get("page"))
    numbers, uses = reports.pool_numbers(), reports.used_by_school()
    context = {
        "nav": "schools",
        "rows": [
            SchoolRow(
                school=school,
                released=numbers.of_school(school.schema_name),
                uses=uses.get(school.schema_name, 0),
            )
            for school in listed
        ],
        "page": listed,
        "total": len(found),
        "q": request.GET.get("q", ""),
    }
    return render(request, "district/schools.html", context)


def _matches(school: School, words: list[str]) -> bool:
    text = f"{school.name} {school.code} {school.external_id} {school.address}".casefold()
    return all(word.casefold() in text for word in words)


@require_GET
@page(may.KEEP_SCHOOLS)
def school(request: PortalRequest, code: str) -> HttpResponse:
    schema = school_schema(region=request.tenant.schema_name, school=code)
    found = tenant_by_schema(schema)
    context = {
        "nav": "schools",
        "school": found,
        "url": _address(request, code),
        "host": _host(request, code),
        "released": reports.pool_numbers().of_school(schema),
        "uses": reports.used_by_school().get(schema, 0),
        "listings": reports.find_in_pool(origin=schema)[:20],
    }
    return render(request, "district/school.html", context)


@require_http_methods(["GET", "POST"])
@page(may.KEEP_SCHOOLS)
def new_school(request: PortalRequest) -> HttpResponse:
    """The form; POST files the request. `?request=` shows an earlier one that was refused."""
    region = request.tenant.schema_name
    if request.method == "POST":
        form = SchoolForm(request.POST, region=region)
        if form.is_valid():
            filed = file_request(
                region=region, wanted=form.cleaned_data, inviter=request.user.full_name
            )
            try:
                make_requested_school.delay(region, filed.id)
            except OperationalError:
                form.add_error(None, _("The worker cannot be reached. Please try again later."))
            else:
                return redirect("school-request", request_id=filed.id)
    elif (earlier := _earlier(request)) is not None:
        form = SchoolForm(_as_input(earlier), region=region)
        form.is_valid()
        form.show_errors_of_worker(earlier.errors)
    else:
        form = SchoolForm(region=region, initial={"city": request.tenant.name})
    context = {
        "nav": "schools",
        "form": form,
        "coordinator_fields": [form[name] for name in COORDINATOR],
        "suffix": f".{request.tenant.code}.{settings.BASE_HOST}",
    }
    status = 422 if form.is_bound and form.errors and request.method == "POST" else 200
    return render(request, "district/school_new.html", context, status=status)


@require_GET
@page(may.KEEP_SCHOOLS)
def school_request(request: PortalRequest, request_id: uuid.UUID) -> HttpResponse:
    """How far it is. htmx asks for the part that changes; without script one reloads."""
    found = find_request(region=request.tenant.schema_name, request_id=request_id)
    if found is None:
        raise Http404
    context = {
        "nav": "schools",
        "wanted": found,
        "done": found.state == DONE,
        "failed": found.state == FAILED,
        "said": _said(found),
        "url": _address(request, found.code),
    }
    template = "district/school_progress.html" if request.htmx else "district/school_request.html"
    return render(request, template, context)


def _earlier(request: PortalRequest) -> SchoolRequest | None:
    try:
        request_id = uuid.UUID(request.GET.get("request", ""))
    except ValueError:
        return None
    return find_request(region=request.tenant.schema_name, request_id=request_id)


def _as_input(earlier: SchoolRequest) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in earlier.wanted.items()}


def _said(found: SchoolRequest) -> list[tuple[str, str]]:
    """What was refused: the field's label, and why."""
    fields = SchoolForm.base_fields
    return [
        (str(fields[name].label) if name in fields else "", " ".join(said))
        for name, said in found.errors.items()
    ]


def _address(request: PortalRequest, code: str) -> str:
    port = "" if settings.PUBLIC_PORT in (80, 443) else f":{settings.PUBLIC_PORT}"
    return f"{settings.SITE_SCHEME}://{_host(request, code)}{port}/"


def _host(request: PortalRequest, code: str) -> str:
    return f"{code}.{request.tenant.code}.{settings.BASE_HOST}"
