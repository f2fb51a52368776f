from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "portico.attendance"
    label = "attendance"
    verbose_name = "attendance"
