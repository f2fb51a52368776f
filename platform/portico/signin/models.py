"""Who somebody is at a provider, and where they are signed in."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from portico.accounts.models import Person
from tenants.ids import new_id


class Identity(models.Model):
    """A person at an OpenID Connect provider: issuer and subject, which never change.

    Not the e-mail: addresses change, and are given to somebody else years later.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"


class Session(AbstractBaseSession):
    """A browser that is signed in, or on its way. Whose it is stands beside the data, so that
    somebody can see all of theirs and end them.
    """

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField()
    last_used_at = models.DateTimeField()  # to the nearest quarter of an hour
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    way = models.CharField(max_length=60, blank=True)  # password, code, passkey, a provider's name

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "session"
        verbose_name_plural = "sessions"
