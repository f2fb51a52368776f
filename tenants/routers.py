"""Which connection a query takes; which app's tables are made in which kind of schema."""

from typing import Any

from django.conf import settings
from django.db import connections
from django_tenants.routers import TenantSyncRouter

from tenants.context import OWNER, current_alias, kind_of, on_replica


class SchemaRouter(TenantSyncRouter):
    """Migrations run only on the owner's connection, only for the schema's own apps.

    Inside `tenant_context(…, using=OWNER)` every query goes there too: a school and its
    first coordinator are made in one transaction by the same actions pages use. Inside a
    block that reads from a replica likewise, writes too, which are errors there: a page is
    of one server.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return current_alias() if current_alias() == OWNER or on_replica() else None

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        if db != OWNER:
            return False
        schema = connections[db].schema_name  # type: ignore[attr-defined]
        kind = kind_of(schema)
        return self.app_in_list(app_label, settings.TENANT_TYPES[kind]["APPS"]) or False
