"""A school's data leaves as files anybody can read, and comes back row by row."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connections
from psycopg import sql

from portico import cli
from portico.accounts.models import Person
from portico.audit.models import Entry
from portico.audit.sealing import seal_history, verify_history
from portico.documents.links import make_link
from portico.documents.reaching import Reach
from portico.due.models import DueWork
from portico.internships.models import Placement
from portico.internships.recount import recount
from portico.notices.actions import tell
from portico.privacy.archive import export_school
from portico.privacy.arriving import import_school, open_archive
from portico.privacy.leaving import leave_region, move_school
from portico.privacy.student_archive import export_student
from sharing.models import Hold, PoolListing
from tenants.context import OWNER, public_context, tenant_context
from tenants.errors import Refused
from tenants.ids import new_id
from tenants.models import Domain, Tenant
from tenants.provisioning.inspection import inspect_database
from tenants.provisioning.provision import provision_region, provision_school
from tests.portico.backups.rows import rows_of
from tests.world import School

pytestmark = pytest.mark.usefixtures("committed_db")
ARRIVAL = ("audit_entry",)  # gains that the school has come


def forget(region: str) -> None:
    """Take a region of a test away with all its schools."""
    with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        for tenant in Tenant.objects.filter(schema_name__startswith=region).order_by("-kind"):
            cursor.execute(
                sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(
                    sql.Identifier(tenant.schema_name)
                )
            )
            Domain.objects.filter(tenant_id=tenant.pk).delete()
            Tenant.objects.filter(pk=tenant.pk).delete()


@pytest.fixture
def queens():
    provision_region(code="queens", name="Queens")
    yield "queens"
    forget("queens")


@pytest.fixture
def newcomer():
    """A school of the Bronx that may go: the three of the tests stay."""
    provision_school(region="bronx", code="newcomer", name="Newcomer High")
    yield School("bronx__newcomer")
    forget("bronx__newcomer")
    with tenant_context("bronx", using=OWNER):
        DueWork.objects.filter(school="bronx__newcomer").delete()


def sound(*schemas: str) -> None:
    for region in {schema.partition("__")[0] for schema in schemas}:
        assert recount(region=region) == []
    assert [line for finding in inspect_database() for line in finding.off] == []
    for schema in schemas:
        with tenant_context(schema):
            assert verify_history().faults == []


def test_the_round_trip_is_row_by_row(newcomer, queens, tmp_path: Path):
    newcomer.placement(newcomer.opportunity(title="Baker, “early”", capacity=2).id, state="active")
    newcomer.placement(newcomer.opportunity().id, state="pursuing")
    with newcomer:
        seal_history(subject_id=new_id())
    before = rows_of(newcomer.schema)
    history = set(before["audit_entry"])
    export_school(schema=newcomer.schema, target=tmp_path / "all.zip", with_secrets=True)
    school, lines = import_school(archive=tmp_path / "all.zip", region=queens, code="baker")
    after = rows_of(school.schema_name)
    for table in set(before) - {"audit_entry", "django_migrations"}:
        assert after[table] == before[table], table
    assert history < set(after["audit_entry"])
    assert (school.schema_name, school.name, lines) == ("queens__baker", "Newcomer High", [])
    sound("bronx__newcomer", school.schema_name)
    with tenant_context("queens", using=OWNER):
        kinds = DueWork.objects.filter(school=school.schema_name).values_list("kind", flat=True)
        assert "expire" in kinds
    with tenant_context(school.schema_name):
        assert Entry.objects.order_by("-id").first().action == "school_arrived"  # numbered on


def test_secrets_stay_at_home_unless_wanted(newcomer, tmp_path: Path):
    with newcomer:
        person = Person(email="a@example.org", given_name="Ada", family_name="Reyes")
        person.set_password("a long enough secret")
        person.save()
    export_school(schema=newcomer.schema, target=tmp_path / "all.zip")
    everything = b"".join(_files(tmp_path / "all.zip").values())
    assert b"Reyes" in everything
    assert person.password.encode() not in everything
    assert not {"tables/django_session.csv", "tables/accounts_apitoken.csv"} & set(
        _files(tmp_path / "all.zip")
    )
    assert (tmp_path / "all.zip").stat().st_mode & 0o077 == 0


def test_what_lets_somebody_in_stays_at_home(newcomer, tmp_path: Path):
    """Links of guardians and mentors; the link of a mail that has not gone yet."""
    with newcomer:
        placement = newcomer.placement(newcomer.opportunity().id, state="pursuing")
        link, secret = make_link(
            placement=placement, giver="guardian", reach=Reach("Gloria", "g@example.org", "en")
        )
        tell(kind="sign_in_code", person=placement.student, data={}, secret="in-a-mail-to-come")
    export_school(schema=newcomer.schema, target=tmp_path / "all.zip")
    files = _files(tmp_path / "all.zip")
    assert "tables/documents_documentlink.csv" not in files
    assert "tables/notices_notice.csv" in files
    everything = b"".join(files.values())
    for kept_back in (link.secret_hash, secret, "in-a-mail-to-come"):
        assert kept_back.encode() not in everything
    export_school(schema=newcomer.schema, target=tmp_path / "with.zip", with_secrets=True)
    assert b"in-a-mail-to-come" in b"".join(_files(tmp_path / "with.zip").values())


def test_it_reads_without_the_portal(newcomer, tmp_path: Path):
    newcomer.opportunity(title="Ünïque, with comma", description="Two\nlines")
    paper_id = new_id()
    paper = f"{newcomer.schema}/{paper_id}"
    storages["documents"].save(paper, ContentFile(b"%PDF-1.7"))
    export_school(schema=newcomer.schema, target=tmp_path / "all.zip")
    storages["documents"].delete(paper)
    files = _files(tmp_path / "all.zip")
    rows = list(csv.DictReader(io.StringIO(files["tables/catalog_opportunity.csv"].decode())))
    assert [(row["title"], row["description"]) for row in rows] == [
        ("Ünïque, with comma", "Two\nlines")
    ]
    assert json.loads(files["school.json"])["name"] == "Newcomer High"
    assert b"Newcomer High" in files["README.txt"]
    assert files[f"attachments/{paper_id}"] == b"%PDF-1.7"


def test_a_damaged_archive_makes_nothing(newcomer, queens, tmp_path: Path):
    newcomer.opportunity()
    export_school(schema=newcomer.schema, target=tmp_path / "all.zip")
    files = _files(tmp_path / "all.zip")
    files["tables/catalog_site.csv"] += b"more\n"
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    with pytest.raises(Refused, match="changed"):
        import_school(archive=tmp_path / "bad.zip", region=queens)
    (tmp_path / "bad.zip").write_bytes(b"nothing of the kind")
    with pytest.raises(Refused, match="broken"):
        open_archive(tmp_path / "bad.zip")
    assert not Tenant.objects.filter(schema_name__startswith="queens__").exists()


def test_an_archive_of_another_release_is_refused_whole(newcomer, queens, tmp_path: Path):
    export_school(schema=newcomer.schema, target=tmp_path / "all.zip")
    files = _files(tmp_path / "all.zip")
    manifest = json.loads(files["manifest.json"])
    manifest["migrations"].pop()
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as zipped:
        for name, content in (files | {"manifest.json": json.dumps(manifest).encode()}).items():
            zipped.writestr(name, content)
    with pytest.raises(Refused, match="release"):
        import_school(archive=tmp_path / "old.zip", region=queens)
    assert not Tenant.objects.filter(schema_name="queens__newcomer").exists()


def test_a_school_moves_and_nobody_else_notices(newcomer, met, academy, queens, tmp_path: Path):
    used = newcomer.opportunity(title="Used elsewhere", capacity=3)
    listing = newcomer.release(used, slots=2)
    academy.placement(listing, state="active")
    unused = newcomer.release(newcomer.opportunity(title="Unused"))
    of_met = met.release(met.opportunity(capacity=3), slots=3)
    works, looks = (newcomer.placement(of_met, state=one) for one in ("active", "pursuing"))
    others = rows_of(met.schema), rows_of(academy.schema)
    school, lines = move_school(
        schema=newcomer.schema, region=queens, archive=tmp_path / "moved.zip"
    )
    assert (rows_of(met.schema), rows_of(academy.schema)) == others
    assert not Tenant.objects.filter(schema_name=newcomer.schema).exists()
    with tenant_context("bronx", using=OWNER):
        kept = PoolListing.objects.get(id=listing)
        assert (kept.state, kept.slots, kept.taken) == ("closed", 1, 1)
        assert not PoolListing.objects.filter(id=unused).exists()
        assert PoolListing.objects.get(id=of_met).taken == 0
        assert not Hold.objects.filter(school=newcomer.schema).exists()
        assert not DueWork.objects.filter(school=newcomer.schema).exists()
    with tenant_context(school.schema_name):
        kept_on = Placement.objects.select_related("opportunity__mentor").get(id=works.id)
        assert (kept_on.state, kept_on.source) == ("active", "own")
        assert "@" in kept_on.opportunity.mentor.email  # the mentor goes on hearing from us
        ended = Placement.objects.get(id=looks.id)
        assert (ended.state, "moved" in ended.reason) == ("withdrawn", True)
    assert any("released slots come home; 1 go on" in line for line in lines)
    sound("bronx__met", "bronx__academy", school.schema_name)


def test_a_move_that_fails_leaves_the_school_where_it_was(newcomer, tmp_path: Path):
    newcomer.placement(newcomer.opportunity().id, state="active")
    before = rows_of(newcomer.schema), rows_of("bronx")
    with pytest.raises(Refused, match="no_region"):
        move_school(schema=newcomer.schema, region="nowhere", archive=tmp_path / "moved.zip")
    assert (rows_of(newcomer.schema), rows_of("bronx")) == before
    assert not (tmp_path / "moved.zip").exists()


def test_a_school_leaves_and_comes_back_from_its_archive(newcomer, tmp_path: Path):
    placement = newcomer.placement(newcomer.opportunity().id, state="active")
    leave_region(schema=newcomer.schema, archive=tmp_path / "left.zip")
    assert not Tenant.objects.filter(schema_name=newcomer.schema).exists()
    import_school(archive=tmp_path / "left.zip", region="bronx")
    with newcomer:
        assert Placement.objects.get().id == placement.id
    sound(newcomer.schema)


def test_a_students_record_has_what_is_theirs_and_nobody_elses(newcomer, tmp_path: Path):
    offer = newcomer.opportunity(title="Baker", capacity=3)
    mine = newcomer.placement(offer.id, state="active")
    other = newcomer.placement(offer.id, state="active")
    export_student(
        schema=newcomer.schema, email=mine.student.email, target=tmp_path / "student.zip"
    )
    record = json.loads(_files(tmp_path / "student.zip")["record.json"])
    assert [row["id"] for row in record["internships_placement"]] == [str(mine.id)]
    assert [row["id"] for row in record["accounts_person"]] == [str(mine.student_id)]
    assert {row["subject_id"] for row in record["audit_entry"]} <= {
        str(mine.id), str(mine.student_id), *(row["id"] for rows in record.values() for row in rows
                                              if isinstance(row.get("id"), str)),
    }  # fmt: skip
    text = json.dumps(record)
    assert str(other.id) not in text
    assert str(other.student_id) not in text
    assert "password" not in text
    with pytest.raises(Refused, match="not_found"):
        export_student(
            schema=newcomer.schema, email="nobody@example.org", target=tmp_path / "none.zip"
        )


def test_commands_from_end_to_end(newcomer, queens, tmp_path: Path, capsys):
    newcomer.opportunity()
    file = tmp_path / "all.zip"
    assert cli.run(["export", "school", "bronx/newcomer", str(file)]) == 0
    assert cli.run(["export", "school", "bronx/newcomer", str(file)]) == 1
    assert "nothing is written over" in capsys.readouterr().err
    assert cli.run(["school", "arrive", str(file), "--region", "queens"]) == 0
    assert "newcomer.queens.localhost" in capsys.readouterr().out
    away = tmp_path / "away.zip"
    assert cli.run(["school", "leave", "queens", "newcomer", str(away), "--again", "x"]) == 1
    assert cli.run(["school", "leave", "queens", "newcomer", str(away), "--again", "newcomer"]) == 0
    assert away.exists()


def _files(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}
