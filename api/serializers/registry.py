"""Who I am, the region's schools, tokens."""

from typing import Any

from rest_framework import serializers

from portico.accounts.models import ApiToken, Person
from portico.accounts.roles import Role
from portico.accounts.tokens import LONGEST_DAYS
from tenants.models import Tenant


class TenantDocument(serializers.ModelSerializer):
    class Meta:
        model = Tenant
        fields = ("kind", "code", "name")


class PersonDocument(serializers.ModelSerializer):
    name = serializers.CharField(source="full_name")
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))

    class Meta:
        model = Person
        fields = ("id", "name", "email", "roles", "grade")


class MeDocument(serializers.Serializer):
    person = PersonDocument()
    tenant = TenantDocument()


def me_document(*, person: Person, tenant: Tenant) -> dict[str, Any]:
    """As MeDocument describes it, without making its fields first: every program asks this."""
    return {
        "person": {
            "id": str(person.id),
            "name": person.full_name,
            "email": person.email,
            "roles": person.roles,
            "grade": person.grade,
        },
        "tenant": {"kind": tenant.kind, "code": tenant.code, "name": tenant.name},
    }


class SchoolDocument(serializers.ModelSerializer):
    class Meta:
        model = Tenant
        fields = (
            "code", "name", "short_name", "external_id", "address", "city", "zip_code",
            "latitude", "longitude", "grade_min", "grade_max",
        )  # fmt: skip


class TokenDocument(serializers.ModelSerializer):
    class Meta:
        model = ApiToken
        fields = (
            "id", "name", "hint", "access", "only", "created_at", "expires_at", "last_used_at",
        )  # fmt: skip


class TokenTerms(serializers.Serializer):
    name = serializers.CharField(max_length=80)
    access = serializers.ChoiceField(choices=ApiToken.Access.choices, default="read")
    only = serializers.CharField(
        max_length=20,
        required=False,
        default="",
        allow_blank=True,
        help_text="Only this kind of resource, as it is named in addresses; empty: all.",
    )
    days = serializers.IntegerField(
        min_value=1,
        max_value=LONGEST_DAYS,
        required=False,
        allow_null=True,
        default=90,
        help_text="How long it works; null: until it is revoked.",
    )


class AtSchool(serializers.Serializer):
    school = serializers.CharField(
        required=False,
        default="",
        max_length=28,
        help_text="A school's code; empty: the region.",
    )


class ServiceTerms(TokenTerms, AtSchool):
    """A token of a service; `name` is what the service is called in history."""


class TokenMade(TokenDocument):
    secret = serializers.CharField(help_text="Shown this once.")

    class Meta(TokenDocument.Meta):
        fields = (*TokenDocument.Meta.fields, "secret")  # type: ignore[assignment]
