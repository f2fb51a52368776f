"""A region beside the one of all tests, for what is done to whole schemas."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tenants.context import OWNER, public_context
from tenants.models import Domain, Tenant
from tenants.names import schools_role
from tenants.provisioning.provision import provision_region, provision_school, remove_school
from tests.tenants.releases import CODES, REGION, SCHOOLS, NextRelease, sites


@pytest.fixture
def release(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> NextRelease:
    """The next release; it begins as this one and is gone after the test."""
    return NextRelease(tmp_path, settings, monkeypatch)


@pytest.fixture(scope="module")
def region(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock():
        provision_region(code=REGION, name="Queens")
        yield REGION
        with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
            group = schools_role(REGION)
            cursor.execute(f"DROP SCHEMA {REGION} CASCADE; DROP OWNED BY {REGION}, {group}")
            Domain.objects.filter(tenant__code=REGION).delete()
            Tenant.objects.filter(code=REGION).delete()


@pytest.fixture
def queens(region: str, committed_db: None, release: NextRelease) -> Iterator[list[str]]:
    """Four schools, gone after the test with what the release did to their region."""
    for code in CODES:
        provision_school(region=region, code=code, name=code.title())
        sites(f"{region}__{code}", "Queens Library")
    yield SCHOOLS
    for schema in SCHOOLS:
        remove_school(schema=schema)
    names = [name.partition(".")[2] for name in release.names]
    with connections[OWNER].cursor() as cursor:
        for schema in ("public", region):
            cursor.execute(f"DELETE FROM {schema}.django_migrations WHERE name = ANY(%s)", [names])
        cursor.execute(f"TRUNCATE {region}.sharing_partner CASCADE")
