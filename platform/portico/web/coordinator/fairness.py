"""Fairness: who has never been placed, who waits, whose share is small; and the groups recorded."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from portico.accounts import may
from portico.accounts.models import Person
from portico.internships.actions.groups import LONGEST_NAME, keep_group, recorded_groups
from portico.internships.queue import Waiting
from portico.reports.fairness import Shares, effect_of, placed_shares, seekers, students
from portico.reports.small_groups import MINIMUM, Group
from portico.web import charts
from portico.web.access import PortalRequest, page
from portico.web.coordinator.sections import sections
from portico.web.saving import posted, saved
from tenants.replica_reads import reads_replica


@require_GET
@reads_replica
@page(may.WATCH_FAIRNESS)
def fairness(request: PortalRequest) -> HttpResponse:
    shares = placed_shares()
    context = {
        "nav": "board",
        "section": "fairness",
        "sections": sections(),
        "seekers": seekers(),
        "by_grade": share_meters(shares.grades, shares.everyone),
        "by_group": share_meters(shares.groups, shares.everyone) if shares.groups else None,
        "minimum": MINIMUM,
    }
    return render(request, "coordinator/fairness.html", context)


def share_meters(groups: list[Group], everyone: Group) -> charts.Meters:
    """Shares as bars, everyone's last, the hidden ones named without a number."""
    rows = [(_group_name(group.key), group.count, group.total) for group in groups]
    whole = None
    if everyone.count is not None and everyone.total is not None:
        whole = (_("All students"), everyone.count, everyone.total)
    return charts.meters(groups=rows, everyone=whole)


def _group_name(key: Any) -> str:
    """A grade's number or a recorded group's own name."""
    if key is None:
        return _("No grade")
    return key if isinstance(key, str) else _("Grade %(grade)s") % {"grade": key}


# --- beside Approve -----------------------------------------------------------------------


def effect_in_words(waiting: Waiting) -> str:
    """What a yes does to fairness, in one plain sentence."""
    effect = effect_of(waiting)
    student = waiting.placement.student.given_name
    if effect.passed_over is not None:
        other = effect.passed_over.placement.student.full_name
        return _("A yes passes over %(other)s, who has never been placed.") % {"other": other}
    others = effect.asked - 1
    words = {"student": student, "n": others}
    if effect.first_time and not others:
        return _("A yes gives %(student)s a first internship.") % words
    if effect.first_time and effect.waited_longest:
        return (
            ngettext(
                "A yes gives a first internship to %(student)s, who waited longer than the other "
                "who asked.",
                "A yes gives a first internship to %(student)s, who waited longest of all who "
                "asked.",
                others,
            )
            % words
        )
    if effect.first_time:
        return _("A yes gives %(student)s a first internship; others have waited longer.") % words
    if not others:
        return _("%(student)s has interned before; nobody else asked for this slot.") % words
    return _("%(student)s has interned before, and so has everybody else who asked.") % words


def share_in_words(waiting: Waiting, shares: Shares) -> str:
    """What a yes makes of the share of the student's grade, where that may be shown."""
    group = shares.of_grade(waiting.placement.student.grade)
    if group is None or not waiting.never_placed or group.key is None:
        return ""
    words = {"grade": group.key, "n": (group.count or 0) + 1, "total": group.total}
    return _("Of grade %(grade)s, %(n)d of %(total)d would be placed this year.") % words


# --- the groups a school records ----------------------------------------------------------


class GroupForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Group"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("For example: English learners. Students never see it."),
    )
    students = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Students"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["students"].queryset = students()  # type: ignore[attr-defined]


@require_GET
@page(may.WATCH_FAIRNESS)
def groups(request: PortalRequest) -> HttpResponse:
    context = {"nav": "board", "groups": recorded_groups().items(), "minimum": MINIMUM}
    return render(request, "coordinator/groups.html", context)


@require_http_methods(["GET", "POST"])
@page(may.WATCH_FAIRNESS)
def group(request: PortalRequest) -> HttpResponse:
    """Who is in one group; without `name` in the address, a new one."""
    name = request.GET.get("name", "")[:LONGEST_NAME]
    initial = {
        "name": name,
        "students": list(students().filter(groups__contains=[name]).values_list("id", flat=True))
        if name
        else [],
    }
    form = GroupForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted: set[uuid.UUID] = {one.id for one in form.cleaned_data["students"]}
        if saved(
            form,
            lambda: keep_group(actor=request.user, name=form.cleaned_data["name"], students=wanted),
        ):
            messages.success(request, _("Saved."))
            return redirect("groups")
    context = {"nav": "board", "form": form, "name": name}
    status = 422 if form.errors else 200
    return render(request, "coordinator/group.html", context, status=status)
