"""Many schools brought to the next release: all of them, each whole, whatever happens to one."""

from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connections
from psycopg import sql

from catalog.models import Site
from portico import cli
from portico.settings import schemas
from sharing.models import Partner
from tenants.context import OWNER, tenant_context
from tenants.provisioning import rollout
from tenants.provisioning.compiling import Applied, Script, compile_script, known_migrations
from tenants.provisioning.ddl import read_ddl
from tenants.provisioning.migrate import migrate_schema
from tenants.provisioning.rollout import migrate_tenants, plan_tenants
from tests.tenants.releases import HERE, REGION, NextRelease, sites

UNIQUE = """
    operations = [
        migrations.AddConstraint(
            "site", models.UniqueConstraint(fields=["name"], name="one_site_a_name")),
    ]
"""
SHOUT = """
    def shout(apps, editor):
        Site = apps.get_model("catalog", "Site")
        for site in Site.objects.using(editor.connection.alias):
            site.name = site.name.upper()
            site.save()

    operations = [migrations.RunPython(shout)]
"""


_compiled: dict[tuple[str, Applied, Applied, str], Script] = {}


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch, release: NextRelease) -> None:
    """Short waits; and what an equal release does is worked out once, for that takes seconds."""

    def compile_once(*, schema: str, applied: Applied) -> Script:
        key = (schema, applied, known_migrations(), release.text())
        if key not in _compiled:
            _compiled[key] = compile_script(schema=schema, applied=applied)
        return _compiled[key]

    monkeypatch.setattr(rollout, "LOCK_WAITS", (0.05, 0.1))
    monkeypatch.setattr(rollout, "compile_script", compile_once)


def column(schema: str, name: str) -> list[str]:
    with tenant_context(schema, using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT {} FROM catalog_site ORDER BY 1").format(sql.Identifier(name))
        )
        return [value for (value,) in cursor.fetchall()]


def ddl(schema: str) -> list[str]:
    with tenant_context(schema, using=OWNER), connections[OWNER].cursor() as cursor:
        return read_ddl(cursor, schema=schema).split("\n\n")


def has_column(schema: str, name: str) -> bool:
    return any(f'"{name}"' in statement for statement in ddl(schema))


def test_replaying_makes_what_django_makes(queens: list[str], release: NextRelease) -> None:
    name = release.adds_motto()
    *replayed, by_django = queens
    summary = migrate_tenants(only="queens__[acf]*")
    assert summary.is_good
    assert summary.migrated == {REGION: (name,), **dict.fromkeys(replayed, (name,))}
    assert migrate_schema(schema=by_django) == [name]
    for schema in replayed:
        assert ddl(schema) == ddl(by_django)
    again = migrate_tenants(only="queens__[acf]*")
    assert (again.migrated, again.granted, again.failed) == ({}, [], {})


def test_a_new_table_has_its_wall_at_once(queens: list[str], release: NextRelease) -> None:
    release.adds_motto()
    assert migrate_tenants(only=HERE).is_good
    with tenant_context(queens[0]), connections["default"].cursor() as cursor:
        cursor.execute("INSERT INTO catalog_parade (site_id) SELECT id FROM catalog_site")
        assert cursor.rowcount == 1
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        tenant_context(queens[0]),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(f'SELECT * FROM "{queens[1]}".catalog_parade')


def test_a_new_table_nobody_declared_stops_at_once(
    queens: list[str], release: NextRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    release.adds_motto()
    monkeypatch.delitem(schemas.SCHOOL_GRANTS, "catalog_parade")
    summary = migrate_tenants(only=HERE)
    assert set(summary.failed) == set(queens)
    assert "catalog_parade" in summary.failed[queens[0]]
    assert not has_column(queens[0], "motto")


def test_python_runs_in_every_school_on_its_own_rows(
    queens: list[str], release: NextRelease
) -> None:
    release.adds("catalog", "shout", SHOUT)
    # alters the table that was just written to, in the same transaction
    release.adds_motto()
    sites(queens[1], "Corona Park")
    assert migrate_tenants(only=HERE).is_good
    assert column(queens[0], "name") == ["QUEENS LIBRARY"]
    assert column(queens[1], "name") == ["CORONA PARK", "QUEENS LIBRARY"]
    assert column(queens[0], "motto") == ["–"]


def test_rows_that_sql_wrote_do_not_stop_the_next_change(
    queens: list[str], release: NextRelease
) -> None:
    release.adds_motto()
    for name, statement in {
        "march": "INSERT INTO catalog_parade (site_id) SELECT id FROM catalog_site",
        "band": "ALTER TABLE catalog_parade ADD band text",
    }.items():
        release.adds("catalog", name, f"    operations = [migrations.RunSQL({statement!r})]")
    assert migrate_tenants(only=HERE).is_good
    assert has_column(queens[3], "band")


def test_one_school_that_fails_is_named_and_left_whole(
    queens: list[str], release: NextRelease, capsys: pytest.CaptureFixture[str]
) -> None:
    sites(queens[1], "Queens Library")  # two of a name: the constraint cannot be
    release.adds_motto()
    release.adds("catalog", "unique", UNIQUE)
    assert cli.run(["migrate", "--schools", HERE]) == 1
    printed = capsys.readouterr().out
    assert "3 up to date" not in printed
    assert "1 failed" in printed
    assert f"{queens[1]}: IntegrityError: could not create unique index" in printed
    assert not has_column(queens[1], "motto")  # nothing of the first migration either
    assert all(has_column(queens[n], "motto") for n in (0, 2, 3))

    with tenant_context(queens[1]):
        Site.objects.first().delete()
    summary = migrate_tenants(only=HERE)
    assert list(summary.migrated) == [queens[1]]
    assert ddl(queens[1]) == ddl(queens[0])


def test_a_school_in_use_is_tried_again_after_the_others(
    queens: list[str], release: NextRelease
) -> None:
    release.adds_motto()
    with psycopg.connect(**_address()) as visitor:
        visitor.execute(f"LOCK TABLE {queens[0]}.catalog_site IN ACCESS SHARE MODE")
        seen: list[str] = []

        def progress(line: str) -> None:
            seen.append(line.rpartition(" ")[2])
            if seen.count(queens[0]) == 2:
                visitor.rollback()

        summary = migrate_tenants(only=HERE, progress=progress)
    assert summary.is_good
    assert seen == [REGION, *queens, queens[0]]


def test_a_school_in_use_all_the_time_is_reported(queens: list[str], release: NextRelease) -> None:
    release.adds_motto()
    with psycopg.connect(**_address()) as visitor:
        visitor.execute(f"LOCK TABLE {queens[0]}.catalog_site IN ACCESS SHARE MODE")
        summary = migrate_tenants(only=HERE)
    assert list(summary.failed) == [queens[0]]
    assert "lock timeout" in summary.failed[queens[0]]
    assert not has_column(queens[0], "motto")
    assert list(migrate_tenants(only=HERE).migrated) == [queens[0]]


def test_killed_in_the_middle_it_goes_on(queens: list[str], release: NextRelease) -> None:
    release.adds_motto()

    def killed(line: str) -> None:
        if line.endswith(queens[2]):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate_tenants(only=HERE, progress=killed)
    assert [has_column(schema, "motto") for schema in queens] == [True, True, False, False]
    assert list(migrate_tenants(only=HERE).migrated) == queens[2:]


def test_a_connection_that_is_cut_costs_one_school(queens: list[str], release: NextRelease) -> None:
    release.adds_motto()

    def cut(line: str) -> None:
        if line.endswith(queens[1]):
            with connections[OWNER].cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                pid = cursor.fetchone()[0]
            with psycopg.connect(**_address(), autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])

    summary = migrate_tenants(only=HERE, progress=cut)
    assert list(summary.failed) == [queens[1]]
    assert list(migrate_tenants(only=HERE).migrated) == [queens[1]]


