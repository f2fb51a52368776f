from django.apps import AppConfig


class UpgradeConfig(AppConfig):
    name = "tests.drill.upgrade"
