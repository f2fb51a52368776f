from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "portico.trust"
    label = "trust"
    verbose_name = "providers of sign-ins"
