"""Django's renderer of forms, with a quicker way for lists to choose from.

Django renders a template for each option and another for its attributes: five lists of a page's
filters took longer than all the rest of the page. The result is the same, to the byte.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

SELECT = "django/forms/widgets/select.html"
OPTION = "django/forms/widgets/select_option.html"


class FormRenderer(DjangoTemplates):
    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        if template_name == SELECT and _is_usual(context["widget"]):
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _is_usual(widget: Mapping[str, Any]) -> bool:
    """Whether its options have no template of their own."""
    return all(
        option["template_name"] == OPTION
        for _name, options, _index in widget["optgroups"]
        for option in options
    )


def _select(widget: Mapping[str, Any]) -> SafeString:
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>']
    for name, options, _index in widget["optgroups"]:
        if name:
            parts.append(f'\n  <optgroup label="{conditional_escape(name)}">')
        parts += (
            f'\n  <option value="{conditional_escape(str(option["value"]))}"{_attributes(option)}>'
            f"{conditional_escape(localize(option['label']))}</option>\n"
            for option in options
        )
        if name:
            parts.append("\n  </optgroup>")
    parts.append("\n</select>")
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped above


def _attributes(widget: Mapping[str, Any]) -> str:
    return "".join(_written(widget["attrs"]))


def _written(attributes: Mapping[str, Any]) -> Iterator[str]:
    for name, value in attributes.items():
        if value is True:
            yield f" {conditional_escape(name)}"
        elif value is not False:
            yield f' {conditional_escape(name)}="{conditional_escape(str(value))}"'
