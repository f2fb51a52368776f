"""Reading history."""

from django.db import models

from portico.audit.models import Entry


def history_of(*, subject: models.Model) -> models.QuerySet[Entry]:
    """Entries about *subject*, oldest first."""
    return Entry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk)
    ).order_by("id")
