"""What a school sets for itself: days to pursue, colour, name on the badge, language."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.rules import require_role
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.actions import record
from tenants.actions import change_settings
from tenants.context import current_schema
from tenants.errors import Refused
from tenants.queries import tenant_by_schema


@transaction.atomic
def change_school_settings(
    *, actor: Person, pursuit_days: int, color: str, short_name: str, language: str
) -> None:
    """Change the current school's settings. Pursuits that run keep their deadline."""
    require_role(actor, Role.COORDINATOR)
    if language not in dict(settings.LANGUAGES):
        raise Refused("language", _("Choose a language of the list."), field="language")
    wanted = {
        "pursuit_days": pursuit_days,
        "color": color,
        "short_name": short_name.strip(),
        "language": language,
    }
    school = tenant_by_schema(current_schema())
    before = {name: getattr(school, name) for name in wanted}
    school = change_settings(schema=school.schema_name, **wanted)  # type: ignore[arg-type]
    record(action="settings_changed", subject=school, actor=actor, before=before, after=wanted)
