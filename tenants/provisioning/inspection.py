"""Is the database as it should be? Questions to the catalog; nothing is changed.

`portico doctor` shows the answers, a line each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from portico.settings import schemas
from tenants.context import OWNER, kind_of, public_context
from tenants.models import Tenant
from tenants.names import schools_role
from tenants.provisioning.compiling import apps_of
from tenants.provisioning.rights import (
    Grants,
    declared,
    membership_faults,
    memberships,
    rights_by_role,
)

EXTENSIONS = ("pg_trgm", "unaccent")
AT_LEAST = {
    "max_locks_per_transaction": 256,  # making or removing a school locks each of its tables
    "max_connections": 100,
}
MUST_BE = {
    "jit": "off",  # a page's queries end before it has compiled them
    "autovacuum": "on",  # nobody else cleans tens of thousands of tables
    "server_encoding": "UTF8",
}
OLDEST_SERVER = 16
# What schools read of the region's: all of it is narrowed by rows, but for views that narrow
# themselves, for words that are the same for everybody, and for tables nobody may write to.
WALLED_TABLES = tuple(
    sorted(
        schemas.SHARED_GRANTS.keys()
        - {"sharing_visible_listing", "sharing_own_listing"}
        - {"sharing_partner", "sharing_synonym"}
        - {"account_emailaddress", "account_emailconfirmation"}
    )
)


@dataclass(frozen=True)
class Finding:
    """What was looked at, and what is off there; nothing off is a good finding."""

    about: str
    off: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.off


def inspect_database() -> Iterator[Finding]:
    """One finding a subject, the cheap and general ones first."""
    with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        yield _server(cursor)
        yield _server_settings(cursor)
        yield _extensions(cursor)
        yield _login(cursor)
        tenants = list(
            Tenant.objects.exclude(kind="public")
            .order_by("kind", "schema_name")
            .values_list("schema_name", flat=True)
        )
        yield _roles(cursor, tenants)
        yield _memberships(cursor, tenants)
        yield _grants(cursor, tenants)
        regions = [name for name in tenants if kind_of(name) == "region"]
        yield _row_security(cursor, regions)
        yield _functions(cursor, regions)
        yield _open_by_default(cursor, tenants)
        yield _migrations(cursor, ["public", *tenants])


def _server(cursor: Any) -> Finding:
    cursor.execute("SHOW server_version_num")
    version = int(cursor.fetchone()[0]) // 10_000
    off = () if version >= OLDEST_SERVER else (f"is {version}, {OLDEST_SERVER} is needed",)
    return Finding(f"PostgreSQL {version}", off)


def _server_settings(cursor: Any) -> Finding:
    """What thousands of tables and many short transactions need of the server."""
    off = []
    for name, fewest in AT_LEAST.items():
        if int(_setting(cursor, name)) < fewest:
            off.append(f"{name} is {_setting(cursor, name)}, set it to {fewest} or more")
    for name, wanted in MUST_BE.items():
        if _setting(cursor, name) != wanted:
            off.append(f"{name} is {_setting(cursor, name)}, set it to {wanted}")
    return Finding(f"server settings: {', '.join((*AT_LEAST, *MUST_BE))}", tuple(off))


def _setting(cursor: Any, name: str) -> str:
    cursor.execute("SELECT current_setting(%s)", [name])
    value: str = cursor.fetchone()[0]
    return value


def _extensions(cursor: Any) -> Finding:
    cursor.execute("SELECT extname FROM pg_extension")
    there = {name for (name,) in cursor.fetchall()}
    return Finding(
        "extensions", tuple(f"{name} is missing" for name in EXTENSIONS if name not in there)
    )


def _login(cursor: Any) -> Finding:
    login = settings.DATABASES["default"]["USER"]
    cursor.execute(
        "SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolbypassrls, rolcanlogin"
        " FROM pg_roles WHERE rolname = %s",
        [login],
    )
    row = cursor.fetchone()
    if row is None:
        return Finding(f"the site's login {login}", ("is missing",))
    words = (
        "is a superuser",
        "inherits its tenants' rights",
        "may make roles",
        "may make databases",
        "passes row-level security",
    )
    off = [word for word, is_so in zip(words, row, strict=False) if is_so]
    if not row[-1]:
        off.append("may not log in")
    cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", [f'"{login}"'])
    if owned := cursor.fetchone()[0]:
        off.append(f"owns {owned} tables or indexes")
    return Finding(f"the site's login {login}", tuple(off))


def _roles(cursor: Any, tenants: list[str]) -> Finding:
    wanted = {*tenants, *(schools_role(name) for name in tenants if kind_of(name) == "region")}
    cursor.execute(
        "SELECT rolname, rolcanlogin OR rolsuper OR rolbypassrls FROM pg_roles"
        " WHERE rolname = ANY(%s)",
        [list(wanted)],
    )
    there = dict(cursor.fetchall())
    off = [f"{name} is missing" for name in sorted(wanted - there.keys())]
    off += [f"{name} may do more than a tenant should" for name in sorted(there) if there[name]]
    return Finding(f"roles of {len(tenants)} regions and schools", tuple(off))


def _memberships(cursor: Any, tenants: list[str]) -> Finding:
    """The site may become each tenant, inheriting nothing; schools inherit their region's group."""
    there = memberships(cursor)
    off = [line for name in tenants for line in membership_faults(name, there)]
    return Finding("who may become whom", tuple(off))


