"""Subscriptions and what was sent to them. In a school's schema its own, in a region's the
region's and its partners'."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from tenants.ids import new_id


class Subscription(models.Model):
    """An address that is told of events. `secret` and `old_secret` are encrypted (signing.py)."""

    class Off(models.TextChoices):
        NO = "", _("on")
        BY_HAND = "by_hand", _("switched off")
        FAILING = "failing", _("switched off: nothing got through for days")
        GONE = "gone", _("switched off: the address said it is gone")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("what it is for"), max_length=80)
    url = models.CharField(_("address"), max_length=500)
    events = ArrayField(models.CharField(max_length=40), default=list)
    # of partner staff: their partner's id (sharing.Partner); null: the tenant's own
    partner_id = models.UUIDField(null=True, editable=False)
    # a school's decision alone: placements' events say who the student is
    names_students = models.BooleanField(_("with students' names"), default=False)
    secret = models.TextField(editable=False)
    old_secret = models.TextField(blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    made_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    off = models.CharField(max_length=10, choices=Off, default=Off.NO, blank=True)
    failing_since = models.DateTimeField(null=True, editable=False)  # nothing got through since
    quiet_until = models.DateTimeField(null=True, editable=False)  # did not answer: not before
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        return self.off == self.Off.NO


class Delivery(models.Model):
    """One event for one subscription. `id` is the webhook-id: the same at every attempt."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    event = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    # what only a subscription with students' names is told; emptied when it no longer is one
    names = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    # the last answer: its status and the beginning of its text, or why there was none
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=200, blank=True)
    fault = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subscription", "-id"], name="delivery_log")]

    def __str__(self) -> str:
        return f"{self.event} {self.id}"
