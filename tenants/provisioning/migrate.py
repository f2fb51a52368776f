"""Applying migrations to one schema by Django's own way, in one transaction."""

from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tenants.context import OWNER, public_context, tenant_context


def migrate_schema(*, schema: str) -> list[str]:
    """Bring *schema* up to date; return the names of the migrations applied."""
    with tenant_context(schema, using=OWNER):
        executor = MigrationExecutor(connections[OWNER])
        executor.loader.check_consistent_history(connections[OWNER])
        targets = executor.loader.graph.leaf_nodes()
        plan = executor.migration_plan(targets)
        if plan:
            executor.migrate(targets, plan)
        else:
            executor.recorder.ensure_schema()
        return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def sql_of_public() -> str:
    """What the shared schema lacks, as SQL; empty when nothing."""
    with public_context(using=OWNER):
        executor = MigrationExecutor(connections[OWNER])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        return "\n".join(executor.loader.collect_sql(plan))
