from django.apps import AppConfig


class DueConfig(AppConfig):
    name = "portico.due"
    label = "due"
    verbose_name = "due work"
