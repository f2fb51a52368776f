"""What is typed about documents: a signature, a file, a check, a requirement, a guardian."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.fields import Field
from portico.documents.actions import Signature
from portico.documents.links import hash_of
from portico.documents.models import Requirement, StudentRecord
from tenants.errors import Refused

ACCEPT = "application/pdf,image/jpeg,image/png,image/heic,image/heif"


class AnsweringForm(forms.Form):
    """A form that can say why a rule refused, beside the field at fault."""

    def refuse(self, refusal: Refused) -> None:
        name = refusal.field if refusal.field in self.fields else None
        self.add_error(name, ValidationError(str(refusal.message)))


class SignForm(AnsweringForm):
    """A typed name under a text. The text's hash and language travel along."""

    name = forms.CharField(
        label=_("Your full name"),
        max_length=160,
        help_text=_("Typing it here signs the text above."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your full name.")},
    )
    agrees = forms.BooleanField(
        label=_("I have read the text and agree."),
        error_messages={"required": _("Say that you have read it and agree.")},
    )
    text_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    language = forms.CharField(widget=forms.HiddenInput, max_length=7)

    @classmethod
    def fresh(cls, *, prefix: str, text: str, language: str, name: str) -> "SignForm":
        """The form under *text* as it is shown now."""
        initial = {"name": name, "text_hash": hash_of(text), "language": language}
        return cls(prefix=prefix, initial=initial)

    def signature(self) -> Signature:
        data = self.cleaned_data
        return Signature(
            name=data["name"],
            text_hash=data["text_hash"],
            language=data["language"],
            agrees=data["agrees"],
        )


class UploadForm(AnsweringForm):
    file = forms.FileField(
        label=_("File or photo"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
        },
    )
    name = forms.CharField(
        label=_("Your full name"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your full name.")},
    )

    def __init__(self, *args: Any, is_staff: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = settings.DOCUMENT_MAX_BYTES // 1_000_000
        self.fields["file"].help_text = _(
            "A PDF or a photo, %(most)s MB at most. Every page must be readable."
        ) % {"most": most}
        if is_staff:
            self.fields["name"].label = _("Who signed or gave it")
            del self.fields["name"].widget.attrs["autocomplete"]


class CheckForm(AnsweringForm):
    valid_until = forms.DateField(
        label=_("Good until"),
        required=False,
        help_text=_("The day printed on it. Leave empty for what the requirement says."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class SendBackForm(AnsweringForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Whoever gave it reads this, and the student."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give a reason; it will be read.")},
    )


class GuardianForm(AnsweringForm):
    name = forms.CharField(
        label=_("Guardian's full name"),
        max_length=120,
        error_messages={"required": _("Write the guardian's full name.")},
    )
    email = forms.EmailField(
        label=_("Guardian's e-mail"), help_text=_("We write there about this school's forms only.")
    )
    language = forms.ChoiceField(label=_("Guardian's language"), choices=settings.LANGUAGES)


class FactsForm(AnsweringForm):
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        help_text=_("For forms and rules that depend on age. Leave empty if unknown."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_concentrator = forms.BooleanField(
        label=_("CTE concentrator (two courses in one program)"), required=False
    )

    @staticmethod
    def initial_of(record: StudentRecord | None) -> dict[str, Any]:
        if record is None:
            return {}
        return {"birth_date": record.birth_date, "is_concentrator": record.is_concentrator}


class RequirementForm(forms.ModelForm):
    """A requirement, with its words in English and in the other languages of the portal."""

    only_fields = forms.MultipleChoiceField(
        label=_("Only in these fields"),
        help_text=_("None chosen: in every field."),
        choices=Field.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    title_es = forms.CharField(label=_("Title in Spanish"), max_length=120, required=False)
    text_es = forms.CharField(
        label=_("Text in Spanish"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    sign_anew = forms.BooleanField(
        label=_("What was given before counts no more: ask everybody again"), required=False
    )

    class Meta:
        model = Requirement
        fields = [
            "kind",
            "title",
            "giver",
            "way",
            "text",
            "covers",
            "applies_to",
            "only_fields",
            "needs_check",
            "valid_months",
        ]
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}
        labels = {"valid_months": pgettext_lazy("how long a document counts", "Good for (months)")}
        help_texts = {
            "text": _("What is read and signed; for a file: what to bring."),
            "valid_months": _("Leave empty if it does not expire."),
            "needs_check": _("Files from a student on a guardian's behalf always wait for it."),
        }

    field_order = [
        "kind", "title", "giver", "way", "text", "title_es", "text_es", "covers", "applies_to",
        "only_fields", "needs_check", "valid_months", "sign_anew",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spanish = self.instance.translations.get("es", {})
        self.initial["title_es"] = spanish.get("title", "")
        self.initial["text_es"] = spanish.get("text", "")
        if self.instance._state.adding:
            del self.fields["sign_anew"]

    def requirement(self) -> Requirement:
        """The instance with what the valid form says."""
        data = self.cleaned_data
        spanish = {"title": data["title_es"].strip(), "text": data["text_es"].strip()}
        self.instance.translations = {"es": spanish} if any(spanish.values()) else {}
        return self.instance
