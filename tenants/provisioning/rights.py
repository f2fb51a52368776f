"""What rights tenants' roles have, beside what portico.settings.schemas declares.

Asked of all schemas at once: a question a school would read the catalog a thousand times.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.conf import settings

from portico.settings import schemas
from tenants.names import region_of, schools_role

Grants = dict[tuple[str, str], set[str]]  # (schema, table) -> rights
Memberships = dict[tuple[str, str], tuple[bool, bool]]  # (role, member) -> (inherits, may become)


def rights_by_role(cursor: Any) -> dict[str, Grants]:
    """The rights on whole tables and views that each role was granted, in all schemas."""
    cursor.execute(
        """
        SELECT r.rolname, n.nspname, c.relname, array_agg(a.privilege_type)
        FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
             CROSS JOIN LATERAL aclexplode(c.relacl) a
             JOIN pg_roles r ON r.oid = a.grantee
        WHERE c.relkind IN ('r', 'v') AND a.grantee <> c.relowner
        GROUP BY 1, 2, 3
        """
    )
    found: dict[str, Grants] = defaultdict(dict)
    for role, schema, table, rights in cursor.fetchall():
        found[role][schema, table] = set(rights)
    return found


def memberships(cursor: Any) -> Memberships:
    """Who inherits from whom, and who may become whom."""
    cursor.execute(
        "SELECT pg_get_userbyid(roleid), pg_get_userbyid(member), inherit_option, set_option"
        " FROM pg_auth_members"
    )
    return {
        (role, member): (inherits, may_become)
        for role, member, inherits, may_become in cursor.fetchall()
    }


def declared(schema: str, grants: dict[str, str]) -> Grants:
    """Declared rights on whole tables, without those on single columns (`UPDATE (color)`)."""
    return {
        (schema, table): {right.strip() for right in rights.partition("UPDATE (")[0].split(",")}
        - {""}
        for table, rights in grants.items()
    }


def membership_faults(name: str, there: Memberships) -> list[str]:
    """What keeps the site from becoming tenant *name*, or a school from its region's group."""
    off = []
    login = settings.DATABASES["default"]["USER"]
    if there.get((name, login)) != (False, True):
        off.append(f"{login} cannot become {name} as it should")
    region = region_of(name)
    if region and there.get((schools_role(region), name)) != (True, False):
        off.append(f"{name} does not inherit {schools_role(region)}")
    return off


def faulty_rights(cursor: Any, names: Collection[str]) -> dict[str, set[str]]:
    """School → what is not as declared there: tables, memberships. After a change, a restore.

    A table that is still to be made is among them.
    """
    there, members = rights_by_role(cursor), memberships(cursor)
    found = {}
    for name in names:
        rights, wanted = there.get(name, {}), declared(name, schemas.SCHOOL_GRANTS)
        off = {table for (_, table), each in wanted.items() if rights.get((name, table)) != each}
        if off := off | set(membership_faults(name, members)):
            found[name] = off
    return found
