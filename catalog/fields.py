"""The fields: the 14 clusters of the National Career Clusters Framework (2024).

Source: Advance CTE, National Career Clusters Framework, 2024. Codes are ours.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Field(models.TextChoices):
    MANUFACTURING = "manufacturing", _("Advanced Manufacturing")
    AGRICULTURE = "agriculture", _("Agriculture")
    ARTS = "arts", _("Arts, Entertainment & Design")
    CONSTRUCTION = "construction", _("Construction")
    DIGITAL = "digital", _("Digital Technology")
    EDUCATION = "education", _("Education")
    ENERGY = "energy", _("Energy & Natural Resources")
    FINANCE = "finance", _("Financial Services")
    HEALTH = "health", _("Healthcare & Human Services")
    HOSPITALITY = "hospitality", _("Hospitality, Events & Tourism")
    MANAGEMENT = "management", _("Management & Entrepreneurship")
    MARKETING = "marketing", _("Marketing & Sales")
    PUBLIC_SERVICE = "public_service", _("Public Service & Safety")
    SUPPLY_CHAIN = "supply_chain", _("Supply Chain & Transportation")
