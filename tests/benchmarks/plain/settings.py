"""django-tenants as its documentation sets it up, round the portal's apps; see __init__.py."""

import os

from portico.settings.test import *  # noqa: F403
from portico.settings.test import DATABASES, MIDDLEWARE, TENANT_TYPES

SHARED_SCHEMA = os.environ["BENCH_REGION"]

TENANT_MIDDLEWARE = "django_tenants.middleware.main.TenantMainMiddleware"
MIDDLEWARE = [
    TENANT_MIDDLEWARE,  # "at the very top", it asks
    *(one for one in MIDDLEWARE if one != "tenants.middleware.TenantMiddleware"),
]
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_SYNC_ROUTER = "django_tenants.routers.TenantSyncRouter"
TENANT_TYPES = TENANT_TYPES | {
    "school": TENANT_TYPES["school"] | {"URLCONF": "tests.benchmarks.plain.urls"}
}
# Its setting for tables that tenants share: here the region's, added in urls.py, for at the
# start it refuses the name of a tenant.
PG_EXTRA_SEARCH_PATHS: list[str] = []
_OWNER = DATABASES["owner"]
DATABASES = {
    "default": {
        "ENGINE": "django_tenants.postgresql_backend",
        **{key: _OWNER[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")},
    }
}
WHITENOISE_AUTOREFRESH = False
