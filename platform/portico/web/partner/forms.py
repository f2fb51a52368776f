"""The form of a posting: the offer, whom it is for, and whom to call."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.fields import Field
from portico.web.offer_fields import OFFER_WIDGETS, OfferFields
from sharing.models import MentorContact, PoolListing
from tenants.models import School

EVERYONE, NAMED = "all", "named"


class PostingForm(OfferFields, forms.ModelForm):
    reach = forms.ChoiceField(
        label=_("Which schools see it"),
        choices=[(EVERYONE, _("All schools of the region")), (NAMED, _("Only these"))],
        widget=forms.RadioSelect,
        initial=EVERYONE,
    )
    schools = forms.MultipleChoiceField(
        label=_("Schools"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Counts only when “Only these” is chosen."),
    )

    class Meta:
        model = PoolListing
        fields = [
            "title", "site_name", "neighborhood", "description", "field", "skills", "slots",
            "days", "start_time", "end_time", "starts_on", "ends_on", "pay", "hourly_rate",
            "pay_note", "grades", "requirements", "remote", "latitude", "longitude",
        ]  # fmt: skip
        widgets = {
            **OFFER_WIDGETS,
            "description": forms.Textarea(attrs={"rows": 6}),
            "latitude": forms.TextInput(attrs={"inputmode": "decimal"}),
            "longitude": forms.TextInput(attrs={"inputmode": "text"}),
        }
        labels = {"latitude": _("Latitude"), "longitude": _("Longitude")}
        help_texts = {
            "title": _("As a student would search for it."),
            "site_name": _("The place of work."),
            "slots": _("How many students at a time, of all schools together."),
            "latitude": _("For distances: 40.8140."),
            "longitude": _("West is negative: -73.9208."),
        }

    def __init__(self, *args: Any, schools: list[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", _("Choose a field")), *Field.choices]  # type: ignore[attr-defined]
        self.fields["schools"].choices = [  # type: ignore[attr-defined]
            (school.schema_name, school.name) for school in schools
        ]
        if self.is_bound:
            return
        self.initial["skills"] = ", ".join(self.instance.skills)
        if self.instance.schools is not None:
            self.initial["reach"], self.initial["schools"] = NAMED, self.instance.schools

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        named = data.get("reach") == NAMED
        if named and not data.get("schools") and "schools" not in self.errors:
            self.add_error("schools", _("Choose at least one school, or all of them."))
        self.instance.schools = sorted(data.get("schools") or []) if named else None
        return data


class ContactForm(forms.ModelForm):
    """Shown to a student, and to their school, only once a slot is theirs."""

    class Meta:
        model = MentorContact
        fields = ["name", "title", "email", "phone", "language", "site_address"]
        widgets = {
            "language": forms.Select(choices=[("en", _("English")), ("es", _("Spanish"))]),
        }
        labels = {"language": _("Writes and speaks")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("email") and not data.get("phone"):
            self.add_error("email", _("Give an e-mail or a phone number."))
        return data
