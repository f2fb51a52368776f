"""Pages reached by a link in an e-mail, without an account."""

from django.urls import path

from portico.web.mentor import start_link

urlpatterns = [path("start/<str:secret>/", start_link.start_link, name="start-link")]
