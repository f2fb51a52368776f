"""A form, and the action that may still say no."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import HttpRequest, QueryDict

from tenants.errors import Refused


def posted(request: HttpRequest) -> QueryDict | None:
    """What binds a form: the input of a POST, even an empty one, else nothing."""
    return request.POST if request.method == "POST" else None


def saved(form: forms.BaseForm, act: Callable[[], Any]) -> bool:
    """Do *act* for a valid *form*; what it refuses becomes an error at the field at fault.

    False leaves the form with its input and its errors, and nothing written.
    """
    try:
        with transaction.atomic():
            act()
    except Refused as refusal:
        if refusal.code in ("forbidden", "not_found"):
            raise
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, str(refusal.message))
    except ValidationError as error:
        for field, messages in _by_field(error).items():
            form.add_error(field if field in form.fields else None, messages)
    return not form.errors


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return error.message_dict
    return {NON_FIELD_ERRORS: error.messages}
