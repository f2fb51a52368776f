"""Addresses of attendance, at a school's host."""

from django.urls import path

from portico.web.attendance import check_in, phone

urlpatterns = [
    path("check-in/", check_in.check_in, name="check-in"),
    path("check-in/state.json", phone.state, name="check-in-state"),
    path("check-in/events/", phone.events, name="check-in-events"),
    path("check-in/location/", check_in.location, name="check-in-location"),
]
