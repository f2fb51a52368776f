"""The region as this school sees it: what we gave, what others offer, what they ask."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from catalog.fields import Field
from portico.accounts import may
from portico.web.access import PortalRequest, page
from portico.web.staff_words import origin_key, origin_label
from sharing.models import VisibleListing
from sharing.queries import own_releases, questions_to_us
from tenants.replica_reads import reads_replica

PAGE = 30


@require_GET
@reads_replica
@page(may.RELEASE)
def pool(request: PortalRequest) -> HttpResponse:
    offered = VisibleListing.objects.defer("doc", "description").order_by("-published_at", "-id")
    field = request.GET.get("field", "")
    if field in Field.values:
        offered = offered.filter(field=field)
    found = Paginator(offered, PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "pool",
        "now": timezone.now(),
        "releases": own_releases().filter(slots__gt=0),
        "field": Field(field).label if field in Field.values else "",
        "page": found,
        "rows": [
            {
                "listing": one,
                "origin": origin_key(one.origin_kind),
                "origin_label": origin_label(kind=one.origin_kind, name=one.origin_name),
                "open": max(0, one.slots - one.taken),
            }
            for one in found
        ],
        "question_count": questions_to_us().count(),
    }
    return render(request, "coordinator/pool.html", context)
