"""Invitations: an e-mail with a link to choose a password."""

from portico.accounts.links import make_link
from portico.accounts.models import LinkToken, Person
from portico.notices.actions import tell


def invite(*, person: Person, school_name: str, inviter: str) -> None:
    """Invite *person* to the current tenant's portal."""
    secret = make_link(purpose=LinkToken.Purpose.SET_PASSWORD, person=person)
    tell(
        kind="invitation",
        person=person,
        data={"school": school_name, "inviter": inviter},
        secret=secret,
    )


def send_password_link(*, email: str) -> None:
    """Send a new link to whoever has *email* here. Says nothing, so it reveals nobody."""
    email = email.strip()
    person = Person.objects.filter(email__iexact=email, is_active=True).first() if email else None
    if person is not None:
        secret = make_link(purpose=LinkToken.Purpose.SET_PASSWORD, person=person)
        tell(kind="password_link", person=person, data={}, secret=secret)
