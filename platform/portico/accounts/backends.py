"""Sign-in with e-mail and password, within the tenant of the address typed."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from portico.accounts.models import Person


class EmailBackend(BaseBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Person | None:
        if username is None or password is None:
            return None
        email = username.strip()
        # Who has no e-mail has the empty one: it signs nobody in.
        person = Person.objects.filter(email__iexact=email).first() if email else None
        if person is None:
            # Hash all the same, so that timing does not tell who has an account.
            Person().set_password(password)
            return None
        if person.check_password(password) and person.is_active:
            return person
        return None

    def get_user(self, user_id: Any) -> Person | None:
        return Person.objects.filter(pk=user_id, is_active=True).first()
