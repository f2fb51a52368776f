"""A person's choices of what comes by e-mail and in which language; and a mail's own link."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portico.accounts import may
from portico.accounts.models import Person
from portico.notices.choosing import choose_mail, read_stop_token, stop_mail
from portico.notices.topics import How, chosen, topics_for
from portico.web.access import PortalRequest, answer, page
from portico.web.saving import posted, saved


class ChoicesForm(forms.Form):
    """A field a topic that can be chosen, named by its key."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of pages and e-mails"), choices=settings.LANGUAGES
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = []
        for topic in topics_for(person):
            if topic.must:
                continue
            self.keys.append(topic.key)
            self.fields[topic.key] = forms.ChoiceField(
                label=str(topic.label),
                choices=How.choices,
                initial=chosen(person, topic),
                widget=forms.RadioSelect,
            )

    @property
    def topics(self) -> list[forms.BoundField]:
        return [self[key] for key in self.keys]


@require_http_methods(["GET", "POST"])
@page(may.BE_HERE)
def choices(request: PortalRequest) -> HttpResponse:
    person = request.user
    language = person.language or request.LANGUAGE_CODE or settings.LANGUAGE_CODE
    form = ChoicesForm(posted(request), person=person, initial={"language": language})
    if form.is_valid() and saved(form, lambda: _keep(person, form)):
        wanted = form.cleaned_data["language"]
        with override(wanted):
            messages.success(request, _("Saved."))
        response = redirect("mail-choices")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, max_age=365 * 24 * 3600, samesite="Lax"
        )
        return response
    context = {
        "nav": "notices",
        "form": form,
        "always": [topic.label for topic in topics_for(person) if topic.must],
        "has_email": bool(person.email),
    }
    return render(request, "notices/choices.html", context, status=422 if form.errors else 200)


def _keep(person: Person, form: ChoicesForm) -> None:
    kept = choose_mail(
        person_id=person.id, choices={key: form.cleaned_data[key] for key in form.keys}
    )
    kept.language = form.cleaned_data["language"]
    kept.save(update_fields=["language"])


@csrf_exempt  # a mail program posts here; the token in the address says who and what
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponseBase:
    """A look asks, a click ends it: scanners of mails look at every link (RFC 8058)."""
    return answer(_stop, request, token)


def _stop(request: HttpRequest, token: str) -> HttpResponse:
    posts = request.method == "POST"
    stopping = stop_mail(token=token) if posts else read_stop_token(token)
    with override(stopping.person.language or request.LANGUAGE_CODE or settings.LANGUAGE_CODE):
        context = {
            "topics": [topic.label for topic in stopping.topics],
            "is_done": stopping.is_done,
        }
        return render(request, "notices/stop.html", context)
