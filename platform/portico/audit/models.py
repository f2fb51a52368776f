"""What happened, who did it, when. Append-only: a tenant's role may add and read, no more.

Entries are sealed by the worker (sealing.py): `portico audit verify` finds what was changed.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person


class Entry(models.Model):
    """One act. `actor` is empty when the clock acted; `label` keeps a name that may go."""

    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        Person, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    actor_label = models.CharField(_("who"), max_length=200)
    action = models.CharField(_("what"), max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    via = models.CharField(max_length=20, default="web")  # web, link, api, job, command
    address = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label}: {self.action}"
