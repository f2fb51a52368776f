"""Which part of the log is shown; how long what is kept."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portico.privacy.periods import bounds_of, periods
from portico.privacy.retention import KINDS


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


class PeriodsForm(forms.Form):
    """Days by kind of data. A kind that is kept for ever may be left empty, and stays so."""

    # the days whose preview was looked at: others are shown again before they count
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stand = periods()
        for kind in KINDS:
            bounds = bounds_of(kind.key)
            words = vars(bounds) | {"usual": settings.RETENTION_DAYS[kind.key]}
            hint = _("From %(fewest)d to %(most)d days; usually %(usual)d.")
            if not words["usual"]:
                hint = _("From %(fewest)d to %(most)d days; usually for ever.")
            self.fields[kind.key] = forms.IntegerField(
                label=str(kind.label),
                help_text=hint % words,
                initial=stand.get(kind.key),
                min_value=bounds.fewest,
                max_value=bounds.most,
                required=kind.key in stand,
            )

    @property
    def kinds(self) -> list[forms.BoundField]:
        """The fields a person fills in."""
        return [self[kind.key] for kind in KINDS]

    def days(self) -> dict[str, int]:
        """What was typed, by kind."""
        return {key: days for key, days in self.cleaned_data.items() if isinstance(days, int)}

    def was_seen(self) -> bool:
        return self.cleaned_data["seen"] == self.mark()

    def mark(self) -> str:
        """These days as one word."""
        return ",".join(f"{kind}={days}" for kind, days in sorted(self.days().items()))
