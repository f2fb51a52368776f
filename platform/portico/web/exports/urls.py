"""Addresses of exports and reports, at a school's and at a region's host."""

from django.urls import path

from portico.web.exports import report, views

urlpatterns = [
    path("", views.exports, name="exports"),
    path("make/", views.make, name="export-make"),
    path("report.pdf", report.report, name="report-pdf"),
    path("<uuid:run_id>/", views.run, name="export-run"),
    path("<uuid:run_id>/file/", views.file, name="export-file"),
]
