"""Names of schemas and roles, as pure functions of the tenant's code.

A region's schema is its code (`bronx`); a school's is `<region>__<school>`
(`bronx__met`). The schema's name is also the name of its PostgreSQL role, so that
`current_user` inside a policy is the tenant. Codes allow no underscore, which
makes the mapping reversible and keeps group roles (`bronx_schools`) out of reach.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PUBLIC = "public"
SEPARATOR = "__"
CODE = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,26}[a-z0-9])?$")
RESERVED_CODES = frozenset({"public", "www", "api", "static", "postgres", "information-schema"})


def validate_code(code: str) -> None:
    """Raise ValidationError unless *code* can be a host label, a schema and a role."""
    if not CODE.match(code) or code in RESERVED_CODES or code.startswith("pg"):
        raise ValidationError(
            _("Use 1 to 28 lower-case letters, digits or hyphens, not “%(code)s”."),
            code="code",
            params={"code": code},
        )


def school_schema(*, region: str, school: str) -> str:
    """The schema (and role) of school *school* in region *region*: `bronx__met`."""
    return f"{region}{SEPARATOR}{school}"


def region_of(schema: str) -> str | None:
    """The region's schema for a school's schema; None for a region's or public."""
    region, separator, _school = schema.partition(SEPARATOR)
    return region if separator else None


def schools_role(region: str) -> str:
    """The group role every school of *region* inherits: rights on what is shared."""
    return f"{region}_schools"


def search_path(schema: str, *, include_public: bool = True) -> list[str]:
    """Schemas PostgreSQL searches for *schema*, first match first."""
    if schema == PUBLIC:
        return [PUBLIC]
    path = [schema]
    if include_public:
        region = region_of(schema)
        if region:
            path.append(region)
        path.append(PUBLIC)
    return path
