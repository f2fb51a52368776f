"""The form of an opportunity, with a new mentor in the same go."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.actions import save_mentor, save_opportunity
from catalog.fields import Field
from catalog.models import Mentor, Opportunity, Site
from catalog.queries import active_mentors
from portico.accounts.models import Person
from portico.web.offer_fields import OFFER_WIDGETS, OfferFields


class OpportunityForm(OfferFields, forms.ModelForm):
    """Fields in the order a coordinator thinks of them: where, what, when, for whom."""

    new_mentor_name = forms.CharField(label=_("Name"), required=False, max_length=120)
    new_mentor_title = forms.CharField(label=_("Title"), required=False, max_length=120)
    new_mentor_email = forms.EmailField(label=_("E-mail"), required=False)
    new_mentor_phone = forms.CharField(label=_("Phone"), required=False, max_length=30)

    class Meta:
        model = Opportunity
        fields = [
            "site",
            "mentor",
            "title",
            "description",
            "field",
            "skills",
            "capacity",
            "days",
            "start_time",
            "end_time",
            "starts_on",
            "ends_on",
            "term",
            "pay",
            "hourly_rate",
            "pay_note",
            "grades",
            "requirements",
            "remote",
        ]
        widgets = OFFER_WIDGETS
        labels = {"site": _("Site"), "mentor": _("Mentor"), "term": _("Term")}
        help_texts = {
            "title": _("As a student would search for it."),
            "mentor": _("Shown to a student only after approval."),
            "capacity": _("How many students at a time, released slots included."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial["skills"] = ", ".join(self.instance.skills)
        self.fields["site"].queryset = Site.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["site"].empty_label = _("Choose a site")  # type: ignore[attr-defined]
        self.fields["field"].choices = [("", _("Choose a field")), *Field.choices]  # type: ignore[attr-defined]
        self._offer_mentors()
        if not self.fields["term"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["term"]
        else:
            self.fields["term"].empty_label = _("No term")  # type: ignore[attr-defined]

    def _offer_mentors(self) -> None:
        """Mentors under their site's name; a script shows those of the chosen site alone."""
        field = self.fields["mentor"]
        mentors = list(active_mentors())
        field.queryset = active_mentors()  # type: ignore[attr-defined]
        groups: dict[str, list[tuple[str, str]]] = {}
        for mentor in mentors:
            label = f"{mentor.name}, {mentor.title}" if mentor.title else mentor.name
            groups.setdefault(mentor.site.name, []).append((str(mentor.id), label))
        field.choices = [("", _("Nobody yet")), *groups.items()]  # type: ignore[attr-defined]
        field.widget.attrs["data-narrowed-by"] = self["site"].auto_id

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        site, mentor = data.get("site"), data.get("mentor")
        if mentor and site and mentor.site_id != site.id:
            self.add_error("mentor", _("This mentor works at another site."))
        others = ("new_mentor_title", "new_mentor_email", "new_mentor_phone")
        if not data.get("new_mentor_name") and any(data.get(name) for name in others):
            self.add_error("new_mentor_name", _("Give the new mentor's name."))
        return data

    @property
    def has_new_mentor(self) -> bool:
        """True when the part for a new mentor should stand open."""
        return any(self[name].value() or self[name].errors for name in self.new_mentor_fields)

    @property
    def new_mentor_fields(self) -> list[str]:
        return [name for name in self.fields if name.startswith("new_mentor_")]

    def save_as(self, actor: Person) -> Opportunity:
        """Save the opportunity, and first its new mentor if there is one."""
        opportunity = self.save(commit=False)
        data = self.cleaned_data
        if data.get("new_mentor_name"):
            opportunity.mentor = save_mentor(
                actor=actor,
                mentor=Mentor(
                    site=opportunity.site,
                    name=data["new_mentor_name"],
                    title=data["new_mentor_title"],
                    email=data["new_mentor_email"],
                    phone=data["new_mentor_phone"],
                ),
            )
        return save_opportunity(actor=actor, opportunity=opportunity)
