"""What students write: why this one, when they start, what they wish for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalog.fields import Field
from catalog.models import Suggestion
from catalog.offers import Weekday
from portico.internships.actions import StartRequest
from portico.internships.actions.starting import MOST_GOALS
from portico.internships.models import Placement
from portico.minors.schedule import Schedule
from tenants.errors import Refused

GOALS_SHOWN = 3  # the rest waits behind "More goals"


class RequestForm(forms.Form):
    """Why this one; a student may leave it empty."""

    message = forms.CharField(
        label=_("Why this one?"),
        help_text=_("A sentence or two helps your coordinator to decide."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class StartForm(forms.Form):
    """Dates, days, times and goals of a start."""

    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day of the week.")},
    )
    start_time = forms.TimeField(
        label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    end_time = forms.TimeField(
        label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_GOALS + 1):
            self.fields[f"goal_{number}"] = forms.CharField(
                label=_("Goal %(number)d") % {"number": number},
                max_length=300,
                required=number == 1,
                error_messages={"required": _("Write at least one goal.")},
            )

    def first_goals(self) -> list[forms.BoundField]:
        return [self[f"goal_{number}"] for number in range(1, GOALS_SHOWN + 1)]

    def more_goals(self) -> list[forms.BoundField]:
        return [self[f"goal_{number}"] for number in range(GOALS_SHOWN + 1, MOST_GOALS + 1)]

    def more_goals_open(self) -> bool:
        """True when something is written behind "More goals"."""
        return any(field.value() for field in self.more_goals())

    def schedule(self) -> Schedule | None:
        """What stands in the form: typed in, or proposed; None while it is not whole."""
        values = self.cleaned_data if self.is_bound and not self.errors else self.initial
        names = ("starts_on", "ends_on", "days", "start_time", "end_time")
        if not all(values.get(name) for name in names):
            return None
        return Schedule(**{name: values[name] for name in names})

    def start_request(self) -> StartRequest:
        """What the valid form proposes."""
        data = self.cleaned_data
        goals = [data[f"goal_{number}"] for number in range(1, MOST_GOALS + 1)]
        return StartRequest(
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            days=data["days"],
            start_time=data["start_time"],
            end_time=data["end_time"],
            goals=goals,
        )

    def clean(self) -> dict[str, Any]:
        """Ask the rule itself, so that its answer stands beside its field."""
        if not self.errors:
            try:
                self.start_request().checked()
            except Refused as refusal:
                self.refuse(refusal)
        return self.cleaned_data

    def refuse(self, refusal: Refused) -> None:
        """Put *refusal* beside the field at fault, or above the form."""
        name = "goal_1" if refusal.field == "goals" else refusal.field
        self.add_error(name if name in self.fields else None, ValidationError(str(refusal.message)))


def proposed_start(placement: Placement, offer: Any) -> dict[str, Any]:
    """First values of the form: what was asked before, else what the *offer* says."""
    source = placement if placement.start_requested_at else offer
    if source is None:
        return {}
    names = ("starts_on", "ends_on", "days", "start_time", "end_time")
    values = {name: getattr(source, name) for name in names}
    for number, goal in enumerate(placement.goals, start=1):
        values[f"goal_{number}"] = goal
    return values


class WithdrawForm(forms.Form):
    """Why a student steps back; staff read it."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WishForm(forms.Form):
    """A field, a job, or a job in a field."""

    job = forms.CharField(
        label=_("A job you would like"),
        help_text=_("For example: vet, sound engineer, nurse."),
        max_length=80,
        required=False,
    )
    field = forms.ChoiceField(
        label=_("Or a whole field"),
        choices=[("", _("Any field")), *Field.choices],
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        if not self.errors and not any(self.cleaned_data.values()):
            self.add_error("job", _("Write a job or choose a field."))
        return self.cleaned_data


class SuggestionForm(forms.ModelForm):
    """A place the school does not offer yet."""

    class Meta:
        model = Suggestion
        fields = ["site_name", "reason", "address", "contact", "field"]
        labels = {
            "site_name": _("Which place?"),
            "reason": _("What would you like to do there?"),
            "address": _("Where is it?"),
            "contact": _("Do you know somebody there?"),
            "field": _("Field"),
        }
        help_texts = {
            "address": _("A street or a neighborhood is enough."),
            "contact": _("A name, and how to reach them."),
        }
        widgets = {"reason": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", _("I am not sure")), *Field.choices]  # type: ignore[attr-defined]
