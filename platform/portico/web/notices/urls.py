"""What comes by e-mail: chosen on a page, ended by a mail's link. At a school's and a region's."""

from django.urls import path

from portico.web.notices import views

urlpatterns = [
    path("notices/choices/", views.choices, name="mail-choices"),
    path("mail/<str:token>/", views.stop, name="mail-stop"),
]
