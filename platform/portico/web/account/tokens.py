"""Tokens of programs: made, shown once, listed with their last use, revoked."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portico.accounts import may
from portico.accounts.models import ApiToken
from portico.accounts.tokens import live_tokens, make_token, revoke_token
from portico.web.access import PortalRequest, page
from portico.web.account.token_kinds import KINDS
from portico.web.saving import posted, saved

FOREVER = ""  # the choice of days that is until revoked


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        help_text=gettext_lazy("So that you know later which one to revoke: Nightly export."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    access = forms.ChoiceField(
        label=gettext_lazy("It may"), choices=ApiToken.Access.choices, initial=ApiToken.Access.READ
    )
    only = forms.ChoiceField(label=gettext_lazy("Limited to"), required=False)
    days = forms.TypedChoiceField(
        label=gettext_lazy("It works for"),
        required=False,
        coerce=int,
        empty_value=None,
        initial=90,
        choices=[
            (7, gettext_lazy("a week")),
            (30, gettext_lazy("30 days")),
            (90, gettext_lazy("90 days")),
            (366, gettext_lazy("a year")),
            (FOREVER, gettext_lazy("until it is revoked")),
        ],
    )

    def __init__(self, *args: object, kind: str, taken: set[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.taken = taken
        self.fields["only"].choices = [  # type: ignore[attr-defined]
            ("", _("everything")), *KINDS[kind].items(),
        ]  # fmt: skip

    def clean_name(self) -> str:
        """One of a name: two could not be told apart, and a second click makes no second one."""
        name = str(self.cleaned_data["name"])
        if name in self.taken:
            raise forms.ValidationError(_("You have a token of this name. Revoke it first."))
        return name


@never_cache
@require_http_methods(["GET", "POST"])
@page(may.MAKE_TOKENS)
def tokens(request: PortalRequest) -> HttpResponse:
    """The list and the form; the answer to the form is the only page with the secret."""
    mine = list(live_tokens(person=request.user))
    form = _form(request, mine)
    made: list[tuple[ApiToken, str]] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(form, lambda: made.append(make_token(person=request.user, **form.cleaned_data)))
    ):
        mine = [made[0][0], *mine]
        form = TokenForm(kind=request.tenant.kind, taken=set())
    kinds = KINDS[request.tenant.kind]
    context = {
        "rows": [{"token": one, "only": kinds.get(one.only, one.only)} for one in mine],
        "form": form,
        "secret": made[0][1] if made else "",
        "keeps_services": request.user.has_role(*may.KEEP_SERVICES.roles),
    }
    return render(request, "account/tokens.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, mine: list[ApiToken]) -> TokenForm:
    kind = request.tenant.kind  # type: ignore[attr-defined]
    return TokenForm(posted(request), kind=kind, taken={one.name for one in mine})


@require_POST
@page(may.MAKE_TOKENS)
def revoke(request: PortalRequest, token_id: uuid.UUID) -> HttpResponse:
    revoke_token(person=request.user, token_id=token_id)
    messages.success(request, _("Revoked. It does not work any more."))
    return redirect("tokens")
