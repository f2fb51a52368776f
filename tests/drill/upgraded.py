"""The drill's settings with the release to come."""

from portico.settings import schemas
from tests.drill.settings import *  # noqa: F403
from tests.drill.settings import INSTALLED_APPS, TENANT_TYPES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.drill.upgrade"]
TENANT_TYPES = {
    **TENANT_TYPES,
    "school": {
        **TENANT_TYPES["school"],
        "APPS": [*TENANT_TYPES["school"]["APPS"], "tests.drill.upgrade"],
    },
}
schemas.SCHOOL_GRANTS["drill_upgrade"] = schemas.ALL
