"""The form of a subscription: the same to make one and to change it."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portico.webhooks.events import SCHOOL, events_for

LABEL = '<span>{}<br><code class="small break-all">{}</code></span>'


class SubscriptionForm(forms.Form):
    name = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("So that others know what breaks without it: Bus planning."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Where we send: https://example.org/portico"),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    events = forms.MultipleChoiceField(label=_("Tell it when"), widget=forms.CheckboxSelectMultiple)
    names_students = forms.BooleanField(
        label=_("With students' names"),
        required=False,
        help_text=_(
            "Without it the other system gets ids that mean nothing elsewhere. Switch it on "
            "only for a system that may have your students' names; history says who did."
        ),
    )

    def __init__(self, *args: Any, tenant_kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["events"].choices = [  # type: ignore[attr-defined]
            (event.kind, format_html(LABEL, event.label, event.kind))
            for event in events_for(tenant_kind)
        ]
        if tenant_kind != SCHOOL:
            del self.fields["names_students"]
