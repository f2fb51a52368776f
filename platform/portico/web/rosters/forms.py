"""Forms of the roster's pages."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portico.accounts.roles import Role
from portico.rosters.jobs import OPEN
from portico.rosters.sheets import COLUMNS
from portico.rosters.uploads import MOST_BYTES
from tenants.models import School

ZIP = (".zip",)
LISTS = (".csv", ".xlsx", ".xlsm")
LABELS = {
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "name": _("Full name"),
    "email": _("E-mail"),
    "id": _("Id"),
    "role": _("Role"),
    "grade": _("Grade"),
    "concentrator": _("CTE concentrator"),
    "teacher": _("Teacher"),
}
HINTS = {
    "name": _("Where given and family name share a column."),
    "id": _("What your own system calls them. With it people are found again after a new name."),
    "teacher": _("A teacher's e-mail, id or full name."),
}


class UploadForm(forms.Form):
    """A file, and what to make of a school's office."""

    file = forms.FileField(label=_("File"), allow_empty_file=False)
    coordinators = forms.BooleanField(
        label=_("A school's administrators become coordinators here"), required=False
    )

    def __init__(self, *args: Any, lists: bool, **kwargs: Any) -> None:
        """*lists*: spreadsheets are taken too."""
        super().__init__(*args, **kwargs)
        self.taken = (*ZIP, *LISTS) if lists else ZIP
        self.fields["file"].widget.attrs["accept"] = ",".join(self.taken)
        self.fields["file"].help_text = (
            _("A OneRoster zip, or a list as CSV or Excel file.")
            if lists
            else _("The zip that your system exports as OneRoster 1.1 or 1.2.")
        )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if Path(file.name or "").suffix.lower() not in self.taken:
            raise ValidationError(
                _("This kind of file is not read here. Read are: %(kinds)s"),
                params={"kinds": " ".join(self.taken)},
            )
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("The file is larger than 500 MB."))
        return file


class ColumnsForm(forms.Form):
    """Which column of the list is which, and what holds for all of its lines."""

    def __init__(
        self, *args: Any, headers: list[str], proposed: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        once = dict.fromkeys(header for header in headers if headers.count(header) == 1)
        choices = [("", _("not in the list")), *((header, header) for header in once)]
        for column in COLUMNS:
            self.fields[column.name] = forms.ChoiceField(
                label=LABELS[column.name],
                help_text=HINTS.get(column.name, ""),
                choices=choices,
                required=False,
                initial=proposed.get(column.name, ""),
            )
        self.fields["everybody"] = forms.ChoiceField(
            label=_("Everybody in the list is"),
            help_text=_("Where no column says the role."),
            choices=[
                ("", _("what the role's column says")),
                (Role.STUDENT, Role.STUDENT.label),
                (Role.TEACHER, Role.TEACHER.label),
            ],
            required=False,
        )
        self.fields["complete"] = forms.BooleanField(
            label=_("The list is complete: who is not in it has left the school"), required=False
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("name") and not (found.get("given_name") and found.get("family_name")):
            self.add_error("name", _("Choose this one, or given and family name."))
        if not found.get("id") and not found.get("email"):
            self.add_error("email", _("Choose this one or the id: people are known by it."))
        if not found.get("role") and not found.get("everybody"):
            self.add_error("everybody", _("Choose one, or the role's column."))
        return found

    @property
    def chosen(self) -> dict[str, str]:
        """Ours to theirs."""
        return {
            column.name: self.cleaned_data[column.name]
            for column in COLUMNS
            if self.cleaned_data[column.name]
        }


class MatchForm(forms.Form):
    """For each school of the roster that is not known: which one here it is."""

    def __init__(
        self, *args: Any, unknown: list[dict[str, str]], schools: list[School], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.orgs = unknown
        known = [(school.code, school.name) for school in schools]
        for at, org in enumerate(unknown):
            number = f" ({org['number']})" if org["number"] else ""
            self.fields[f"org-{at}"] = forms.ChoiceField(
                label=f"{org['name']}{number}",
                choices=[("", _("leave out")), (OPEN, _("make a new school")), *known],
                required=False,
            )

    @property
    def chosen(self) -> dict[str, str]:
        """The roster's ids to codes, or to the wish for a new school."""
        answers = {org["id"]: self.cleaned_data[f"org-{at}"] for at, org in enumerate(self.orgs)}
        return {org: answer for org, answer in answers.items() if answer}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        codes = [code for code in found.values() if code and code != OPEN]
        for name, code in list(found.items()):
            if codes.count(code) > 1:
                self.add_error(name, _("Chosen for two."))
        return found


class OwnOrgForm(forms.Form):
    """Which of the roster's schools is this one."""

    org = forms.ChoiceField(label=_("In the file this school is"))

    def __init__(self, *args: Any, unknown: list[dict[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["org"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (org["id"], f"{org['name']} ({org['number'] or org['id']})") for org in unknown
        ]
