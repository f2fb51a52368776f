"""The outbox: what must be told to whom, written in the transaction that caused it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from tenants.ids import new_id


class Notice(models.Model):
    """One message to one reader.

    People with an account see it in the portal; those who get e-mail get that too.
    Delivery is at least once: `id` is the Message-ID, so a mailbox can drop a repeat.
    """

    class State(models.TextChoices):
        PORTAL = "portal", _("in the portal only")
        WAITING = "waiting", _("waiting to be sent")
        DAILY = "daily", _("waiting for the day's e-mail")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    person = models.ForeignKey(
        Person,
        null=True,
        on_delete=models.CASCADE,
        related_name="notices",
        db_index=False,  # notice_person begins with it
    )
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=7, default="en")
    data = models.JSONField(default=dict)
    # the part of a link nobody may keep in the clear for long: emptied once sent
    secret = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.PORTAL)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="notice_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(fields=["person", "-created_at"], name="notice_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
