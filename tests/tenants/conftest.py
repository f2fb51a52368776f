"""A region beside the one of all tests, for what is done to whole schemas; a streaming standby."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tenants import hosts, replicas
from tenants.context import OWNER, public_context
from tenants.models import Domain, Tenant
from tenants.names import schools_role
from tenants.provisioning.provision import provision_region, provision_school, remove_school
from tests.standby import REPLICA, Pair, site_on, streaming_pair
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


@pytest.fixture(scope="module")
def pair(django_db_blocker: Any) -> Iterator[Pair]:
    # Whatever stands in the way of the log is broken off at once.
    impatient = {"max_standby_streaming_delay": "0"}
    with django_db_blocker.unblock(), streaming_pair(**impatient) as made, site_on(made):
        hosts.forget_hosts()
        provision_region(code="bronx", name="Bronx")
        for code in ("met", "academy"):
            provision_school(region="bronx", code=code, name=code.title())
        yield made
        hosts.forget_hosts()


@pytest.fixture
def followed(pair: Pair, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing that a slow machine does makes the standby too old to be read."""
    settings.REPLICA_MOST_LAG = 3600
    monkeypatch.setattr(hosts, "KEEP_SECONDS", 3600.0)
    replicas.forget()
    replicas.lag_bound.lsn()  # of now: what a test writes later may be lacking
    yield
    for alias in ("default", REPLICA):
        connections[alias].close()


@pytest.fixture
def standby(pair: Pair, followed: None) -> Iterator[Pair]:
    """Read by every page that may, until a test pauses it."""
    yield pair
    pair.resume()
    pair.catch_up()
