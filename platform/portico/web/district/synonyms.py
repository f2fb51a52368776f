"""The region's own words: what people search with, and what offers call it."""

import uuid
from contextlib import suppress

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from portico.accounts import may
from portico.web.access import PortalRequest, page
from portico.web.saving import posted, saved
from sharing.models import Synonym
from sharing.search.synonyms import EVERYWHERE
from sharing.synonyms import remove_synonym, save_synonym


class SynonymForm(forms.Form):
    word = forms.CharField(
        label=gettext_lazy("Word"),
        max_length=60,
        help_text=gettext_lazy("What somebody types: vet."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    means = forms.CharField(
        label=gettext_lazy("Also finds"),
        required=False,
        max_length=600,
        help_text=gettext_lazy(
            "What offers call it, with commas between. Empty switches off a word every region has."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )

    def clean_means(self) -> list[str]:
        return [part.strip() for part in self.cleaned_data["means"].split(",") if part.strip()]


@require_http_methods(["GET", "POST"])
@page(may.KEEP_WORDS)
def synonyms(request: PortalRequest) -> HttpResponse:
    """The list, and the form that adds to it."""
    form = SynonymForm(posted(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(form, lambda: save_synonym(actor=request.user, **form.cleaned_data))
    ):
        messages.success(request, _("Saved. Searches know it now."))
        return redirect("synonyms")
    own = list(Synonym.objects.all())
    replaced = {synonym.word for synonym in own}
    context = {
        "nav": "synonyms",
        "form": form,
        "synonyms": own,
        "everywhere": [
            (word, means) for word, means in sorted(EVERYWHERE.items()) if word not in replaced
        ],
    }
    return render(request, "district/synonyms.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(may.KEEP_WORDS)
def synonym(request: PortalRequest, synonym_id: uuid.UUID) -> HttpResponse:
    """Change an entry."""
    found = Synonym.objects.get(id=synonym_id)
    form = SynonymForm(
        posted(request), initial={"word": found.word, "means": ", ".join(found.means)}
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(
            form,
            lambda: save_synonym(actor=request.user, synonym_id=synonym_id, **form.cleaned_data),
        )
    ):
        messages.success(request, _("Saved. Searches know it now."))
        return redirect("synonyms")
    context = {"nav": "synonyms", "form": form, "synonym": found}
    return render(request, "district/synonym.html", context, status=422 if form.errors else 200)


@require_POST
@page(may.KEEP_WORDS)
def remove(request: PortalRequest, synonym_id: uuid.UUID) -> HttpResponse:
    """Forget an entry; one that is gone already is no error."""
    with suppress(Synonym.DoesNotExist):
        remove_synonym(actor=request.user, synonym_id=synonym_id)
    return redirect("synonyms")
