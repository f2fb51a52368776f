"""Addresses of the app on a phone."""

from django.urls import path

from portico.web.pwa import views

urlpatterns = [
    path("sw.js", views.service_worker, name="service-worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("offline/", views.offline, name="offline"),
    path("check-in/shell/", views.check_in_shell, name="check-in-shell"),
]
