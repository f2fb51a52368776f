"""Addresses of a region's pages for district admins; `/` leads partner staff home."""

from django.urls import path

from portico.web.district import glance, overview, partners, pool, schools, services, synonyms

urlpatterns = [
    path("", overview.region, name="region"),
    path("overview/", glance.overview, name="overview"),
    path("schools/", schools.schools, name="schools"),
    path("schools/new/", schools.new_school, name="school-new"),
    path("schools/requests/<uuid:request_id>/", schools.school_request, name="school-request"),
    path("schools/<str:code>/", schools.school, name="school"),
    path("partners/", partners.partners, name="partners"),
    path("partners/new/", partners.new_partner, name="partner-new"),
    path("partners/<uuid:partner_id>/", partners.partner, name="partner"),
    path("partners/<uuid:partner_id>/edit/", partners.edit_partner, name="partner-edit"),
    path("partners/<uuid:partner_id>/staff/", partners.invite_staff, name="partner-invite"),
    path(
        "partners/<uuid:partner_id>/staff/<uuid:person_id>/",
        partners.set_active,
        name="partner-staff-active",
    ),
    path("services/", services.services, name="services"),
    path("services/<uuid:service_token_id>/revoke/", services.revoke, name="service-revoke"),
    path("synonyms/", synonyms.synonyms, name="synonyms"),
    path("synonyms/<uuid:synonym_id>/", synonyms.synonym, name="synonym"),
    path("synonyms/<uuid:synonym_id>/remove/", synonyms.remove, name="synonym-remove"),
    path("pool/", pool.pool, name="region-pool"),
]
