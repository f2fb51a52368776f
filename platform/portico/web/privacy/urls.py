"""Addresses under /privacy/ of a school."""

from django.urls import path

from portico.web.privacy import views

urlpatterns = [
    path("", views.privacy, name="privacy"),
    path("retention/", views.retention, name="retention"),
    path("retention/change/", views.change_retention, name="retention-change"),
    path("students/<uuid:person_id>/record.zip", views.student_record, name="student-record"),
]
