"""A region's own words: kept by its district admins."""

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalog.rules import require_role
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.actions import record
from sharing.models import Synonym
from sharing.search.synonyms import fold
from tenants.errors import Refused

MOST_MEANINGS = 8


def save_synonym(
    *, actor: Person, word: str, means: list[str], synonym_id: uuid.UUID | None = None
) -> Synonym:
    """Say what *word* means in this region; no meanings switch a general one off."""
    require_role(actor, Role.DISTRICT_ADMIN)
    synonym = Synonym.objects.get(id=synonym_id) if synonym_id else Synonym()
    before = {"word": synonym.word, "means": synonym.means} if synonym_id else None
    synonym.word = fold(word)
    synonym.means = list(dict.fromkeys(" ".join(one.split()) for one in means if one.strip()))
    if len(synonym.means) > MOST_MEANINGS:
        raise Refused("too_many", _("Eight meanings are enough."), field="means")
    synonym.full_clean(validate_unique=False)
    try:
        with transaction.atomic():
            synonym.save()
    except IntegrityError:
        raise Refused("taken", _("There is an entry for this word."), field="word") from None
    record(
        action="synonym_saved",
        subject=synonym,
        actor=actor,
        before=before,
        after={"word": synonym.word, "means": synonym.means},
    )
    return synonym


def remove_synonym(*, actor: Person, synonym_id: uuid.UUID) -> None:
    """Forget an entry; Synonym.DoesNotExist when it is not there."""
    require_role(actor, Role.DISTRICT_ADMIN)
    synonym = Synonym.objects.get(id=synonym_id)
    record(action="synonym_removed", subject=synonym, actor=actor, before={"word": synonym.word})
    synonym.delete()
