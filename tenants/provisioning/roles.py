"""Roles and grants: what PostgreSQL itself lets each tenant do.

Every statement can be repeated; `portico migrate` runs them where rights are not as declared.
What is granted is declared in portico.settings.schemas, table by table.
"""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from psycopg import sql

from portico.settings import schemas
from tenants.names import region_of, schools_role


def ensure_web_login(cursor: Any) -> None:
    """The site's login: no superuser, owns nothing, inherits nothing, may take tenants' roles."""
    login = settings.DATABASES["default"]["USER"]
    password = settings.DATABASES["default"].get("PASSWORD") or None
    ensure_role(cursor, login)
    # A new role is no superuser and may create nothing; saying so again would need one.
    cursor.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOINHERIT PASSWORD {}").format(
            sql.Identifier(login), sql.Literal(password)
        )
    )
    # Django would otherwise spend a statement a connection on this.
    cursor.execute(sql.SQL("ALTER ROLE {} SET timezone = 'UTC'").format(sql.Identifier(login)))


def ensure_role(cursor: Any, name: str) -> None:
    """Make the NOLOGIN role *name* unless it is there (roles are the whole cluster's)."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if cursor.fetchone():
        return
    cursor.execute(
        sql.SQL(
            """
            DO $$ BEGIN
                CREATE ROLE {role} NOLOGIN;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another database of this cluster was faster
            END $$
            """
        ).format(role=sql.Identifier(name))
    )


def grant_public(cursor: Any) -> None:
    """The site's login reads the registry; nobody makes tables in public."""
    login = settings.DATABASES["default"]["USER"]
    cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    _grant_tables(cursor, schema="public", role=login, grants=schemas.PUBLIC_GRANTS)


def grant_region(cursor: Any, *, region: str) -> None:
    """The region's own role, and the group role its schools inherit."""
    group = schools_role(region)
    ensure_role(cursor, region)
    ensure_role(cursor, group)
    for role in (region, group):
        _grant_usage(cursor, schema=region, role=role)
    _grant_tables(cursor, schema=region, role=region, grants=schemas.REGION_GRANTS)
    _grant_tables(cursor, schema=region, role=group, grants=schemas.SHARED_GRANTS)
    cursor.execute(
        sql.SQL("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {} FROM PUBLIC").format(
            sql.Identifier(region)
        )
    )
    for role, functions in (
        (group, schemas.SHARED_FUNCTIONS),
        (region, schemas.REGION_FUNCTIONS),
    ):
        for function in functions:
            cursor.execute(
                sql.SQL("GRANT EXECUTE ON FUNCTION {}.{} TO {}").format(
                    sql.Identifier(region), sql.SQL(function), sql.Identifier(role)
                )
            )
    _let_site_become(cursor, role=region)


def grant_school(cursor: Any, *, schema: str, is_new: bool = False) -> None:
    """The school's role on its own schema, and its membership in the region's group.

    *is_new*: nobody was ever given a right here, so none is taken back, which is half the work.
    """
    region = region_of(schema)
    if region is None:
        raise ValueError(f"{schema} is not a school's schema")
    ensure_role(cursor, schema)
    statements = [
        _usage(schema=schema, role=schema),
        *_table_rights(schema=schema, role=schema, grants=schemas.SCHOOL_GRANTS, revoke=not is_new),
        sql.SQL("GRANT {} TO {} WITH INHERIT TRUE, SET FALSE").format(
            sql.Identifier(schools_role(region)), sql.Identifier(schema)
        ),
        _becoming(role=schema),
    ]
    cursor.execute(sql.SQL(";\n").join(statements))  # one round trip: schools are many


def rights_to_new_tables(*, schema: str, tables: Collection[str]) -> sql.Composed:
    """What grant_school says of *tables*, which a migration has just made in a school.

    ValueError when nobody has said who may use one of them.
    """
    if undeclared := set(tables) - schemas.SCHOOL_GRANTS.keys():
        names = ", ".join(sorted(undeclared))
        raise ValueError(f"{names}: no rights are declared in portico.settings.schemas")
    grants = {table: schemas.SCHOOL_GRANTS[table] for table in sorted(tables)}
    rights = _table_rights(schema=schema, role=schema, grants=grants, revoke=False)
    return sql.SQL(";\n").join(rights)


def _let_site_become(cursor: Any, *, role: str) -> None:
    cursor.execute(_becoming(role=role))


def _becoming(*, role: str) -> sql.Composed:
    return sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(
        sql.Identifier(role), sql.Identifier(settings.DATABASES["default"]["USER"])
    )


def _grant_usage(cursor: Any, *, schema: str, role: str) -> None:
    cursor.execute(_usage(schema=schema, role=role))


def _usage(*, schema: str, role: str) -> sql.Composed:
    return sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(
        sql.Identifier(schema), sql.Identifier(role)
    )


def _grant_tables(cursor: Any, *, schema: str, role: str, grants: dict[str, str]) -> None:
    for statement in _table_rights(schema=schema, role=role, grants=grants):
        cursor.execute(statement)


def _table_rights(
    *, schema: str, role: str, grants: dict[str, str], revoke: bool = True
) -> list[sql.Composed]:
    """One statement for each set of privileges, so that a school costs a few milliseconds."""
    tables_by_rights: dict[str, list[str]] = {}
    for table, rights in grants.items():
        tables_by_rights.setdefault(rights, []).append(table)
    statements = []
    for rights, tables in tables_by_rights.items():
        names = sql.SQL(", ").join(sql.Identifier(schema, table) for table in tables)
        if revoke:
            statements.append(
                sql.SQL("REVOKE ALL ON {} FROM {}").format(names, sql.Identifier(role))
            )
        statements.append(
            sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), names, sql.Identifier(role))
        )
    return statements
