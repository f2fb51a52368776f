"""What staff write about days: corrections, entries, terms, visits, the school's expectations."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portico.attendance.models import AttendancePolicy, TimelineEntry
from tenants.errors import Refused


def _date(**options: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


def _time(**options: Any) -> forms.TimeField:
    return forms.TimeField(
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **options
    )


def _words(**options: Any) -> forms.CharField:
    rows = options.pop("rows", 3)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **options)


class AnsweringForm(forms.Form):
    """A form that can say why a rule refused, beside the field at fault."""

    def refuse(self, refusal: Refused) -> None:
        name = refusal.field if refusal.field in self.fields else None
        self.add_error(name, ValidationError(str(refusal.message)))


class CorrectForm(AnsweringForm):
    start = _time(label=_("From"))
    end = _time(label=_("Until"))
    reason = forms.CharField(label=_("Why"), max_length=500, help_text=_("The student reads this."))


class EnterForm(AnsweringForm):
    day = _date(label=_("Day"))
    start = _time(label=_("From"))
    end = _time(label=_("Until"))
    reason = forms.CharField(
        label=_("Where you have it from"),
        max_length=500,
        help_text=_("For example: the paper time sheet. The student reads this."),
    )


class TermsForm(AnsweringForm):
    required_hours = forms.IntegerField(
        label=_("Hours required here"),
        min_value=1,
        max_value=2000,
        required=False,
        help_text=_("Empty: as the school has it."),
    )
    radius_m = forms.IntegerField(
        label=_("Radius of the site in meters"),
        min_value=25,
        max_value=5000,
        required=False,
        help_text=_("For all placements there. Empty: as the school has it."),
    )


class FeedbackForm(AnsweringForm):
    text = _words(label=_("A few words"), max_length=4000)
    staff_only = forms.BooleanField(label=_("Only for the school"), required=False)


class ProgressForm(AnsweringForm):
    goal = forms.IntegerField(widget=forms.HiddenInput)
    progress = forms.TypedChoiceField(
        label=_("How far it has come"),
        coerce=int,
        choices=[
            (0, _("Not begun")),
            (1, _("A quarter")),
            (2, _("Half way")),
            (3, _("Nearly there")),
            (4, _("Reached")),
        ],
    )
    text = forms.CharField(label=_("What shows it"), max_length=400, required=False)


class VisitForm(AnsweringForm):
    kind = forms.ChoiceField(
        label=_("What"),
        choices=[
            (TimelineEntry.Kind.VISIT, _("Site visit")),
            (TimelineEntry.Kind.CALL, _("Call")),
        ],
    )
    day = _date(label=_("When"))
    text = _words(label=_("Notes"), max_length=4000)
    next_step = forms.CharField(label=_("Next step"), max_length=300, required=False)
    next_on = _date(label=_("By when"), required=False)


class ExpectationsForm(AnsweringForm, forms.ModelForm):
    questions = _words(
        label=_("Questions at check-in"),
        required=False,
        help_text=_("One a line, five at most. For example: How are you getting there today?"),
    )

    class Meta:
        model = AttendancePolicy
        fields = ["required_hours", "late_minutes", "grace_minutes", "radius_m"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["questions"] = "\n".join(one["text"] for one in self.instance.questions)

    def clean_questions(self) -> list[str]:
        return str(self.cleaned_data["questions"]).splitlines()

    def _post_clean(self) -> None:
        """The action changes the row, under its lock; the form only reads."""


class HolidayForm(AnsweringForm):
    first = _date(label=_("First day off"))
    last = _date(label=_("Last day off"))
    name = forms.CharField(label=_("Name"), max_length=80)


class EvaluationFormForm(AnsweringForm):
    form_id = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=80)
    questions = _words(
        label=_("Questions"),
        rows=6,
        help_text=_(
            "One a line, beginning with its kind: “scale:” for 1 to 5, “competency:” for not yet "
            "to fully, “text:” for words."
        ),
    )

    def clean_questions(self) -> list[tuple[str, str]]:
        lines = [line for line in self.cleaned_data["questions"].splitlines() if line.strip()]
        asked = []
        for line in lines:
            kind, colon, text = line.partition(":")
            if not colon or kind.strip().lower() not in ("scale", "competency", "text"):
                raise ValidationError(
                    _("Begin each line with scale:, competency: or text:, not like this: %(line)s"),
                    params={"line": line[:80]},
                )
            asked.append((kind.strip().lower(), text))
        return asked
