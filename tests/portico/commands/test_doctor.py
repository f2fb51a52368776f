"""`portico doctor` finds each kind of fault; `portico ddl` finds a changed table."""

import pytest
from django.db import connections, transaction

from portico import cli
from tenants.context import OWNER, public_context
from tenants.provisioning import ddl
from tenants.provisioning.inspection import inspect_database

pytestmark = pytest.mark.usefixtures("committed_db")

FAULTS = {
    "a server that compiles each query": ("SET LOCAL jit = on", "jit is on, set it to off"),
    "a function nobody may call any more": (
        "REVOKE EXECUTE ON FUNCTION bronx.pool_close(uuid) FROM bronx_schools",
        "bronx_schools cannot call bronx.pool_close(uuid)",
    ),
    "a function that was to stay inside": (
        "GRANT EXECUTE ON FUNCTION bronx.pool_tidy(uuid) TO bronx__met",
        "bronx__met may call bronx.pool_tidy(uuid), undeclared",
    ),
    "tables to come, open already": (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA bronx GRANT SELECT ON TABLES TO bronx__met",
        "default privileges in bronx",
    ),
    "a table for everybody": (
        "GRANT SELECT ON bronx__met.catalog_site TO PUBLIC",
        "everybody has SELECT on bronx__met.catalog_site",
    ),
    "a table a school may not touch any more": (
        'REVOKE SELECT ON bronx__met.catalog_site FROM "bronx__met"',
        "bronx__met lacks SELECT on bronx__met.catalog_site",
    ),
    "a table a school was never meant to read": (
        "GRANT SELECT ON bronx.sharing_poollisting TO bronx__met",
        "bronx__met has SELECT on bronx.sharing_poollisting, undeclared",
    ),
    "another school's table": (
        "GRANT SELECT ON bronx__academy.accounts_person TO bronx__met",
        "bronx__met has SELECT on bronx__academy.accounts_person, undeclared",
    ),
    "a wall taken down": (
        "ALTER TABLE bronx.sharing_hold DISABLE ROW LEVEL SECURITY",
        "bronx.sharing_hold is open",
    ),
    "the wall of a table that came later": (
        "ALTER TABLE bronx.sharing_rollup DISABLE ROW LEVEL SECURITY",
        "bronx.sharing_rollup is open",
    ),
    "a function of the region's own, given to schools": (
        "GRANT EXECUTE ON FUNCTION bronx.pool_tell(text, uuid, uuid) TO bronx__met",
        "bronx__met may call bronx.pool_tell(text, uuid, uuid), undeclared",
    ),
    "a policy dropped": (
        "DROP POLICY own_due_work ON bronx.due_duework",
        "bronx.due_duework is open",
    ),
    "a site that inherits": ("ALTER ROLE portico_web INHERIT", "inherits its tenants' rights"),
    "a school out of its group": (
        "REVOKE bronx_schools FROM bronx__met",
        "bronx__met does not inherit bronx_schools",
    ),
    "a school nobody can become": (
        "REVOKE bronx__met FROM portico_web",
        "portico_web cannot become bronx__met as it should",
    ),
    "a migration not run": (
        "DELETE FROM bronx__met.django_migrations WHERE name = '0003_cultivation'",
        "bronx__met waits for catalog.0003_cultivation; run: portico migrate",
    ),
}


def faults_found() -> list[str]:
    return [line for finding in inspect_database() for line in finding.off]


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found(name: str) -> None:
    statement, line = FAULTS[name]
    with public_context(using=OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute(statement)
        assert faults_found() == [line]
        transaction.set_rollback(True, using=OWNER)


def test_a_sound_database_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["doctor"]) == 0
    printed = capsys.readouterr().out
    assert "off" not in printed
    assert printed.count("ok ") >= 10


def test_the_prepared_tables_are_those_of_the_migrations(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.run(["ddl", "--check"]) == 0, capsys.readouterr().out


def test_a_changed_table_is_shown(
    tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "school.sql"
    other.write_text(ddl.SCHOOL_DDL.read_text().replace('"short', '"long').replace("120", "60", 1))
    monkeypatch.setattr(ddl, "SCHOOL_DDL", other)
    assert cli.run(["ddl", "--check"]) == 1
    assert "They differ" in capsys.readouterr().out
    assert cli.run(["ddl"]) == 0
    assert cli.run(["ddl", "--check"]) == 0
