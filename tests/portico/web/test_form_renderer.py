"""Lists to choose from look exactly as Django makes them."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portico.web.form_renderer import FormRenderer

CHOICES: dict[str, list[Any]] = {
    "none": [],
    "plain": [("", "Any"), ("a", "A & B"), (3, 1234567), ("<", mark_safe("<b>bold</b>"))],
    "lazy": [("x", _("Placements"))],
    "groups": [("Fall <1>", [("a", "A"), ("b", "B")]), ("c", "C")],
}
WIDGETS = (forms.Select, forms.SelectMultiple, forms.NullBooleanSelect)


@pytest.mark.parametrize("widget", WIDGETS)
@pytest.mark.parametrize("choices", CHOICES.values(), ids=CHOICES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_same_to_the_byte(
    widget: type[forms.Select], choices: list[Any], language: str
) -> None:
    attributes = {"class": 'a"b', "required": True, "hidden": False, "data-n": 1000, "x": "&"}
    made = widget(attrs=attributes)
    if widget is not forms.NullBooleanSelect:
        made.choices = choices
    value = ["a", 3] if widget is forms.SelectMultiple else "a"
    with override(language):
        ours = made.render("a<b", value, attrs={"id": "id_a"}, renderer=FormRenderer())
        theirs = made.render("a<b", value, attrs={"id": "id_a"}, renderer=DjangoTemplates())
    assert ours == theirs


def test_options_with_a_template_of_their_own_keep_it() -> None:
    class Odd(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    html = Odd(choices=[("a", "A")]).render("odd", "a", renderer=FormRenderer())
    assert 'type="select"' in html
