"""Forms of the coordinator's pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.fields import Field
from catalog.models import Opportunity
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.internships.states import State


class AnswerForm(forms.Form):
    """The no to another school's question."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The other school's coordinator and student read this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, they will read it.")},
    )


class PlacementFilter(forms.Form):
    """What narrows the table of placements. Every part is optional."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("any")), *State.choices]
    )
    teacher = forms.ModelChoiceField(
        label=_("Teacher"), required=False, queryset=Person.objects.none(), empty_label=_("any")
    )
    grade = forms.TypedChoiceField(
        label=_("Grade"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("any")), *((str(n), str(n)) for n in range(6, 13))],
    )
    field = forms.ChoiceField(
        label=_("Field"), required=False, choices=[("", _("any")), *Field.choices]
    )
    origin = forms.ChoiceField(
        label=_("Offered by"),
        required=False,
        choices=[
            ("", _("any")),
            ("own", _("Your school")),
            ("school", _("Another school")),
            ("partner", _("A partner")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teachers = Person.objects.filter(roles__contains=[Role.TEACHER])
        self.fields["teacher"].queryset = teachers  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """The parameters of internships.queue.find_placements; wrong ones are left out."""
        self.is_valid()
        data = self.cleaned_data
        teacher = data.get("teacher")
        return {
            "words": data.get("q", ""),
            "state": data.get("state", ""),
            "teacher_id": teacher.id if teacher else None,
            "grade": data.get("grade"),
            "field": data.get("field", ""),
            "origin": data.get("origin", ""),
        }


class OpportunityFilter(forms.Form):
    q = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(required=False, choices=[("", ""), *Opportunity.State.choices])


def local_moment(**attributes: Any) -> forms.DateTimeInput:
    """A control for a date and time in the school's zone (the active one)."""
    return forms.DateTimeInput(
        attrs={"type": "datetime-local", **attributes}, format="%Y-%m-%dT%H:%M"
    )


class TermsForm(forms.Form):
    """On which terms slots go into the pool."""

    visible_from = forms.DateTimeField(
        label=_("Our students first until"),
        required=False,
        help_text=_("Other schools see it from then on. Leave empty to show it now."),
        widget=local_moment(),
    )
    ask_owner = forms.BooleanField(
        label=_("Ask us before another school's student is approved"), required=False
    )


class ReleaseForm(TermsForm):
    slots = forms.IntegerField(label=_("Slots to release"), min_value=1, max_value=500)

    field_order = ["slots", "visible_from", "ask_owner"]


class SettingsForm(forms.Form):
    """What a school sets for itself."""

    pursuit_days = forms.IntegerField(
        label=_("Days to pursue"),
        min_value=1,
        max_value=90,
        help_text=_("How long a slot is kept for a student after approval."),
    )
    short_name = forms.CharField(
        label=_("Short name"),
        max_length=12,
        required=False,
        help_text=_("The first three letters stand on the badge at the top."),
    )
    color = forms.RegexField(
        label=_("Color"),
        regex=r"^#[0-9a-fA-F]{6}$",
        help_text=_("Shades are darkened where text would be hard to read."),
        widget=forms.TextInput(attrs={"type": "color"}),
        error_messages={"invalid": _("Choose a color.")},
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("For letters to mentors and people who have not chosen one."),
    )
