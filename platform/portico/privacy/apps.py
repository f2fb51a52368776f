from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "portico.privacy"
    label = "privacy"