def test_a_pattern_nobody_matches_is_said(
    queens: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["migrate", "--schools", "qeens__*"]) == 1
    assert "No school's schema matches qeens__*" in capsys.readouterr().err


def test_schools_are_grouped_by_what_they_have(queens: list[str], release: NextRelease) -> None:
    first = release.adds_motto()
    migrate_tenants(only=queens[0])
    second = release.adds("catalog", "unique", UNIQUE)
    plan = {tuple(group.schemas): group.sql for group in plan_tenants(only=HERE)}
    assert set(plan) == {("public",), (REGION,), (queens[0],), tuple(queens[1:])}
    assert "motto" not in plan[queens[0],]
    assert "motto" in plan[tuple(queens[1:])]
    summary = migrate_tenants(only=HERE)
    assert summary.migrated[queens[0]] == (second,)
    assert summary.migrated[queens[1]] == (first, second)


def test_schools_wait_for_their_region(queens: list[str], release: NextRelease) -> None:
    release.adds_motto()
    divide = "SELECT 1 / (1 - count(*)) FROM sharing_partner"
    release.adds("sharing", "divide", f"    operations = [migrations.RunSQL({divide!r})]")
    with tenant_context(REGION):
        Partner.objects.create(name="Bridge Works")
    summary = migrate_tenants(only=HERE)
    assert "division by zero" in summary.failed.pop(REGION)
    assert summary.failed == dict.fromkeys(queens, "waits for its region queens")
    assert not has_column(queens[0], "motto")


def test_a_migration_without_transaction_is_refused(
    queens: list[str], release: NextRelease
) -> None:
    release.adds("catalog", "motto", "    operations = []\n    atomic = False\n")
    summary = migrate_tenants(only=HERE)
    assert set(summary.failed) == set(queens)
    assert "atomic = False" in summary.failed[queens[0]]


def test_rights_are_put_right_without_a_migration(queens: list[str]) -> None:
    with psycopg.connect(**_address()) as owner:
        owner.execute(f"REVOKE INSERT ON {queens[2]}.catalog_site FROM {queens[2]}")
        owner.execute(f"REVOKE {queens[3]} FROM portico_web")
    summary = migrate_tenants(only=HERE)
    assert summary.granted == [queens[2], queens[3]]
    sites(queens[2], "Flushing Meadows")
    sites(queens[3], "Jamaica Bay")


def test_rights_are_put_right_along_with_a_migration(
    queens: list[str], release: NextRelease
) -> None:
    with psycopg.connect(**_address()) as owner:
        owner.execute(f"REVOKE INSERT ON {queens[2]}.catalog_site FROM {queens[2]}")
    release.adds_motto()
    assert migrate_tenants(only=HERE).is_good
    sites(queens[2], "Flushing Meadows")


def test_a_dry_run_shows_the_sql_and_changes_nothing(
    queens: list[str], release: NextRelease, capsys: pytest.CaptureFixture[str]
) -> None:
    release.adds_motto()
    release.adds("catalog", "shout", SHOUT)
    before = ddl(queens[0])
    assert cli.run(["migrate", "--dry-run", "--schools", HERE]) == 0
    printed = capsys.readouterr().out
    assert "-- 4 schemas: queens__astoria, queens__corona, queens__flushing, …" in printed
    assert 'ALTER TABLE "catalog_site" ADD COLUMN "motto"' in printed
    assert "shout runs Python" in printed
    assert ddl(queens[0]) == before


def _address() -> dict[str, Any]:
    parameters = connections[OWNER].get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return {name: parameters[name] for name in names if parameters.get(name)}
