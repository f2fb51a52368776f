"""When a phone is lost: staff reset each other's second step, never their own."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portico.accounts.may import SET_UP_SIGN_IN
from portico.accounts.models import Person
from portico.audit.actions import record
from portico.notices.actions import tell
from portico.signin.entering import end_sessions
from portico.signin.factors import reset_second_step
from tenants.errors import Refused


@transaction.atomic
def reset_for(*, actor: Person | None, person_id: uuid.UUID) -> Person:
    """Forget the second step of a person, sign them out everywhere and tell them.

    *actor* is None for `portico second-step`, run by whoever runs the portal.
    Person.DoesNotExist; Refused (`forbidden`, `oneself`): one's own would need no second step.
    """
    if actor is not None and not actor.has_role(*SET_UP_SIGN_IN.roles):
        raise Refused("forbidden", _("You may not change how people sign in."))
    person = Person.objects.select_for_update().get(id=person_id)
    if actor is not None and actor.id == person.id:
        raise Refused("oneself", _("Somebody else has to reset yours."))
    reset_second_step(person)
    end_sessions(person=person)
    tell(
        kind="second_step_reset",
        person=person,
        data={"actor": actor.full_name if actor else "Portico"},
    )
    record(
        action="second_step_reset",
        subject=person,
        actor=actor,
        label="who runs the portal",
    )
    return person
