"""What probes are told: by IP, with parts away, with migrations missing."""

import json

import pytest
from django.db import connections
from django.test import Client

from portico import embedded
from portico.operating import health
from tenants.context import OWNER, tenant_context
from tests.running_site import running_site


@pytest.fixture(autouse=True)
def _ask_anew():
    health._up_to_date.clear()
    yield
    health._up_to_date.clear()


@pytest.mark.django_db
def test_all_is_well():
    response = Client(SERVER_NAME="10.0.0.7").get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "valkey": "ok",
    }
    assert response["Cache-Control"] == "no-store"


@pytest.fixture
def lacking(committed_db):
    """The region's schema lacks a migration, as before `portico setup` of a new release."""
    with tenant_context("bronx", using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = 'x' || name WHERE app = 'sharing'")
    yield
    with tenant_context("bronx", using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = substr(name, 2) WHERE app = 'sharing'")


def test_a_region_that_lacks_a_migration_is_noticed_until_it_has_it(lacking):
    response = Client(SERVER_NAME="bronx.localhost").get("/readyz")
    assert response.status_code == 503
    assert response.json()["status"] == "not ready"
    assert response.json()["migrations"] == "behind"
    assert response.json()["database"] == "ok"


@pytest.mark.django_db
def test_without_valkey_the_site_is_degraded_and_not_dead(settings, tmp_path):
    with embedded.valkey(tmp_path / "valkey") as url:
        pass  # it has stopped: nobody listens there
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": url}}
    response = Client(SERVER_NAME="bronx.localhost").get("/readyz")
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["valkey"] == "down"


def test_without_a_database_the_process_lives_and_is_not_ready(tmp_path):
    nowhere = "host=127.0.0.1 port=1 dbname=none"
    with running_site(tmp_path, DATABASE_URL=nowhere, WEB_DATABASE_URL="") as site:
        assert site.get("/healthz").status == 200
        answer = site.get("/readyz")
        assert answer.status == 503
        assert json.loads(answer.body)["database"] == "down"
        assert json.loads(answer.body)["migrations"] == "unknown"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_by_ip_is_not_sent_to_https(settings, path):
    settings.SECURE_SSL_REDIRECT = True
    assert Client(SERVER_NAME="10.0.0.7").get(path).status_code == 200
