"""The board's sections: the school at a glance, one page each."""

from django.urls import reverse
from django.utils.translation import gettext as _


def sections() -> list[dict[str, str]]:
    """Tabs for cotton/tabs.html; a page names its own key as `section`."""
    labels = {
        "board": _("Work"),
        "term": _("Term"),
        "fairness": _("Fairness"),
        "demand": _("Wishes"),
        "asset-map": _("Map"),
    }
    return [{"key": key, "label": label, "url": reverse(key)} for key, label in labels.items()]
