"""Forms of the people's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.accounts.roles import GIVEN_BY_HAND, Role
from portico.people.queries import teachers, who_may_substitute


class PersonChoice(forms.ModelChoiceField):
    """Somebody of the school, by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Person.objects.none(), **kwargs)


class PersonForm(forms.Form):
    given_name = forms.CharField(label=_("Given name"), max_length=80)
    family_name = forms.CharField(label=_("Family name"), max_length=80)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role.value, role.label) for role in GIVEN_BY_HAND],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A school admin may what a coordinator may, and keeps the school's people."),
    )
    grade = forms.TypedChoiceField(
        label=_("Grade"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "–"), *((n, str(n)) for n in range(6, 13))],
        help_text=_("Of students only, as is the teacher."),
    )
    teacher = PersonChoice(label=_("Teacher"), required=False, empty_label="–")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teacher"].queryset = teachers()  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        """As the actions take it."""
        data = dict(self.cleaned_data)
        teacher = data.pop("teacher")
        return {**data, "teacher_id": teacher.id if teacher else None}


def initial_of(person: Person) -> dict[str, Any]:
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
        "roles": [role for role in person.roles if role in GIVEN_BY_HAND],
        "grade": person.grade,
        "teacher": person.teacher_id,
    }


class ChangeForm(PersonForm):
    """The same of somebody who is here; who came by a roster may have no e-mail."""

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, initial=initial_of(person), **kwargs)
        self.fields["email"].required = bool(person.email)
        if Role.SUBSTITUTE in person.roles:
            # Substitutes need no other role; it ends by its own day.
            self.fields["roles"].required = bool(set(person.roles) & set(GIVEN_BY_HAND))


class SubstituteForm(forms.Form):
    teacher = PersonChoice(label=_("Teacher who is away"), empty_label=_("choose"))
    until = forms.DateField(
        label=_("Until the end of"), widget=forms.DateInput(attrs={"type": "date"})
    )
    person = PersonChoice(
        label=_("Who stands in"), required=False, empty_label=_("somebody new, named below")
    )
    given_name = forms.CharField(label=_("Given name"), max_length=80, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teacher"].queryset = teachers()  # type: ignore[attr-defined]
        self.fields["person"].queryset = who_may_substitute()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("person"):
            for name in ("given_name", "family_name", "email"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose somebody above, or fill this in."))
        return data
