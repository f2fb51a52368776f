"""Addresses every tenant has: in and out, notices, language, colours."""

from django.urls import path

from portico.web.account import tokens, views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-in/", views.SignIn.as_view(), name="account_login"),  # what allauth calls it
    path("sign-out/", views.sign_out, name="sign-out"),
    path("forgotten/", views.forgotten, name="forgotten"),
    path("invitation/<str:secret>/", views.choose_password, name="invitation"),
    path("notices/", views.notices, name="notices"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", tokens.revoke, name="token-revoke"),
    path("language/", views.set_language, name="set_language"),
    path("theme.css", views.theme_css_file, name="theme-css"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<str:name>/", views.outbox_mail, name="outbox-mail"),
]
