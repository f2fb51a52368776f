"""Addresses at a region's host."""

from django.urls import include, path

from portico.web.signin.finding import find_school

urlpatterns = [
    # first: a program's request need not try every page's address before
    path("api/v1/", include("api.urls")),
    path("", include("portico.web.account.urls")),
    path("", include("portico.web.notices.urls")),
    path("", include("portico.web.signin.urls")),
    path("find-school/", find_school, name="find-school"),
    path("rosters/", include("portico.web.rosters.urls")),
    path("", include("portico.web.district.urls")),
    path("undelivered/", include("portico.web.undelivered.urls")),
    path("partner/", include("portico.web.partner.urls")),
    path("exports/", include("portico.web.exports.urls")),
    path("webhooks/", include("portico.web.webhooks.urls")),
]
handler400 = "portico.web.errors.bad_request"
handler403 = "portico.web.errors.forbidden"
handler404 = "portico.web.errors.not_found"
handler500 = "portico.web.errors.broken"
