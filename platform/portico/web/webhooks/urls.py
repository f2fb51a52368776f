"""Addresses of webhooks, at a school's and at a region's host: `/webhooks/`."""

from django.urls import path

from portico.web.webhooks import views

urlpatterns = [
    path("", views.webhooks, name="webhooks"),
    path("new/", views.new, name="webhook-new"),
    path("<uuid:webhook_id>/", views.webhook, name="webhook"),
    path("<uuid:webhook_id>/edit/", views.edit, name="webhook-edit"),
    path("<uuid:webhook_id>/switch/", views.switch, name="webhook-switch"),
    path("<uuid:webhook_id>/test/", views.test, name="webhook-test"),
    path("<uuid:webhook_id>/secret/", views.replace_secret, name="webhook-secret"),
    path("<uuid:webhook_id>/remove/", views.remove, name="webhook-remove"),
    path("<uuid:webhook_id>/<uuid:delivery_id>/again/", views.again, name="webhook-again"),
]
