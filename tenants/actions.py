"""Changing what the registry says about a tenant."""

from tenants.context import public_context
from tenants.models import Tenant

SETTINGS = ("pursuit_days", "color", "short_name", "language")  # what schemas.PUBLIC_GRANTS allow


def change_settings(
    *, schema: str, pursuit_days: int, color: str, short_name: str, language: str
) -> Tenant:
    """Change a tenant's settings; ValidationError with the fields at fault."""
    with public_context():
        tenant = Tenant.objects.select_for_update().get(schema_name=schema)
        tenant.pursuit_days = pursuit_days
        tenant.color = color.lower()
        tenant.short_name = short_name
        tenant.language = language
        others = [field.name for field in Tenant._meta.fields if field.name not in SETTINGS]
        tenant.clean_fields(exclude=others)
        tenant.save(update_fields=SETTINGS)
    return tenant
