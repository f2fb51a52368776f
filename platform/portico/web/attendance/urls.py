"""Addresses of attendance, at a school's host."""

from django.urls import path

from portico.web.attendance import check_in, mentor_page, phone

urlpatterns = [
    path("check-in/", check_in.check_in, name="check-in"),
    path("check-in/state.json", phone.state, name="check-in-state"),
    path("check-in/events/", phone.events, name="check-in-events"),
    path("check-in/location/", check_in.location, name="check-in-location"),
    path("mentor/<str:secret>/", mentor_page.mentor_page, name="mentor-page"),
]
