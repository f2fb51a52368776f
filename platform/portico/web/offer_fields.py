"""Fields of an offer that a form shows otherwise than the model would: lists, days, times."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.offers import GRADES, Weekday

MOST_SKILLS = 20
LONGEST_SKILL = 40

OFFER_WIDGETS = {
    "start_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    "end_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    "hourly_rate": forms.NumberInput(attrs={"step": "0.25", "inputmode": "decimal"}),
}


class OfferFields(forms.Form):
    """Mixed into a model form of an offer."""

    skills = forms.CharField(
        label=_("Skills"),
        required=False,
        max_length=600,
        help_text=_("Separate them with commas: Excel, patience, Spanish."),
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        coerce=int,
        required=False,
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    grades = forms.TypedMultipleChoiceField(
        label=_("Grades"),
        coerce=int,
        required=False,
        choices=GRADES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every grade."),
    )

    def clean_skills(self) -> list[str]:
        parts = (" ".join(part.split()) for part in self.cleaned_data["skills"].split(","))
        skills = list(dict.fromkeys(part for part in parts if part))
        if len(skills) > MOST_SKILLS:
            raise forms.ValidationError(_("Twenty skills are enough."))
        for skill in skills:
            if len(skill) > LONGEST_SKILL:
                raise forms.ValidationError(
                    _("“%(skill)s…” is too long for a skill; 40 letters at most."),
                    params={"skill": skill[:30]},
                )
        return skills
