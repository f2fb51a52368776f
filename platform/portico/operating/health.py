"""Can this process serve? What it needs, asked one after another."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from redis.exceptions import RedisError

from tenants.context import current_alias, tenant_context
from tenants.names import PUBLIC
from tenants.queries import region_schemas

OK, DOWN, BEHIND, UNKNOWN = "ok", "down", "behind", "unknown"

_up_to_date: set[str] = set()  # schemas that have all of this release's migrations, once found so


@dataclass(frozen=True)
class Health:
    """Each part `ok`, `down`, `behind` (migrations) or `unknown` (the database is down)."""

    database: str
    migrations: str
    valkey: str

    @property
    def is_ready(self) -> bool:
        """Pages can be served. Without Valkey they can: it wakes workers and counts attempts."""
        return self.database == OK and self.migrations == OK

    @property
    def status(self) -> str:
        if not self.is_ready:
            return "not ready"
        return OK if self.valkey == OK else "degraded"


def check_health() -> Health:
    """Ask PostgreSQL and Valkey; never raises. Cheap once the migrations have been found whole."""
    valkey = _valkey()
    try:
        behind = _is_behind()
    except DatabaseError:
        return Health(database=DOWN, migrations=UNKNOWN, valkey=valkey)
    return Health(database=OK, migrations=BEHIND if behind else OK, valkey=valkey)


def _valkey() -> str:
    try:
        cache.get("health")
    except RedisError:
        return DOWN
    return OK


def _is_behind() -> bool:
    """Does the registry or a region lack a migration of this release?

    Schools are brought up to date one after another while the site runs, and a release
    works with those that are not yet: `portico doctor` names them.
    """
    return any(_lacks_migrations(schema) for schema in [PUBLIC, *region_schemas()])


def _lacks_migrations(schema: str) -> bool:
    if schema in _up_to_date:
        return False
    apps = settings.TENANT_TYPES["public" if schema == PUBLIC else "region"]["APPS"]
    with tenant_context(schema), connections[current_alias()].cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    if _of_this_release(apps) <= applied:
        _up_to_date.add(schema)
        return False
    return True


def _of_this_release(apps: Iterable[str]) -> set[tuple[str, str]]:
    labels = {name.rpartition(".")[2] for name in apps}
    disk = MigrationLoader(None).disk_migrations or {}
    return {key for key in disk if key[0] in labels}
