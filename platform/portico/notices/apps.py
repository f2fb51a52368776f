from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "portico.notices"
    label = "notices"
    verbose_name = "notices"
