"""A school from prepared DDL: all of it or none of it, and the same as from migrations."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from psycopg import sql

from portico.accounts.models import Person
from tenants.context import OWNER, public_context, tenant_context
from tenants.models import Domain, Tenant
from tenants.provisioning.ddl import SCHOOL_DDL, read_ddl
from tenants.provisioning.migrate import migrate_schema
from tenants.provisioning.provision import provision_school, remove_school


def _schemas() -> set[str]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace")
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture
def newcomer(committed_db):
    school = provision_school(region="bronx", code="newcomer", name="Newcomer High")
    yield school
    if "bronx__newcomer" in _schemas():
        remove_school(schema="bronx__newcomer")


def test_prepared_ddl_is_what_the_migrations_make(committed_db):
    """Object by object: columns, constraints, indexes, applied migrations."""
    scratch = "bronx__scratch"
    with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(scratch)))
    try:
        migrate_schema(schema=scratch)
        with tenant_context(scratch, using=OWNER), connections[OWNER].cursor() as cursor:
            from_migrations = read_ddl(cursor, schema=scratch)
    finally:
        with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(scratch)))
    assert SCHOOL_DDL.read_text().split("\n\n") == from_migrations.split("\n\n"), (
        "run `portico ddl` after changing a school's models"
    )


def test_a_new_school_works_at_once(newcomer):
    with tenant_context("bronx__newcomer"):
        Person.objects.create(email="a@example.org", given_name="A", family_name="B")
        assert Person.objects.count() == 1
    with tenant_context("bronx__newcomer", using=OWNER), connections[OWNER].cursor() as cursor:
        # tables to the letter; PostgreSQL writes an index's condition anew each time it reads it
        made = read_ddl(cursor, schema="bronx__newcomer").split("\n\n")
        prepared = SCHOOL_DDL.read_text().split("\n\n")
        assert [s for s in made if s.startswith("CREATE TABLE")] == [
            s for s in prepared if s.startswith("CREATE TABLE")
        ]
        assert len(made) == len(prepared)
    with public_context():
        assert Domain.objects.get(tenant=newcomer).domain == "newcomer.bronx.localhost"
    assert migrate_schema(schema="bronx__newcomer") == []


def test_removing_forgets_schema_host_and_row(newcomer):
    remove_school(schema="bronx__newcomer")
    assert "bronx__newcomer" not in _schemas()
    with public_context():
        assert not Tenant.objects.filter(code="newcomer").exists()
        assert not Domain.objects.filter(domain__startswith="newcomer").exists()


@pytest.mark.parametrize("code", ["met", "Met", "a__b", "public"])
def test_a_code_in_use_or_unusable_says_so_and_leaves_nothing(committed_db, code):
    before = _schemas()
    with pytest.raises(ValidationError) as error:
        provision_school(region="bronx", code=code, name="Another")
    assert "code" in error.value.message_dict
    assert _schemas() == before


def test_a_failure_half_way_leaves_nothing(committed_db, monkeypatch):
    def broken(cursor, **which):
        raise RuntimeError("the power went out")

    monkeypatch.setattr("tenants.provisioning.provision.grant_school", broken)
    with pytest.raises(RuntimeError):
        provision_school(region="bronx", code="unlucky", name="Unlucky High")
    assert "bronx__unlucky" not in _schemas()
    with public_context():
        assert not Tenant.objects.filter(code="unlucky").exists()


def test_set_up_again_changes_nothing(committed_db):
    from tenants.setup import set_up_database

    lines: list[str] = []
    summary = set_up_database(progress=lines.append)
    assert any("bronx__met" in line for line in lines)
    assert (summary.migrated, summary.granted, summary.up_to_date) == ({}, [], 4)
