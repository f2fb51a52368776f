"""The tests' settings with what production has and tests have not: connections that are kept."""

from portico.settings.test import *  # noqa: F403
from portico.settings.test import DATABASES, TENANT_TYPES

DATABASES["default"]["CONN_MAX_AGE"] = None
TENANT_TYPES = TENANT_TYPES | {
    "school": TENANT_TYPES["school"] | {"URLCONF": "tests.benchmarks.site_urls"}
}
WHITENOISE_AUTOREFRESH = False
TENANT_MIDDLEWARE = "tenants.middleware.TenantMiddleware"
