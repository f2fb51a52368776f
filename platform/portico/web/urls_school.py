"""Addresses at a school's host."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from portico.web import styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    # first: a program's request need not try every page's address before
    path("api/v1/", include("api.urls")),
    path("", include("portico.web.account.urls")),
    path("", include("portico.web.notices.urls")),
    path("", include("portico.web.signin.urls")),
    path("", include("portico.web.student.urls")),
    path("coordinator/roster/", include("portico.web.rosters.urls")),
    path("coordinator/", include("portico.web.coordinator.urls")),
    path("coordinator/undelivered/", include("portico.web.undelivered.urls")),
    path("teacher/", include("portico.web.teacher.urls")),
    path("people/", include("portico.web.people.urls")),
    path("", include("portico.web.mentor.urls")),
    path("", include("portico.web.attendance.urls")),
    path("", include("portico.web.documents.urls")),
    path("", include("portico.web.pwa.urls")),
    path("privacy/", include("portico.web.privacy.urls")),
    path("exports/", include("portico.web.exports.urls")),
    path("webhooks/", include("portico.web.webhooks.urls")),
]
if settings.DEBUG:
    urlpatterns += [
        path("styleguide/", styleguide.styleguide, name="styleguide"),
        path("styleguide/points/", styleguide.styleguide_points),
    ]

handler400 = "portico.web.errors.bad_request"
handler403 = "portico.web.errors.forbidden"
handler404 = "portico.web.errors.not_found"
handler500 = "portico.web.errors.broken"
