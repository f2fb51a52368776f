"""Which tenants a command is about."""

from tenants.errors import Refused
from tenants.names import school_schema


def chosen_schemas(*, region: str | None, school: str | None, everything: bool) -> list[str] | None:
    """Schemas for `--region CODE`, `--school REGION/SCHOOL` or `--all` (None); exactly one."""
    if sum((bool(region), bool(school), everything)) != 1:
        raise Refused("choose", "Say one of --region CODE, --school REGION/SCHOOL, --all.")
    if school:
        home, slash, code = school.partition("/")
        if not (home and slash and code):
            raise Refused("choose", f"Write the school as bronx/met, not {school}.")
        return [school_schema(region=home, school=code)]
    return [region] if region else None
