"""Addresses at the portal's own host: a front page that leads to the regions."""

from django.urls import path

from portico.web.account import views

urlpatterns = [
    path("", views.front_page, name="front-page"),
    path("language/", views.set_language, name="set_language"),
    path("theme.css", views.theme_css_file, name="theme-css"),
]
handler400 = "portico.web.errors.bad_request"
handler403 = "portico.web.errors.forbidden"
handler404 = "portico.web.errors.not_found"
handler500 = "portico.web.errors.broken"
