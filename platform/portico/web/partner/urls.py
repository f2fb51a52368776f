"""Addresses of partner staff's pages, under /partner/ at the region's host."""

from django.urls import path

from portico.web.partner import numbers, views

urlpatterns = [
    path("", views.postings, name="postings"),
    path("numbers/", numbers.numbers, name="partner-numbers"),
    path("new/", views.new_posting, name="posting-new"),
    path("<uuid:listing_id>/", views.posting, name="posting"),
    path("<uuid:listing_id>/edit/", views.edit_posting, name="posting-edit"),
    path("<uuid:listing_id>/state/", views.change_state, name="posting-state"),
]
