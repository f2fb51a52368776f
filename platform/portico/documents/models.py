"""What a school wants on paper before an internship starts. All in the school's schema.

The file itself is not here: files.py keeps it, in the school's own folder, under the
document's id.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.fields import Field
from portico.accounts.models import Person
from portico.internships.models import Placement
from tenants.ids import new_id


class Giver(models.TextChoices):
    """Who signs or brings a document. Guardians and mentors have no account."""

    STUDENT = "student", _("student")
    GUARDIAN = "guardian", _("parent or guardian")
    MENTOR = "mentor", _("mentor at the site")
    STAFF = "staff", _("school")


class Requirement(models.Model):
    """A form the school requires before a start: from whom, how, for whom."""

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", _("agreement")
        CONSENT = "consent", _("guardian's consent")
        WORKING_PAPERS = "working_papers", _("working papers")
        CLEARANCE = "clearance", _("clearance")
        OTHER = "other", _("other")

    class Way(models.TextChoices):
        SIGNATURE = "signature", _("a signature under a text")
        UPLOAD = "upload", _("a file or a photo")

    class Covers(models.TextChoices):
        """What one document is good for."""

        PLACEMENT = "placement", _("one internship")
        STUDENT = "student", _("all internships of the student")
        MENTOR = "mentor", _("all internships with the mentor")

    class AppliesTo(models.TextChoices):
        ALL = "all", _("every student")
        UNDER_18 = "under_18", _("students under 18")
        UNDER_16 = "under_16", _("students under 16")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text to sign, or what to bring"), max_length=10_000, blank=True)
    # the same for who reads another language: {"es": {"title", "text"}}
    translations = models.JSONField(default=dict, blank=True)
    giver = models.CharField(_("who gives it"), max_length=8, choices=Giver)
    way = models.CharField(_("how"), max_length=9, choices=Way)
    covers = models.CharField(
        _("one is good for"), max_length=9, choices=Covers, default=Covers.PLACEMENT
    )
    applies_to = models.CharField(
        _("who needs it"), max_length=8, choices=AppliesTo, default=AppliesTo.ALL
    )
    only_fields = ArrayField(  # none named: every field
        models.CharField(max_length=20, choices=Field), default=list, blank=True
    )
    needs_check = models.BooleanField(_("the school looks at it before it counts"), default=False)
    valid_months = models.PositiveSmallIntegerField(
        _("good for (months)"), null=True, blank=True
    )  # none: does not expire
    version = models.PositiveSmallIntegerField(default=1, editable=False)  # of the text
    since_version = models.PositiveSmallIntegerField(default=1, editable=False)  # older: void
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.title

    def title_in(self, language: str) -> str:
        """The title in *language*, or as the school wrote it."""
        return self.translations.get(language, {}).get("title") or self.title

    def text_in(self, language: str) -> str:
        """The text in *language*, or as the school wrote it."""
        return self.translations.get(language, {}).get("text") or self.text


class Document(models.Model):
    """One thing given: a signature or a file. Never changed into another: a new one is a row.

    `text` is what was read when it was signed, so that a signature stays what it was.
    """

    class State(models.TextChoices):
        GIVEN = "given", _("to be checked")
        ACCEPTED = "accepted", _("accepted")
        SENT_BACK = "sent_back", _("sent back")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="documents")
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="documents")
    student = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        related_name="documents",
        db_index=False,  # document_student begins with it
    )
    mentor_email = models.EmailField(blank=True)  # lower case; whose, where it covers a mentor
    state = models.CharField(max_length=9, choices=State)
    # who gave it
    giver = models.CharField(max_length=8, choices=Giver)
    given_name = models.CharField(max_length=160)  # as typed under the text
    given_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    given_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    # of a signature
    version = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=7, blank=True)
    text = models.TextField(blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    # of a file
    content_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    # the school's look at it
    valid_until = models.DateField(null=True)
    checked_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    checked_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-given_at", "-id"]
        indexes = [
            models.Index(fields=["student", "requirement"], name="document_student"),
            models.Index(
                fields=["mentor_email"],
                name="document_mentor",
                condition=~models.Q(mentor_email=""),
            ),
            models.Index(
                fields=["given_at"], name="document_to_check", condition=models.Q(state="given")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement_id} {self.state}"

    @property
    def is_file(self) -> bool:
        return bool(self.sha256)


class DocumentLink(models.Model):
    """A link in a guardian's or mentor's e-mail. Only the hash of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    placement = models.ForeignKey(
        Placement, on_delete=models.CASCADE, related_name="document_links"
    )
    giver = models.CharField(max_length=8, choices=Giver)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=7, default="en")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.giver} {self.id}"


class StudentRecord(models.Model):
    """What forms need to know of a student. A row only where something is known."""

    student = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="record"
    )
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    guardian_name = models.CharField(_("guardian's name"), max_length=120, blank=True)
    guardian_email = models.EmailField(_("guardian's e-mail"), blank=True)
    guardian_language = models.CharField(_("guardian's language"), max_length=7, default="en")
    # True: nobody at the school has looked at the guardian's address yet
    guardian_by_student = models.BooleanField(default=False)
    # two courses or more in one programme of career and technical education (Perkins V)
    is_concentrator = models.BooleanField(_("CTE concentrator"), default=False)

    def __str__(self) -> str:
        return str(self.student_id)

    def shown(self) -> dict[str, Any]:
        """The guardian's contact as history keeps it."""
        return {
            "guardian_name": self.guardian_name,
            "guardian_email": self.guardian_email,
            "guardian_language": self.guardian_language,
        }
