"""Addresses of the roster's pages: `/rosters/` of a region, `/coordinator/roster/` of a school."""

from django.urls import path

from portico.web.rosters import views

urlpatterns = [
    path("", views.rosters, name="rosters"),
    path("template.xlsx", views.template, name="roster-template"),
    path("<uuid:upload_id>/", views.roster, name="roster"),
    path("<uuid:upload_id>/columns/", views.columns, name="roster-columns"),
    path("<uuid:upload_id>/match/", views.match, name="roster-match"),
    path("<uuid:upload_id>/apply/", views.apply, name="roster-apply"),
    path("<uuid:upload_id>/drop/", views.drop, name="roster-drop"),
    path("<uuid:upload_id>/<int:at>/", views.people, name="roster-people"),
]
