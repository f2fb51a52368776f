"""What a district and a school keep of themselves: partners and their staff, settings."""

from typing import Any, ClassVar

from django.conf import settings
from rest_framework import serializers

from portico.accounts.models import Person
from sharing.models import Partner
from tenants.models import Tenant


class PartnerFacts(serializers.ModelSerializer):
    """A partner; its name is the label of all its postings."""

    class Meta:
        model = Partner
        fields = ("id", "name", "about", "website")
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "name": {"validators": []}
        }  # the action says what is taken


class StaffDocument(serializers.ModelSerializer):
    class Meta:
        model = Person
        fields = ("id", "given_name", "family_name", "email", "is_active")


class StaffTerms(serializers.Serializer):
    given_name = serializers.CharField(max_length=80)
    family_name = serializers.CharField(max_length=80)
    email = serializers.EmailField()


class StaffActive(serializers.Serializer):
    person = serializers.UUIDField()
    active = serializers.BooleanField()


class SettingsDocument(serializers.ModelSerializer):
    """What a school sets for itself. Pursuits that run keep their deadline."""

    pursuit_days = serializers.IntegerField(min_value=1, max_value=90)
    color = serializers.RegexField(r"^#[0-9a-fA-F]{6}$")
    short_name = serializers.CharField(max_length=12, allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)

    class Meta:
        model = Tenant
        fields = ("pursuit_days", "short_name", "color", "language")
