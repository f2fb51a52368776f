from django.apps import AppConfig


class InternshipsConfig(AppConfig):
    name = "portico.internships"
    label = "internships"
    verbose_name = "placements"
