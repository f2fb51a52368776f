"""Addresses under /people/ of a school."""

from django.urls import path

from portico.web.people import keeping, substitutes, viewing, views

urlpatterns = [
    path("", views.people, name="people"),
    path("new/", keeping.add, name="person-add"),
    path("substitutes/", substitutes.substitutes, name="substitutes"),
    path("substitutes/<uuid:substitute_id>/end/", substitutes.end, name="substitute-end"),
    path("view-as/stop/", viewing.stop, name="view-as-stop"),
    path("<uuid:person_id>/", views.person, name="person"),
    path("<uuid:person_id>/edit/", keeping.edit, name="person-edit"),
    path("<uuid:person_id>/active/", keeping.active, name="person-active"),
    path("<uuid:person_id>/invite/", keeping.invite, name="person-invite"),
    path("<uuid:person_id>/view-as/", viewing.begin, name="view-as"),
]
