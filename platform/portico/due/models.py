"""What falls due in a region, in one index, without personal data.

A deadline, a notice to send: each is a row here that names the tenant, the kind
and an opaque id. The clock reads this table alone, so its work grows with what is
due and not with the number of schools.
"""

from django.db import models

from tenants.ids import new_id


class DueWork(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.CharField(max_length=63)  # the tenant's schema; a region's own work names it
    kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "kind", "subject_id"], name="due_once")
        ]
        indexes = [models.Index(fields=["due_at"], name="due_when")]

    def __str__(self) -> str:
        return f"{self.school} {self.kind} at {self.due_at:%Y-%m-%d %H:%M}"
