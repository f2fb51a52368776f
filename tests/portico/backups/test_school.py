"""One school back into a running region: it is as it was, nobody else is touched."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connections
from django.utils import timezone

from portico import cli
from portico.accounts.models import Person
from portico.audit.models import Entry
from portico.audit.sealing import seal_history, verify_history
from portico.backups.files import put_files_back
from portico.backups.making import make_backup
from portico.backups.manifest import Backup, open_backup
from portico.backups.restoring import restore_school
from portico.documents.files import files_of
from portico.due.runner import run_due
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.recount import recount
from sharing.actions import recall_slots, release_slots
from sharing.models import Hold, OwnListing, PoolListing
from sharing.schools import remove_school
from tenants.context import OWNER, public_context, tenant_context
from tenants.errors import Refused
from tenants.ids import new_id
from tenants.models import Domain, Tenant
from tenants.provisioning.inspection import inspect_database
from tests.portico.backups.rows import rows_of
from tests.s3 import running_bucket

pytestmark = pytest.mark.usefixtures("committed_db")
# history gains the restore itself, and nobody is signed in
CHANGED_BY_RESTORING = ("audit_entry", "signin_session")


@pytest.fixture
def backed_up(tmp_path: Path):
    """Backs the region up when called."""

    def back_up() -> Backup:
        make_backup(folder=tmp_path / "backup", schemas=["bronx"])
        return open_backup(tmp_path / "backup")

    return back_up


def sound() -> None:
    """The ledger is what its rows say, rights are as declared, history is whole."""
    assert recount(region="bronx") == []
    assert [line for finding in inspect_database() for line in finding.off] == []
    for schema in ("bronx", "bronx__met", "bronx__academy"):
        with tenant_context(schema):
            assert verify_history().faults == []


def test_row_by_row_as_it_was_and_others_untouched(backed_up, met, academy, bronx):
    met.placement(met.opportunity(capacity=2).id, state="active")
    academy.placement(met.release(met.opportunity(capacity=3)), state="pursuing")
    with met:
        seal_history(subject_id=new_id())
    with bronx:
        due = set(_due_of_met())
    before, others = rows_of(met.schema, but=CHANGED_BY_RESTORING), rows_of(academy.schema)
    history = rows_of(met.schema)["audit_entry"]
    backup = backed_up()
    met.placement(met.opportunity().id, state="pursuing")
    with met:
        Person.objects.filter(given_name="Pat").update(family_name="Changed")
    done = restore_school(backup=backup, schema=met.schema)
    assert rows_of(met.schema, but=CHANGED_BY_RESTORING) == before
    assert rows_of(academy.schema) == others
    assert set(history) < set(rows_of(met.schema)["audit_entry"])
    assert done.rows[met.schema] == sum(backup.facts(met.schema).rows.values())
    assert done.lines == []
    with bronx:
        assert due <= set(_due_of_met())
    with met:
        last = Entry.objects.order_by("-id").first()
        assert (last.action, last.actor_label) == ("school_restored", "restore")
    sound()
    # and it works: numbers go on, people act
    met.placement(met.opportunity().id, state="active")
    run_due(region="bronx")
    sound()


def _due_of_met() -> list[tuple]:
    from portico.due.models import DueWork

    return list(DueWork.objects.filter(school="bronx__met").values_list("kind", "subject_id"))


def test_slots_it_took_afterwards_go_back(backed_up, met, academy):
    listing = academy.release(academy.opportunity(capacity=2), slots=2)
    waiting = met.placement(listing)
    backup = backed_up()
    with met:
        actions.approve_request(placement_id=waiting.id, actor=met.coordinator())
    met.placement(listing, state="pursuing")
    lines = restore_school(backup=backup, schema=met.schema).lines
    assert len([line for line in lines if "slot given back" in line]) == 2
    assert any("is requested" in line for line in lines)
    assert any("is not known to the school" in line for line in lines)
    with academy:
        assert OwnListing.objects.get(id=listing).taken == 0
    sound()


@pytest.mark.parametrize("state", ["pursuing", "start_requested", "active"])
def test_slots_it_gave_back_are_taken_again(backed_up, met, academy, state):
    listing = academy.release(academy.opportunity())
    placement = met.placement(listing, state=state)
    backup = backed_up()
    with met:
        actions.withdraw_placement(placement_id=placement.id, actor=placement.student)
    (line,) = restore_school(backup=backup, schema=met.schema).lines
    assert "slot taken again" in line
    with met:
        assert Placement.objects.get(id=placement.id).state == state
        assert Hold.objects.get().state == ("filled" if state == "active" else "held")
    sound()


@pytest.mark.parametrize(
    ("state", "ends"),
    [("pursuing", "expired"), ("start_requested", "expired"), ("active", "ended_early")],
)
def test_where_somebody_else_has_the_slot_the_placement_is_ended(
    backed_up, met, academy, riverdale, state, ends
):
    listing = academy.release(academy.opportunity())
    placement = met.placement(listing, state=state)
    backup = backed_up()
    with met:
        actions.withdraw_placement(placement_id=placement.id, actor=placement.student)
    theirs = riverdale.placement(listing, state="active")
    (line,) = restore_school(backup=backup, schema=met.schema).lines
    assert "no slot is free any more" in line
    with met:
        placement.refresh_from_db()
        assert placement.state == ends
        assert "given back" in placement.reason
    with riverdale:
        assert Placement.objects.get(id=theirs.id).state == "active"
    sound()


def test_a_deadline_moved_since_is_the_schools_again(backed_up, met, academy):
    placement = met.placement(academy.release(academy.opportunity()), state="pursuing")
    backup = backed_up()
    with met:
        actions.extend_pursuit(placement_id=placement.id, actor=met.coordinator(), days=9)
    (line,) = restore_school(backup=backup, schema=met.schema).lines
    assert f"{placement.deadline:%Y-%m-%d}" in line
    with met:
        assert Hold.objects.get().until == placement.deadline
    sound()


def test_a_pursuit_whose_time_is_up_meanwhile_expires(backed_up, met, academy, bronx):
    placement = met.placement(academy.release(academy.opportunity()), state="pursuing")
    past = timezone.now() - timedelta(minutes=1)
    with met:
        Placement.objects.filter(id=placement.id).update(deadline=past)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("UPDATE bronx.sharing_hold SET until = %s", [past])
        cursor.execute("UPDATE bronx.sharing_poollisting SET frees_at = %s", [past])
        cursor.execute("UPDATE bronx.due_duework SET due_at = %s WHERE kind = 'expire'", [past])
    restore_school(backup=backed_up(), schema=met.schema)
    sound()
    run_due(region="bronx")
    with met:
        assert Placement.objects.get(id=placement.id).state == "expired"
    sound()


def test_releases_are_what_the_school_says(backed_up, met, academy):
    recalled, released, grown = (met.opportunity(capacity=3) for _ in range(3))
    met.release(recalled, slots=2)
    backup = backed_up()
    alice = met.coordinator()
    with met:
        recall_slots(actor=alice, opportunity_id=recalled.id)
    unused = met.release(released, slots=2)
    used = met.release(grown, slots=3)
    academy.placement(used, state="active")
    unknown = met.release(met.opportunity())
    theirs = met.release(met.opportunity())
    academy.placement(theirs, state="active")
    lines = "\n".join(restore_school(backup=backup, schema=met.schema).lines)
    with met:
        listings = {one.id: one for one in OwnListing.objects.all()}
        by_offer = {one.opportunity_id: one for one in listings.values()}
    assert (by_offer[recalled.id].slots, by_offer[recalled.id].state) == (2, "open")
    assert (listings[unused].slots, listings[unused].state) == (0, "closed")
    assert (listings[used].slots, listings[used].taken) == (1, 1)
    assert unknown not in listings
    assert (listings[theirs].slots, listings[theirs].state) == (1, "closed")
    assert "other schools use 1 more than was released" in lines
    assert "1 slots are in use: closed" in lines
    sound()


def test_an_offer_made_smaller_by_restoring_grows_to_what_others_use(backed_up, met, academy):
    offer = met.opportunity(capacity=1)
    met.placement(offer.id, state="active")
    backup = backed_up()
    with met:
        offer.refresh_from_db()
        offer.capacity = 2
        offer.save()
        listing = release_slots(actor=met.coordinator(), opportunity_id=offer.id, slots=1)
    academy.placement(listing, state="active")
    restore_school(backup=backup, schema=met.schema)
    with met:
        offer.refresh_from_db()
    assert (offer.capacity, offer.taken, offer.released) == (2, 1, 1)
    sound()


@pytest.mark.parametrize("later", ["requested", "agreed", "declined", "withdrawn"])
def test_questions_to_an_owner(backed_up, met, academy, later):
    """Awaited at the backup; what has become of it since does not leave it hanging."""
    listing = academy.release(academy.opportunity(), ask_owner=True)
    placement = met.placement(
        listing, state="requested" if later == "requested" else "awaiting_owner"
    )
    backup = backed_up()
    with met:
        if later == "requested":
            actions.approve_request(placement_id=placement.id, actor=met.coordinator())
        elif later == "withdrawn":
            actions.withdraw_placement(placement_id=placement.id, actor=placement.student)
    if later in ("agreed", "declined"):
        _answer(academy, agreed=later == "agreed")
        run_due(region="bronx")
    restore_school(backup=backup, schema=met.schema)
    sound()
    run_due(region="bronx")
    sound()
    with met:
        state = Placement.objects.get(id=placement.id).state
    ends = {"requested": "requested", "agreed": "pursuing", "declined": "declined"}
    assert state == ends.get(later, "awaiting_owner")
    if later == "requested":  # it can be asked as if for the first time
        with met:
            actions.approve_request(placement_id=placement.id, actor=met.coordinator())
    if later in ("requested", "withdrawn"):
        _answer(academy, agreed=True)
        run_due(region="bronx")
        with met:
            assert Placement.objects.get(id=placement.id).state == "pursuing"
        sound()


def _answer(owner, *, agreed: bool) -> None:
    from sharing.actions import answer_owner_question
    from sharing.queries import questions_to_us

    with owner:
        (question,) = questions_to_us()
        answer_owner_question(
            actor=owner.coordinator(), question_id=question.id, agreed=agreed, reason="No."
        )


def test_a_school_that_was_removed_comes_back(backed_up, riverdale, academy, bronx):
    offer = riverdale.opportunity(capacity=2)
    listing = riverdale.release(offer, ask_owner=True)
    held = riverdale.placement(academy.release(academy.opportunity()), state="active")
    before = rows_of(riverdale.schema, but=CHANGED_BY_RESTORING)
    with public_context():
        row = Tenant.objects.filter(code="riverdale").values().get()
    backup = backed_up()
    remove_school(region="bronx", code="riverdale")
    restore_school(backup=backup, schema=riverdale.schema)
    assert rows_of(riverdale.schema, but=CHANGED_BY_RESTORING) == before
    with public_context():
        again = Tenant.objects.filter(code="riverdale").values().get()
        assert {**again, "id": 0} == {**row, "id": 0}
        assert Domain.objects.get(tenant_id=again["id"]).domain == "riverdale.bronx.localhost"
    with bronx:
        back = PoolListing.objects.get(id=listing)
        assert (back.slots, back.ask_owner, back.title) == (1, True, offer.title)
        assert Hold.objects.get().placement_id == held.id
    sound()
    run_due(region="bronx")
    sound()


def test_a_dry_run_says_it_and_changes_nothing(backed_up, met, academy, capsys):
    listing = academy.release(academy.opportunity())
    backup = backed_up()
    met.placement(listing, state="active")
    before = {schema: rows_of(schema) for schema in ("bronx", met.schema, academy.schema)}
    command = ["restore", "--school", "bronx/met", "--dry-run", str(backup.folder)]
    assert cli.run(command) == 0
    said = capsys.readouterr().out
    assert "slot given back" in said
    assert "Nothing was changed." in said
    assert {schema: rows_of(schema) for schema in before} == before


def test_what_fails_at_the_end_leaves_nothing_half_done(backed_up, met, academy, settings):
    """The last step cannot be done: rows, rights and files are what they were."""
    placement = met.placement(academy.release(academy.opportunity()), state="active")
    backup = backed_up()
    with met:
        actions.end_placement(placement_id=placement.id, actor=met.coordinator(), completed=True)
    before = {schema: rows_of(schema) for schema in ("bronx", met.schema)}
    settings.BACKED_UP_DIRS = ("ROSTER_DIR",)
    settings.ROSTER_DIR = str(backup.folder / "manifest.json")  # no folder
    (backup.folder / "files" / "ROSTER_DIR" / met.schema).mkdir(parents=True)
    with pytest.raises(FileExistsError):
        restore_school(backup=backup, schema=met.schema)
    assert {schema: rows_of(schema) for schema in before} == before
    sound()


def test_files_come_back_with_the_rows(tmp_path, settings, met):
    settings.ROSTER_DIR = str(tmp_path / "rosters")
    kept = tmp_path / "rosters" / met.schema / "one" / "list.csv"
    other = tmp_path / "rosters" / "bronx__academy" / "list.csv"
    for path in (kept, other):
        path.parent.mkdir(parents=True)
        path.write_text("as it was")
    make_backup(folder=tmp_path / "backup", schemas=[met.schema])
    backup = open_backup(tmp_path / "backup")
    assert [name for name in backup.files if "academy" in name] == []
    assert backup.folder.stat().st_mode & 0o077 == 0
    kept.write_text("changed")
    (kept.parent / "new.csv").write_text("new")
    other.write_text("theirs")
    restore_school(backup=backup, schema=met.schema)
    assert kept.read_text() == "as it was"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.owner() == (tmp_path / "rosters").owner()
    assert not (kept.parent / "new.csv").exists()
    assert other.read_text() == "theirs"
    assert sorted(path.name for path in (tmp_path / "rosters").iterdir()) == [
        "bronx__academy",
        met.schema,
    ]


def test_damage_and_later_releases_are_refused(backed_up, met):
    backup = backed_up()
    dump = backup.dump(met.schema)
    whole = dump.read_bytes()
    dump.write_bytes(whole[:-1] + b"x")
    with pytest.raises(Refused, match="changed"):
        restore_school(backup=backup, schema=met.schema)
    dump.unlink()
    with pytest.raises(Refused, match="incomplete"):
        restore_school(backup=backup, schema=met.schema)
    dump.write_bytes(whole)
    facts = backup.facts(met.schema)
    facts.migrations.append(("catalog", "9999_from_the_future"))
    backup.write_facts(met.schema, facts)
    with pytest.raises(Refused, match="newer"):
        restore_school(backup=backup, schema=met.schema)
    with pytest.raises(Refused, match="not_found"):
        restore_school(backup=backup, schema="bronx__nowhere")
    shutil.rmtree(backup.folder)
    with pytest.raises(Refused, match="not_found"):
        open_backup(backup.folder)


class TestBucket:
    """Documents that are in no folder of this machine."""

    @pytest.fixture(autouse=True)
    def bucket(self, settings):
        with running_bucket() as documents:
            settings.STORAGES = settings.STORAGES | {"documents": documents}
            yield storages["documents"]

    @pytest.fixture
    def ids(self, bucket, met):
        """Two documents of the Met's, one of the Academy's."""
        found = [new_id() for _number in range(3)]
        for schema, one in zip((met.schema, met.schema, "bronx__academy"), found, strict=True):
            bucket.save(f"{schema}/{one}", ContentFile(str(one).encode()))
        return found

    def test_they_come_back_with_the_rows(self, backed_up, bucket, met, ids):
        first, second, theirs = ids
        backup = backed_up()
        new = new_id()
        bucket.delete(f"{met.schema}/{first}")
        bucket.save(f"{met.schema}/{new}", ContentFile(b"new"))
        bucket.delete(f"bronx__academy/{theirs}")
        restore_school(backup=backup, schema=met.schema)
        assert set(files_of(met.schema)) == {first, second}
        assert bucket.open(f"{met.schema}/{first}").read() == str(first).encode()
        assert list(files_of("bronx__academy")) == [], "nobody else's"

    def test_a_restore_that_fails_leaves_them(self, backed_up, bucket, met, ids):
        first, second, _theirs = ids
        backup = backed_up()
        new = new_id()
        bucket.delete(f"{met.schema}/{first}")
        bucket.save(f"{met.schema}/{new}", ContentFile(b"new"))

        def fails_half_way():
            with put_files_back(backup, schemas=[met.schema]):
                assert first in set(files_of(met.schema))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fails_half_way()
        assert set(files_of(met.schema)) == {second, new}
