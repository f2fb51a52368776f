"""People: adding, inviting, passwords."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portico.accounts.links import find_link, use_link
from portico.accounts.models import LinkToken, Person
from portico.due.counts import counts_changed


def add_person(
    *, email: str, given_name: str, family_name: str, roles: list[str], **facts: object
) -> Person:
    """Add somebody to the current tenant, without a password yet.

    ValidationError with the fields at fault, a second person of one e-mail included.
    """
    person = Person(
        email=email.strip().lower(),
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        roles=list(roles),
        **facts,
    )
    person.set_unusable_password()
    person.full_clean(exclude=["password"], validate_constraints=False)
    if not person.email:  # only a roster brings people in who have none
        raise ValidationError({"email": _("This field cannot be blank.")})
    if Person.objects.filter(email__iexact=person.email).exists():
        raise ValidationError({"email": _("Somebody has this e-mail already.")})
    person.save()
    counts_changed()
    return person


@transaction.atomic
def choose_password(*, secret: str, password: str) -> Person:
    """Set the password of the person an invitation's link was made for, and use the link up.

    LinkError when the link is no good; ValidationError (`password`) when the password is weak.
    """
    link = find_link(secret=secret, purpose=LinkToken.Purpose.SET_PASSWORD, for_use=True)
    change_password(person=link.person, password=password)
    use_link(link=link)
    return link.person


def change_password(*, person: Person, password: str) -> None:
    """Set *person*'s password; ValidationError (`password`) when it is weak."""
    try:
        validate_password(password, user=person)
    except ValidationError as weak:
        raise ValidationError({"password": weak.messages}) from weak
    person.set_password(password)
    person.save(update_fields=["password"])
