"""Addresses under /coordinator/."""

from django.urls import path

from portico.web.coordinator import (
    board,
    opportunities,
    placements,
    pool,
    releasing,
    requests,
    settings,
    sites,
)

urlpatterns = [
    path("", board.board, name="board"),
    path("map.json", board.map_points, name="board-map"),
    path("requests/", requests.queue, name="requests"),
    path("requests/<uuid:placement_id>/", requests.one_request, name="request"),
    path("questions/", requests.questions, name="questions"),
    path("questions/<uuid:question_id>/", requests.question, name="question"),
    path("placements/", placements.placements, name="placements"),
    path("placements/<uuid:placement_id>/", placements.placement, name="placement-staff"),
    path("placements/<uuid:placement_id>/<str:act>/", placements.act, name="placement-act"),
    path("opportunities/", opportunities.opportunities, name="opportunities"),
    path("opportunities/new/", opportunities.add, name="opportunity-add"),
    path("opportunities/release/", releasing.release_unwanted, name="release-unwanted"),
    path("opportunities/<uuid:opportunity_id>/", opportunities.opportunity, name="opportunity"),
    path("opportunities/<uuid:opportunity_id>/edit/", opportunities.edit, name="opportunity-edit"),
    path(
        "opportunities/<uuid:opportunity_id>/state/",
        opportunities.change_state,
        name="opportunity-state",
    ),
    path("opportunities/<uuid:opportunity_id>/release/", releasing.release, name="release"),
    path("opportunities/<uuid:opportunity_id>/recall/", releasing.recall, name="recall"),
    path("sites/", sites.sites, name="sites"),
    path("sites/new/", sites.add, name="site-add"),
    path("sites/<uuid:site_id>/", sites.site, name="site"),
    path("sites/<uuid:site_id>/edit/", sites.edit, name="site-edit"),
    path("sites/<uuid:site_id>/mentors/new/", sites.add_mentor, name="mentor-add"),
    path("mentors/<uuid:mentor_id>/", sites.edit_mentor, name="mentor-edit"),
    path("suggestions/", sites.suggestions, name="suggestions-staff"),
    path("suggestions/<uuid:suggestion_id>/", sites.suggestion, name="suggestion-staff"),
    path("pool/", pool.pool, name="pool"),
    path("settings/", settings.settings, name="school-settings"),
]
