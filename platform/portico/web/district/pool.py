"""The pool as a table: where each listing comes from, its slots and how many are in use."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portico.accounts import may
from portico.reports.region import find_in_pool
from portico.web.access import PortalRequest, page
from portico.web.district.forms import PoolFilter
from tenants.queries import schools_of
from tenants.replica_reads import reads_replica

PAGE_SIZE = 25


@require_GET
@reads_replica
@page(may.OVERSEE)
def pool(request: PortalRequest) -> HttpResponse:
    schools = schools_of(region=request.tenant.schema_name)
    form = PoolFilter(request.GET, schools=schools)
    wanted = form.wanted()
    listed = Paginator(find_in_pool(**wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "nav": "region-pool",
        "form": form,
        "page": listed,
        "is_filtered": any(wanted.values()),
    }
    return render(request, "district/pool.html", context)
