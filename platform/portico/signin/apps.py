from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "portico.signin"
    label = "signin"
    verbose_name = "signing in"
