"""Documents before a start, checklists, and what is sent."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.internships import StudentDocument
from portico.documents.checklist import Item, Standing
from portico.documents.models import Document, Giver, Requirement

WHOM_TO_ASK = [
    (giver.value, giver.label) for giver in (Giver.STUDENT, Giver.GUARDIAN, Giver.MENTOR)
]


class RequirementDocument(serializers.ModelSerializer):
    """`giver` is who signs or sends it; `way` is how."""

    class Meta:
        model = Requirement
        fields = ("id", "kind", "title", "giver", "way", "covers", "version")


class GivenDocument(serializers.ModelSerializer):
    """One thing given. A signature has a `text_hash`, a file a `sha256` and a `size`."""

    student = StudentDocument()
    requirement = RequirementDocument()

    class Meta:
        model = Document
        fields = (
            "id", "placement", "student", "requirement", "state", "giver", "given_name",
            "given_at", "version", "language", "text_hash", "content_type", "size", "sha256",
            "valid_until", "checked_at", "note",
        )  # fmt: skip


class WholeDocument(GivenDocument):
    """With the text that was signed; empty for a file."""

    class Meta(GivenDocument.Meta):
        fields = (*GivenDocument.Meta.fields, "text")  # type: ignore[assignment]


class ItemDocument(serializers.Serializer):
    """One line of a checklist. `counts` is what a start waits for."""

    requirement = RequirementDocument()
    standing = serializers.ChoiceField(choices=Standing.choices)
    counts = serializers.BooleanField()
    document = serializers.SerializerMethodField()
    asked_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_document(self, item: Item) -> str | None:
        return str(item.document.id) if item.document else None


class ChecklistDocument(serializers.Serializer):
    placement = serializers.UUIDField()
    items = ItemDocument(many=True)


class Upload(serializers.Serializer):
    """Sent as multipart/form-data."""

    placement = serializers.UUIDField()
    requirement = serializers.UUIDField()
    name = serializers.CharField(
        max_length=160, required=False, default="", help_text="Who signed the paper."
    )
    file = serializers.FileField(help_text="PDF, JPEG, PNG or HEIC.")


class ValidUntil(serializers.Serializer):
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)


class AskTerms(serializers.Serializer):
    giver = serializers.ChoiceField(choices=WHOM_TO_ASK)
