"""Seeing the portal as a student does: begin, hold to it at each request, stop.

The middleware puts the student in the coordinator's place for pages whose permission is
viewable (accounts/may.py), and for no other address. It refuses whatever is no reading, and
undoes in the database what a page writes beside showing itself: seen marks, missed searches.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portico.accounts import may
from portico.accounts.may import Permission
from portico.accounts.models import Person
from portico.people.viewing import begin_viewing, end_viewing, student_viewed
from portico.web.access import PortalRequest, page
from tenants.context import current_alias

SESSION_KEY = "view_as"  # the student's id; goes with the session
READING = ("GET", "HEAD", "OPTIONS")
# The viewer's own while viewing: out, and the language.
OWN = {"view-as-stop", "sign-out", "set_language"}
# Open to anybody and about nobody: what pages are made of.
PARTS = {"theme-css", "manifest", "service-worker", "offline"}

Handler = Callable[[HttpRequest], HttpResponseBase]


@require_POST
@page(may.VIEW_AS)
def begin(request: PortalRequest, person_id: uuid.UUID) -> HttpResponse:
    student = begin_viewing(actor=request.user, student_id=person_id)
    request.session[SESSION_KEY] = str(student.id)
    return redirect("find")


@require_POST
@page(may.VIEW_AS)
def stop(request: PortalRequest) -> HttpResponse:
    """Back to one's own pages; a second click finds nothing to stop."""
    student_id = request.session.pop(SESSION_KEY, None)
    if student_id is None:
        return redirect("people")
    end_viewing(actor=request.user, student_id=student_id)
    messages.info(request, _("You see your own pages again."))
    return redirect("person", person_id=student_id)


class ViewAsMiddleware:
    """After the language: a viewer reads in the own one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        student = _student(request)
        if student is None:
            return self.get_response(request)
        if _name_of(request) in OWN:
            return self.get_response(request)
        request.viewer = request.user  # type: ignore[attr-defined]
        request.user = student
        alias = current_alias()
        with transaction.atomic(using=alias):
            response = self.get_response(request)
            transaction.set_rollback(True, using=alias)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse what is no reading, and pages that are not shown to a viewer."""
        if getattr(request, "viewer", None) is None:
            return None
        if request.method in READING and _is_shown(request, view):
            return None
        return render(request, "people/not_shown.html", status=403)


def _student(request: HttpRequest) -> Person | None:
    """Whom this request is viewed as; forgets it once the viewer may not any more."""
    if getattr(request, "tenant", None) is None:
        return None
    session = request.session
    was_accessed = session.accessed
    student_id = session.get(SESSION_KEY)
    if student_id is None:
        session.accessed = was_accessed  # a look at it does not make a page a person's own
        return None
    viewer = request.user
    student = None
    if viewer.is_authenticated:
        student = student_viewed(viewer=viewer, student_id=student_id)
    if student is None:
        del session[SESSION_KEY]
    return student


def _name_of(request: HttpRequest) -> str:
    try:
        found = resolve(request.path_info, urlconf=getattr(request, "urlconf", None))
    except Resolver404:
        return ""
    return found.url_name or ""


def _is_shown(request: HttpRequest, view: Callable[..., Any]) -> bool:
    permission: Permission | None = getattr(view, "permission", None)
    if permission is not None:
        return permission.viewable
    return request.resolver_match is not None and request.resolver_match.url_name in PARTS
