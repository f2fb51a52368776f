"""What a school has chosen of how long its data is kept."""

from django.db import models
from django.db.models import Q


class RetentionChoice(models.Model):
    """One row; a school that never chose has the installation's days. See periods.py."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    days = models.JSONField(default=dict)  # {"words": 365}: only where it chose otherwise

    class Meta:
        constraints = [models.CheckConstraint(name="retention_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return "retention"
