"""Forms of sites, mentors and suggestions."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import Mentor, Site


class SiteForm(forms.ModelForm):
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        model = Site
        fields = [
            "name",
            "sector",
            "address",
            "neighborhood",
            "city",
            "zip_code",
            "latitude",
            "longitude",
            "website",
            "notes",
        ]
        widgets = {
            "latitude": forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            "longitude": forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "sector": _("For example: clinic, garden, city office."),
            "latitude": _("For the map and the distance from school, like 40.8240."),
            "longitude": _("Like -73.9210; west of Greenwich is negative."),
            "notes": _("Students never see this."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            missing = "latitude" if data.get("latitude") is None else "longitude"
            if missing not in self.errors:
                self.add_error(missing, _("A position needs both numbers."))
        return data


class MentorForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Letters to the mentor are in this language."),
    )
    is_active = forms.BooleanField(label=_("Takes students"), required=False, initial=True)

    class Meta:
        model = Mentor
        fields = ["name", "title", "email", "phone", "language", "is_active"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("email") and not data.get("phone"):
            self.add_error("email", _("Give an e-mail or a phone number, students need one."))
        return data


class AnswerForm(forms.Form):
    """What the student who suggested a site reads."""

    answer = forms.CharField(
        label=pgettext_lazy("noun", "Answer"),
        max_length=500,
        help_text=_("The student reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, the student will read it.")},
    )

    def __init__(self, *args: Any, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if optional:
            self.fields["answer"].required = False
