"""Mails that did not go, at a school's and at a region's host."""

from django.urls import path

from portico.web.undelivered import views

urlpatterns = [
    path("", views.undelivered, name="undelivered"),
    path("<uuid:notice_id>/again/", views.again, name="undelivered-again"),
]
