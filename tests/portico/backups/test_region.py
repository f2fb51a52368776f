"""A whole region back, and everything into a database that has nothing yet."""

import os
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from portico import cli
from portico.backups.making import make_backup
from portico.backups.manifest import open_backup
from portico.backups.restoring import restore_region
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.recount import recount
from sharing.models import Hold, PoolListing
from sharing.schools import remove_school
from tenants.context import OWNER
from tenants.provisioning.inspection import inspect_database
from tenants.provisioning.provision import provision_school
from tests.portico.backups.rows import rows_of
from tests.running_site import portico
from tests.world import School

pytestmark = pytest.mark.usefixtures("committed_db")
# history says that it was restored, and a recount is planned; nobody is signed in
CHANGED_BY_RESTORING = ("audit_entry", "signin_session", "due_duework")


def sound() -> None:
    assert recount(region="bronx") == []
    assert [line for finding in inspect_database() for line in finding.off] == []


@pytest.fixture
def newcomer():
    provision_school(region="bronx", code="newcomer", name="Newcomer High")
    yield School("bronx__newcomer")
    connections["default"].close()
    with connections[OWNER].cursor() as cursor:
        cursor.execute("DELETE FROM bronx.sharing_hold; DELETE FROM bronx.sharing_mentorcontact")
        cursor.execute("DELETE FROM bronx.sharing_poollisting")
    remove_school(region="bronx", code="newcomer")


def test_a_region_and_its_schools_are_as_they_were(tmp_path, met, academy, bronx):
    bronx.posting()
    placement = academy.placement(met.release(met.opportunity()), state="active")
    schemas = ("bronx", met.schema, academy.schema)
    before = {schema: rows_of(schema, but=CHANGED_BY_RESTORING) for schema in schemas}
    assert cli.run(["backup", "--region", "bronx", str(tmp_path / "kept")]) == 0
    with academy:
        actions.end_placement(
            placement_id=placement.id, actor=academy.coordinator(), completed=True
        )
    met.opportunity()
    bronx.posting()
    assert cli.run(["restore", "--region", "bronx", str(tmp_path / "kept")]) == 0
    assert {schema: rows_of(schema, but=CHANGED_BY_RESTORING) for schema in schemas} == before
    sound()
    academy.placement(met.release(met.opportunity()), state="active")  # functions and rights
    sound()


def test_a_school_that_joined_since_stays_and_is_reconciled(tmp_path, met, newcomer, bronx):
    listing = met.release(met.opportunity(capacity=2), slots=2)
    make_backup(folder=tmp_path / "kept", schemas=["bronx"])
    backup = open_backup(tmp_path / "kept")
    backup.tenants.remove(newcomer.schema)  # as if it had joined after the backup
    placement = newcomer.placement(listing, state="active")
    theirs = newcomer.release(newcomer.opportunity(), ask_owner=True)
    done = restore_region(backup=backup, region="bronx")
    assert any("slot taken again" in line for line in done.lines)
    with newcomer:
        assert Placement.objects.get(id=placement.id).state == "active"
    with bronx:
        assert Hold.objects.get().school == newcomer.schema
        assert PoolListing.objects.get(id=theirs).ask_owner
    sound()


def test_everything_into_an_empty_database(tmp_path, met, academy):
    """After a fire: another server, `portico setup`, `portico restore --all`."""
    academy.placement(met.release(met.opportunity()), state="pursuing")
    before = rows_of(met.schema, but=CHANGED_BY_RESTORING)
    assert cli.run(["backup", "--all", str(tmp_path / "kept")]) == 0
    name = settings.DATABASES[OWNER]["NAME"] + "_anew"
    address = psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=name)
    try:
        for command in (["setup"], ["restore", "--all", str(tmp_path / "kept")], ["doctor"]):
            portico(address, *command)
        with psycopg.connect(address) as anew:
            for table, rows in before.items():
                found = anew.execute(
                    sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(
                        sql.Identifier(met.schema, table)
                    )
                )
                assert [text for (text,) in found] == rows, table
        portico(address, "ledger", "verify")
    finally:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
            owner.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def test_what_is_asked_for_must_be_there(tmp_path: Path, capsys) -> None:
    kept = str(tmp_path / "kept")
    for command, said in {
        ("backup", kept): "Say one of",
        ("backup", "--school", "met", kept): "Write the school as bronx/met",
        ("backup", "--school", "bronx/none", kept): "There is no bronx__none",
        ("restore", "--all", kept): "There is no backup in",
    }.items():
        assert cli.run(list(command)) == 1
        assert said in capsys.readouterr().err
    assert not Path(kept).exists()
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "mine.txt").write_text("a letter")
    assert cli.run(["backup", "--all", kept]) == 1
    assert "is not empty" in capsys.readouterr().err
