"""What a student decides about themselves."""

import secrets

from django.db import transaction

from portico.accounts.hashing import hash_secret
from portico.accounts.models import Person
from portico.attendance.models import StudentChoice


@transaction.atomic
def set_share_location(*, student: Person, share: bool) -> None:
    """Whether check-in may read the phone's position; holds until said otherwise."""
    StudentChoice.objects.update_or_create(student=student, defaults={"share_location": share})


@transaction.atomic
def make_calendar_link(*, student: Person) -> str:
    """A new secret for the student's calendar feed; the one before stops working."""
    secret = secrets.token_urlsafe(24)
    StudentChoice.objects.update_or_create(
        student=student, defaults={"calendar_hash": hash_secret(secret)}
    )
    return secret
