"""Forms of the district's pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalog.fields import Field
from sharing.models import OriginKind, Partner, PoolListing
from sharing.school_requests import check_facts
from tenants.models import School

COORDINATOR = ("coordinator_given_name", "coordinator_family_name", "coordinator_email")


class SchoolForm(forms.Form):
    """A new school. What the registry's own rules say is checked before anything is filed."""

    name = forms.CharField(label=_("Name"), max_length=160)
    code = forms.CharField(
        label=_("Code"),
        max_length=28,
        help_text=_("Part of the school's address, for good: letters, digits, hyphens."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    short_name = forms.CharField(
        label=_("Short name"),
        max_length=12,
        required=False,
        help_text=_("A few letters for the logo: Met."),
    )
    external_id = forms.CharField(label=_("State or district id"), max_length=40, required=False)
    color = forms.CharField(
        label=_("Color"),
        initial="#0f5c56",
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    zip_code = forms.CharField(label=_("ZIP code"), max_length=10, required=False)
    latitude = forms.FloatField(
        label=_("Latitude"),
        required=False,
        help_text=_("For distances: 40.8140."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    longitude = forms.FloatField(
        label=_("Longitude"),
        required=False,
        help_text=_("West is negative: -73.9208."),
        widget=forms.TextInput(attrs={"inputmode": "text"}),
    )
    grade_min = forms.IntegerField(
        label=_("Lowest grade"), required=False, min_value=0, max_value=13
    )
    grade_max = forms.IntegerField(
        label=_("Highest grade"), required=False, min_value=0, max_value=13
    )
    student_count = forms.IntegerField(label=_("Students"), required=False, min_value=0)
    coordinator_given_name = forms.CharField(label=_("Given name"), max_length=80)
    coordinator_family_name = forms.CharField(label=_("Family name"), max_length=80)
    coordinator_email = forms.EmailField(
        label=_("E-mail"), help_text=_("The invitation goes here.")
    )

    def __init__(self, *args: Any, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region

    def clean_code(self) -> str:
        return self.cleaned_data["code"].strip().lower()

    def clean_color(self) -> str:
        return self.cleaned_data["color"].strip().lower()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        facts = {name: value for name, value in data.items() if name not in COORDINATOR}
        try:
            check_facts(region=self.region, facts=facts)
        except ValidationError as error:
            for name, said in error.message_dict.items():
                self.add_error(name, said)
        return data

    def show_errors_of_worker(self, errors: dict[str, list[str]]) -> None:
        """Put what the worker refused at the fields at fault, as if this form had."""
        for name, said in errors.items():
            self.add_error(name if name in self.fields else None, said)


class PartnerForm(forms.ModelForm):
    website = forms.URLField(
        label=_("Web site"), required=False, max_length=200, assume_scheme="https"
    )

    class Meta:
        model = Partner
        fields = ["name", "about", "website"]
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"name": _("Students read it on each posting: “Partner: …”.")}


class StaffForm(forms.Form):
    """Somebody of a partner who is to post."""

    given_name = forms.CharField(label=_("Given name"), max_length=80)
    family_name = forms.CharField(label=_("Family name"), max_length=80)
    email = forms.EmailField(label=_("E-mail"))


class PoolFilter(forms.Form):
    """What narrows the table of the pool. Every part is optional."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    field = forms.ChoiceField(
        label=_("Field"), required=False, choices=[("", _("any")), *Field.choices]
    )
    origin = forms.ChoiceField(label=_("Offered by"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("any")), *PoolListing.State.choices]
    )

    def __init__(self, *args: Any, schools: list[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["origin"].choices = [  # type: ignore[attr-defined]
            ("", _("anybody")),
            (OriginKind.SCHOOL, _("all schools")),
            (OriginKind.PARTNER, _("all partners")),
            *((school.schema_name, school.name) for school in schools),
        ]

    def wanted(self) -> dict[str, str]:
        """The parameters of reports.region.find_in_pool; wrong ones are left out."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "words": data.get("q", ""),
            "field": data.get("field", ""),
            "origin": data.get("origin", ""),
            "state": data.get("state", ""),
        }
