"""A region that has moved is taken out of its old cell: all of it, nothing of others, resumable."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg.conninfo import make_conninfo

from portico import cli
from portico.accounts.models import Person
from portico.backups import moving
from portico.backups.moving import frozen, remains_of, remove_region
from tenants.context import OWNER, tenant_context
from tenants.errors import Refused
from tenants.models import Domain, Tenant
from tenants.provisioning.provision import provision_region, provision_school

REGION = "departing"  # roles are the whole server's: no other test has this one
SCHOOLS = ("east", "west")


@pytest.fixture(scope="module")
def region(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Made once, as that takes the longest; the last test takes it away."""
    with django_db_blocker.unblock():
        provision_region(code=REGION, name="Departing")
        for code in SCHOOLS:
            provision_school(region=REGION, code=code, name=code.title())
        yield REGION
        remove_region(region=REGION)
        connections[OWNER].close()


def _left() -> dict[str, int]:
    """What the database still has of the region."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_namespace WHERE starts_with(nspname, %s)),"
            " (SELECT count(*) FROM pg_roles WHERE starts_with(rolname, %s))",
            [REGION, REGION],
        )
        schemas, roles = cursor.fetchone()
    return {
        "schemas": schemas,
        "roles": roles,
        "tenants": Tenant.objects.filter(schema_name__startswith=REGION).count(),
        "hosts": Domain.objects.filter(domain__contains=REGION).count(),
    }


def _other_session() -> psycopg.Connection:
    parameters = connections[OWNER].get_connection_params()
    names = ("user", "password", "host", "port")
    address = {name: parameters[name] for name in names if parameters.get(name)}
    return psycopg.connect(make_conninfo(dbname=settings.DATABASES[OWNER]["NAME"], **address))


def test_it_asks_and_shows_first(region: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["region", "remove", region]) == 1
    said = capsys.readouterr()
    assert "departing: 2 schools, " in said.out
    assert "--moved" in said.err
    assert cli.run(["region", "remove", region, "--moved", "--again", "bronx"]) == 1
    assert cli.run(["region", "remove", "nowhere", "--moved", "--again", "nowhere"]) == 1
    assert _left() == {"schemas": 3, "roles": 4, "tenants": 3, "hosts": 3}


def test_frozen_is_read_and_not_written(region: str) -> None:
    with frozen(region=region) as still, _other_session() as other:
        other.execute("SET lock_timeout = '50ms'")
        assert other.execute("SELECT count(*) FROM departing__east.accounts_person").fetchone()
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("DELETE FROM departing__east.accounts_person")
        still()


def test_a_lock_that_is_lost_is_noticed(region: str) -> None:
    def lose_it() -> None:
        with frozen(region=region) as still, _other_session() as other:
            own = connections[OWNER].connection.info.backend_pid
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [own])
            still()

    with pytest.raises(Refused, match="thawed"):
        lose_it()
    connections[OWNER].close()


def test_too_many_locks_are_refused_before_they_are_taken(
    region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "ROOM", 0.0)
    with pytest.raises(Refused, match="too_large"), frozen(region=region):
        pass


def test_broken_off_it_goes_on_and_nothing_else_goes(
    region: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(moving, "WAIT", "50ms")
    others = Tenant.objects.exclude(schema_name__startswith=REGION).count()
    remove = ["region", "remove", region, "--moved", "--again", region]
    with _other_session() as other:
        other.execute("SELECT count(*) FROM departing__west.accounts_person")
        assert cli.run(remove) == 1
        assert "departing__west is at work" in capsys.readouterr().err
        # nobody finds it, and what could go has gone
        assert _left() == {"schemas": 2, "roles": 4, "tenants": 0, "hosts": 0}
        assert remains_of(region=region).schools == ["departing__west"]
    with connections[OWNER].cursor() as cursor:  # as if another database had such a school
        cursor.execute("GRANT CONNECT ON DATABASE postgres TO departing__east")
    assert cli.run(remove) == 0
    assert "the role departing__east stays" in capsys.readouterr().out
    with connections[OWNER].cursor() as cursor:
        cursor.execute("REVOKE CONNECT ON DATABASE postgres FROM departing__east")
    assert remove_region(region=region) == []
    assert _left() == {"schemas": 0, "roles": 0, "tenants": 0, "hosts": 0}
    assert Tenant.objects.exclude(schema_name__startswith=REGION).count() == others
    with tenant_context("bronx__met"):
        assert not Person.objects.exists()  # its tables are there
