"""Reading a school's people."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from portico.accounts.models import Person
from portico.accounts.roles import Role

CLOSED = "closed"  # the tab of closed accounts, beside the roles


def find_people(*, words: str = "", role: str = "") -> QuerySet[Person]:
    """By name; each of *words* in a name or the e-mail. *role*: who holds it, or CLOSED."""
    found = Person.objects.filter(is_active=role != CLOSED)
    if role in Role.values:
        found = found.filter(roles__contains=[role])
    for word in words.split():
        found = found.filter(
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(email__icontains=word)
        )
    return found.order_by("family_name", "given_name", "id")


def teachers() -> QuerySet[Person]:
    """Everybody who teaches, by name."""
    return find_people(role=Role.TEACHER)


def who_may_substitute() -> QuerySet[Person]:
    """Active people who are no students."""
    return find_people().exclude(roles__contains=[Role.STUDENT])


def substitutions() -> QuerySet[Person]:
    """Who stands in for a teacher now, the soonest to end first."""
    return (
        Person.objects.filter(
            roles__contains=[Role.SUBSTITUTE],
            stands_in_for__isnull=False,
            stands_in_until__gt=timezone.now(),
            is_active=True,
        )
        .select_related("stands_in_for")
        .order_by("stands_in_until", "family_name")
    )
