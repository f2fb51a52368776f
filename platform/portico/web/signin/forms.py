"""Forms of signing in, and of setting up how people do."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from portico.accounts.models import Person
from portico.trust.actions import demandable_roles
from portico.trust.kinds import KINDS
from portico.trust.models import Provider
from portico.web.account.forms import ChoosePasswordForm


class AddProviderForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Provider"), choices=[(key, kind.label) for key, kind in KINDS.items()]
    )
    name = forms.CharField(
        label=_("Name on the button"),
        max_length=60,
        help_text=_("What your people call it: School account."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ProviderForm(forms.Form):
    """What a provider of one kind needs to know, and no more."""

    name = forms.CharField(label=_("Name on the button"), max_length=60)
    issuer = forms.URLField(
        label=_("Issuer"),
        required=False,
        assume_scheme="https",
        help_text=_("Begins with https://; its settings are at /.well-known/openid-configuration."),
    )
    client_id = forms.CharField(
        label=_("Client ID"),
        max_length=255,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    client_secret = forms.CharField(
        label=_("Client secret"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    belongs_to = forms.CharField(label=_("Organization"), max_length=1000, required=False)
    roster_claim = forms.CharField(
        label=_("Claim with the roster's id"),
        max_length=60,
        required=False,
        help_text=_("If the provider says the sourcedId of your roster, people are found by it."),
    )
    trusts_email = forms.BooleanField(
        label=_("Its e-mail addresses are ours"),
        required=False,
        help_text=_(
            "Tick this if only you give out addresses there. Else an address counts only "
            "where the provider says that it has verified it."
        ),
    )
    new_people = forms.ChoiceField(
        label=_("Who is added"), choices=Provider.NewPeople.choices, required=False
    )
    has_second_step = forms.BooleanField(
        label=_("It asks for a second step itself"),
        required=False,
        help_text=_("Then we do not ask for another one."),
    )
    enabled = forms.BooleanField(label=_("Show it on the sign-in page"), required=False)

    def __init__(self, *args: Any, provider: Provider, of_region: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what = provider.what
        if what.issuer:
            del self.fields["issuer"]
        if what.must_belong:
            self.fields["belongs_to"].label = str(what.belongs_to)
            self.fields["belongs_to"].help_text = _("For example: %s") % what.example
        else:
            del self.fields["belongs_to"]
        if provider.secret:
            self.fields["client_secret"].help_text = _(
                "One is stored. Leave this empty to keep it."
            )
        if of_region:
            self.fields["new_people"].help_text = _("In the schools; never at the region itself.")

    def clean_belongs_to(self) -> list[str]:
        parts = self.cleaned_data["belongs_to"].replace(";", ",").split(",")
        return [part.strip().lower() for part in parts if part.strip()]

    @staticmethod
    def initial_of(provider: Provider) -> dict[str, Any]:
        names = (
            "name", "issuer", "client_id", "roster_claim", "trusts_email", "new_people",
            "has_second_step", "enabled",
        )  # fmt: skip
        return {name: getattr(provider, name) for name in names} | {
            "belongs_to": ", ".join(provider.belongs_to)
        }


class DemandForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Who must have one"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They set it up at their next sign-in. Students are never asked."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [  # type: ignore[attr-defined]
            (role.value, role.label) for role in demandable_roles()
        ]


class AskForCodeForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class TypeCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


class ChangePasswordForm(ChoosePasswordForm):
    """Also for a browser somebody left open: who sits there must know the old one."""

    old = forms.CharField(
        label=_("Password until now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old", "password", "again")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        if not self.person.check_password(old):
            raise forms.ValidationError(_("This is not your password."))
        return old


class SecondStepForm(AuthenticateForm):
    """A code of the app, or a recovery code."""

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except RedisError:
            # A code of the app was right; only whether it was used before cannot be asked.
            # A school must not stand before a closed door because a counter is lost.
            self.authenticator = Authenticator.objects.get(
                user=self.user, type=Authenticator.Type.TOTP
            )
            return str(self.cleaned_data["code"])


class FindSchoolForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail at school"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
