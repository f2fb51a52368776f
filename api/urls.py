"""Addresses under /api/v1/, at schools' and regions' hosts alike."""

from typing import Any

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from api.resource import Resource
from api.views import (
    catalog,
    days,
    documents,
    exports,
    hours,
    keeping,
    listings,
    placements,
    pool,
    region,
    registry,
    reports,
    school_days,
    school_requests,
    services,
    terms,
    timeline,
    webhooks,
    worklist,
)
from api.views.reference import nothing_here, reference, schema

router = SimpleRouter(use_regex_path=False)
for view in (
    listings.Listings,
    listings.Favorites,
    listings.Wishlist,
    listings.SavedSearches,
    catalog.Opportunities,
    catalog.Sites,
    catalog.Mentors,
    terms.Terms,
    catalog.Suggestions,
    placements.Placements,
    pool.Releases,
    pool.Questions,
    pool.Partners,
    pool.Pool,
    pool.Postings,
    pool.Synonyms,
    webhooks.Webhooks,
    registry.Schools,
    registry.Tokens,
    school_requests.SchoolRequests,
    days.Days,
    hours.Hours,
    hours.Certificates,
    timeline.Timeline,
    timeline.Goals,
    timeline.Visits,
    timeline.Evaluations,
    timeline.EvaluationForms,
    school_days.Holidays,
    worklist.Worklist,
    reports.Groups,
    reports.Leads,
    exports.Exports,
    services.Services,
    documents.Documents,
    documents.Checklists,
):
    router.register(view.kind, view, basename=f"api-{view.kind}")

# Of these there is one: what is done with it, by method.
ONE_OF_A_KIND: dict[type[Resource], dict[str, Any]] = {
    registry.Me: {"get": "retrieve"},
    days.CheckIn: {"get": "retrieve", "post": "create"},
    school_days.AttendancePolicies: {"get": "retrieve", "patch": "partial_update"},
    school_days.AttendanceChoices: {"get": "retrieve", "put": "update"},
    school_days.Today: {"get": "retrieve"},
    keeping.SchoolSettings: {"get": "retrieve", "patch": "partial_update"},
    worklist.Board: {"get": "retrieve"},
    reports.Fairness: {"get": "retrieve"},
    reports.Demand: {"get": "retrieve"},
    reports.AssetMap: {"get": "retrieve"},
    reports.WorkBasedLearning: {"get": "retrieve"},
    reports.TermReports: {"get": "retrieve"},
    region.Overview: {"get": "retrieve"},
    region.Compare: {"get": "retrieve"},
    region.Flows: {"get": "retrieve"},
    region.PartnerNumbers: {"get": "retrieve"},
}

urlpatterns = [
    path("", reference, name="api-reference"),
    path("schema/", schema, name="api-schema"),
    *(
        path(f"{view.kind}/", view.as_view(actions), name=f"api-{view.kind}")
        for view, actions in ONE_OF_A_KIND.items()
    ),
    path(
        "attendance-choice/calendar-link/",
        school_days.AttendanceChoices.as_view({"post": "calendar_link"}),
        name="api-attendance-choice-calendar-link",
    ),
    path(
        "term-report/pdf/",
        reports.TermReports.as_view({"post": "pdf"}),
        name="api-term-report-pdf",
    ),
    path(
        "partners/<uuid:pk>/",
        keeping.PartnersKept.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api-partners-detail",
    ),
    path(
        "partners/<uuid:pk>/staff/",
        keeping.PartnersKept.as_view({"get": "staff", "post": "invite"}),
        name="api-partners-staff",
    ),
    path(
        "partners/<uuid:pk>/staff/active/",
        keeping.PartnersKept.as_view({"post": "set_active"}),
        name="api-partners-active",
    ),
    path(
        "partners/new/",
        keeping.PartnersKept.as_view({"post": "create"}),
        name="api-partners-new",
    ),
    path(
        "schools/<str:pk>/",
        region.SchoolDetails.as_view({"get": "retrieve"}),
        name="api-schools-detail",
    ),
    *router.urls,
    re_path("", nothing_here),
]
