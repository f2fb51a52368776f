"""Who asks: a signed-in browser, or a program with a person's token."""

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from portico.accounts.models import ApiToken, Person
from portico.accounts.tokens import find_token


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer portico_…`; a token belongs to one tenant, like its person."""

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        scheme, _space, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        token = find_token(secret=secret.decode("ascii", errors="replace").strip())
        if token is None:
            raise AuthenticationFailed("The token is unknown, expired or revoked.")
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="portico"'
