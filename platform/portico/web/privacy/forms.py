"""Which part of the log is shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class LogForm(forms.Form):
    """Days in the school's zone, both included; none is all."""

    student = forms.UUIDField(required=False, widget=forms.HiddenInput)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def asked(self) -> dict[str, Any]:
        """What is right of what was asked."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in ("student", "since", "until")}
