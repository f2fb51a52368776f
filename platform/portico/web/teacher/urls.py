"""Addresses under /teacher/."""

from django.urls import path

from portico.web.teacher import views

urlpatterns = [
    path("", views.advisees, name="advisees"),
    path("starts/", views.starts, name="starts"),
    path("placements/<uuid:placement_id>/", views.placement, name="placement-teacher"),
    path("placements/<uuid:placement_id>/<str:act>/", views.act, name="placement-teacher-act"),
]
