"""What staff may do with a placement, for coordinators and teachers alike.

ACTS names what the states' table allows them, with the words of the button, the form
of the question and the action behind it. Both roles' pages are made from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.queries import contact_of, days_left_in_words, tracker
from portico.internships.rules import may_act, may_see, require_act
from portico.internships.states import State
from portico.web.access import PortalRequest, attempt, back
from portico.web.documents.words import card_of
from portico.web.history import history_in_words
from portico.web.minors import minors_of
from portico.web.saving import posted

MOST_DAYS = 60
SCHEDULED = (State.START_REQUESTED, State.ACTIVE)  # their hours can be compared with rules


class NothingToSay(forms.Form):
    """A question that needs only a yes."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("The student reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give a reason; it will be read.")},
    )


class DespiteForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it may start without"),
        max_length=500,
        help_text=_("It stays in the history, with what was missing."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give a reason; it will be read.")},
    )


class OptionalReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("A word for the student"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DaysForm(forms.Form):
    days = forms.IntegerField(label=_("Days more"), min_value=1, max_value=MOST_DAYS, initial=7)


@dataclass(frozen=True)
class Act:
    """One thing staff may do. `asks`: it needs an answer first; else one click does it.

    `edge` names the edge of the states' table where it is not the key.
    """

    key: str
    label: str | Promise
    question: str | Promise
    done: str | Promise
    do: Callable[[Placement, Person, dict[str, Any]], Any]
    form: type[forms.Form] = NothingToSay
    tone: str = "primary"
    edge: str = ""

    @property
    def action(self) -> str:
        return self.edge or self.key

    @property
    def asks(self) -> bool:
        return self.form is not NothingToSay


ACTS: dict[str, Act] = {
    act.key: act
    for act in (
        Act(
            "approve",
            _("Approve"),
            _("Approve this request?"),
            _("Approved: %(student)s, %(title)s."),
            lambda one, who, _data: actions.approve_request(placement_id=one.id, actor=who),
        ),
        Act(
            "decline",
            _("Decline"),
            _("Decline this request?"),
            _("Declined: %(student)s, %(title)s."),
            lambda one, who, data: actions.decline_request(
                placement_id=one.id, actor=who, reason=data["reason"]
            ),
            ReasonForm,
            "danger",
        ),
        Act(
            "extend",
            _("Give more time"),
            _("How much more time?"),
            _("%(student)s has more time for %(title)s."),
            lambda one, who, data: actions.extend_pursuit(
                placement_id=one.id, actor=who, days=data["days"]
            ),
            DaysForm,
        ),
        Act(
            "approve_start",
            _("Approve the start"),
            _("Approve this start?"),
            _("%(student)s may start: %(title)s."),
            lambda one, who, _data: actions.approve_start(placement_id=one.id, actor=who),
        ),
        Act(
            "start_anyway",
            _("Let it start anyway"),
            _("Let it start with something missing?"),
            _("%(student)s may start: %(title)s."),
            lambda one, who, data: actions.approve_start(
                placement_id=one.id, actor=who, despite=data["reason"]
            ),
            DespiteForm,
            "danger",
            edge="approve_start",
        ),
        Act(
            "decline_start",
            _("Not yet"),
            _("Decline this start?"),
            _("Not yet: %(student)s, %(title)s."),
            lambda one, who, data: actions.decline_start(
                placement_id=one.id, actor=who, reason=data["reason"]
            ),
            ReasonForm,
            "danger",
        ),
        Act(
            "complete",
            _("Completed"),
            _("Has the internship been completed?"),
            _("Completed: %(student)s, %(title)s."),
            lambda one, who, data: actions.end_placement(
                placement_id=one.id, actor=who, completed=True, reason=data["reason"]
            ),
            OptionalReasonForm,
        ),
        Act(
            "end_early",
            _("End early"),
            _("End this internship early?"),
            _("Ended early: %(student)s, %(title)s."),
            lambda one, who, data: actions.end_placement(
                placement_id=one.id, actor=who, completed=False, reason=data["reason"]
            ),
            ReasonForm,
            "danger",
        ),
    )
}


def acts_for(person: Person, placement: Placement, *, is_missing: bool) -> list[Act]:
    """What *person* may do with *placement* now, in the table's order.

    *is_missing*: a document is. Then a coordinator may let it start anyway, nobody simply.
    """
    hidden = {"approve_start"} if is_missing else {"start_anyway"}
    if not person.has_role(Role.COORDINATOR):
        hidden.add("start_anyway")
    return [
        act
        for key, act in ACTS.items()
        if key not in hidden and may_act(person, placement, act.action)
    ]


def require_sight(person: Person, placement: Placement) -> None:
    """403 for staff of this school whom the placement does not concern."""
    if not may_see(person, placement):
        raise PermissionDenied


def show_placement(
    request: PortalRequest, placement: Placement, *, nav: str, act_url: str, **context: Any
) -> HttpResponse:
    """The page of one placement; *act_url* is the name of the address its buttons lead to."""
    require_sight(request.user, placement)
    documents = card_of(placement, reader=request.user)
    is_missing = bool(documents["missing"]) and placement.state == State.START_REQUESTED
    return render(
        request,
        "placement/page.html",
        {
            "nav": nav,
            "placement": placement,
            "documents": documents,
            "is_missing": is_missing,
            "minors": minors_of(placement) if placement.state in SCHEDULED else None,
            "acts": [
                {"act": act, "form": act.form(auto_id=f"id_{act.key}_%s")}
                for act in acts_for(request.user, placement, is_missing=is_missing)
            ],
            "act_url": act_url,
            "steps": tracker(placement),
            "days_left": days_left_in_words(placement),
            "contact": contact_of(placement),
            "entries": history_in_words(placement),
            **context,
        },
    )


def do_act(
    request: PortalRequest, placement: Placement, key: str, *, nav: str, here: str, act_url: str
) -> HttpResponse:
    """GET: the question on a page of its own. POST: the act, then back to *here* or `next`.

    A second click meets the state the first one left and says so.
    """
    act = ACTS.get(key)
    if act is None:
        raise Http404
    require_sight(request.user, placement)
    form = act.form(posted(request))
    if request.method == "POST":
        words = {"student": placement.student.full_name, "title": placement.title}
        if form.is_valid():
            attempt(
                request,
                lambda: act.do(placement, request.user, form.cleaned_data),
                done=str(act.done) % words,
            )
            return back(request, here)
    elif not may_act(request.user, placement, act.action):
        attempt(request, lambda: require_act(request.user, placement, act.action))
        return redirect(here)
    context = {
        "nav": nav,
        "placement": placement,
        "act": act,
        "form": form,
        "here": here,
        "act_url": act_url,
        "next": request.POST.get("next", ""),
    }
    return render(request, "placement/act.html", context, status=422 if form.errors else 200)
