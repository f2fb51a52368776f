"""The plain way: django-tenants' own backend, router and standard executor."""

import time

from django.db import connections
from django.test.utils import override_settings
from django_tenants.migration_executors.standard import StandardExecutor
from psycopg import sql

from tenants.context import OWNER

ALIAS = "stock"
OPTIONS = {
    "database": ALIAS, "verbosity": 0, "interactive": False, "fake": False, "fake_initial": False,
    "run_syncdb": False, "plan": False, "check_unapplied": False, "prune": False,
    "skip_checks": True, "force_color": False, "no_color": True, "traceback": False,
    "app_label": None, "migration_name": None, "settings": None, "pythonpath": None,
}  # fmt: skip


def connect_stock() -> None:
    """Give *ALIAS* a connection of django-tenants' own backend, as the owner."""
    if ALIAS not in connections.settings:
        owner = connections[OWNER].settings_dict
        connections.settings[ALIAS] = {**owner, "ENGINE": "django_tenants.postgresql_backend"}
        connections[ALIAS].ensure_connection()


def migrate_by_stock(schema: str, *, new: bool = False) -> float:
    """Seconds that django-tenants takes to migrate the school *schema*, made first if *new*."""
    connect_stock()
    began = time.perf_counter()
    with override_settings(
        DATABASE_ROUTERS=["django_tenants.routers.TenantSyncRouter"], TENANT_DB_DATABASE=ALIAS
    ):
        if new:
            with connections[ALIAS].cursor() as cursor:
                cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        StandardExecutor((), dict(OPTIONS)).run_multi_type_migrations([(schema, "school")])
    connections[ALIAS].set_schema_to_public()
    return time.perf_counter() - began