def _grants(cursor: Any, tenants: list[str]) -> Finding:
    there = rights_by_role(cursor)
    login = settings.DATABASES["default"]["USER"]
    wanted = {login: declared("public", schemas.PUBLIC_GRANTS)}
    for name in tenants:
        if kind_of(name) == "school":
            wanted[name] = declared(name, schemas.SCHOOL_GRANTS)
        else:
            wanted[name] = declared(name, schemas.REGION_GRANTS)
            wanted[schools_role(name)] = declared(name, schemas.SHARED_GRANTS)
    off = [
        line
        for role, grants in wanted.items()
        for line in _compare(role, there.get(role, {}), grants)
    ]
    return Finding("rights on tables, as portico.settings.schemas declares them", tuple(off))


def _compare(role: str, there: Grants, wanted: Grants) -> list[str]:
    off = []
    for key in sorted(there.keys() | wanted.keys()):
        table = ".".join(key)
        if lacking := wanted.get(key, set()) - there.get(key, set()):
            off.append(f"{role} lacks {', '.join(sorted(lacking))} on {table}")
        if spare := there.get(key, set()) - wanted.get(key, set()):
            off.append(f"{role} has {', '.join(sorted(spare))} on {table}, undeclared")
    return off


def _row_security(cursor: Any, regions: list[str]) -> Finding:
    cursor.execute(
        """
        SELECT n.nspname, c.relname, c.relrowsecurity
               AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY(%s) AND c.relname = ANY(%s) AND c.relkind = 'r'
        """,
        [regions, list(WALLED_TABLES)],
    )
    walled = {(schema, table) for schema, table, is_on in cursor.fetchall() if is_on}
    off = [
        f"{region}.{table} is open"
        for region in regions
        for table in WALLED_TABLES
        if (region, table) not in walled
    ]
    return Finding("row-level security of the pool", tuple(off))


def _functions(cursor: Any, regions: list[str]) -> Finding:
    """Schools and the region may call what is declared for them, and nobody any other."""
    off = []
    for region in regions:
        wanted = {
            (role, name.replace("timestamptz", "timestamp with time zone"))
            for role, names in (
                (schools_role(region), schemas.SHARED_FUNCTIONS),
                (region, schemas.REGION_FUNCTIONS),
            )
            for name in names
        }
        cursor.execute(
            """
            SELECT coalesce(r.rolname, 'everybody'),
                   p.proname || '(' || oidvectortypes(p.proargtypes) || ')'
            FROM pg_proc p,
                 aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                 LEFT JOIN pg_roles r ON r.oid = a.grantee
            WHERE p.pronamespace = %s::regnamespace AND a.grantee <> p.proowner
            """,
            [f'"{region}"'],
        )
        there = set(cursor.fetchall())
        off += [f"{role} cannot call {region}.{name}" for role, name in sorted(wanted - there)]
        off += [
            f"{role} may call {region}.{name}, undeclared" for role, name in sorted(there - wanted)
        ]
    return Finding("who may call the functions of the pool", tuple(off))


def _open_by_default(cursor: Any, tenants: list[str]) -> Finding:
    """What is made later must not be open: no default privileges, nothing for everybody."""
    cursor.execute(
        "SELECT coalesce(n.nspname, 'any schema') FROM pg_default_acl d"
        " LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace"
    )
    off = [f"default privileges in {schema}" for (schema,) in cursor.fetchall()]
    cursor.execute(
        """
        SELECT n.nspname || '.' || c.relname, a.privilege_type
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
        WHERE a.grantee = 0 AND n.nspname = ANY(%s)
        """,
        [["public", *tenants]],
    )
    off += [f"everybody has {right} on {name}" for name, right in cursor.fetchall()]
    return Finding("nothing open by default", tuple(off))


def _migrations(cursor: Any, names: list[str]) -> Finding:
    files = set(MigrationLoader(None).disk_migrations or ())
    off = []
    for name in names:
        apps = apps_of(kind_of(name))
        cursor.execute("SELECT to_regclass(%s)", [f'"{name}".django_migrations'])
        if cursor.fetchone()[0] is None:
            off.append(f"{name} has no tables; run: portico migrate")
            continue
        cursor.execute(f'SELECT app, name FROM "{name}".django_migrations')  # noqa: S608 - our own
        done = set(cursor.fetchall())
        waiting = sorted(f"{app}.{each}" for app, each in files - done if app in apps)
        if waiting:
            off.append(f"{name} waits for {', '.join(waiting)}; run: portico migrate")
    return Finding(f"migrations of {len(names)} schemas", tuple(off))
