"""The region's front page for who does not know where their school signs in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError

from portico.signin.tasks import send_school_links
from portico.web.saving import posted
from portico.web.signin.entering import throttle_of
from portico.web.signin.forms import FindSchoolForm
from tenants.hosts import address_of
from tenants.queries import hosts_of_schools, school_names

MOST_SHOWN = 50


@require_http_methods(["GET", "POST"])
def find_school(request: HttpRequest) -> HttpResponse:
    """Schools by name, for anybody; by e-mail, a worker answers into the mailbox alone.

    The answer here is one and the same, and is given before anybody is looked for.
    """
    form = FindSchoolForm(posted(request))
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        throttle = throttle_of(request, email=f"school:{email}")
        if throttle.is_closed():
            return render(request, "account/slow_down.html", status=429)
        throttle.count_failure()
        try:
            region = request.tenant.schema_name  # type: ignore[attr-defined]
            send_school_links.delay(region, email)
        except OperationalError:
            form.add_error(None, _("This does not work at the moment. Look for it by name."))
        else:
            return render(request, "signin/school_link_sent.html")
    words = request.GET.get("q", "").strip()
    context = {"form": form, "q": words, **_schools(request, words)}
    return render(request, "signin/find_school.html", context, status=422 if form.errors else 200)


def _schools(request: HttpRequest, words: str) -> dict[str, object]:
    region = request.tenant.schema_name  # type: ignore[attr-defined]
    names, hosts = school_names(region=region), hosts_of_schools(region=region)
    found = [
        {"name": name, "url": address_of(hosts[schema])}
        for schema, name in names.items()
        if schema in hosts and words.lower() in name.lower()
    ]
    return {"schools": found[:MOST_SHOWN], "total": len(found), "all": len(names)}
