"""A school leaves its region, or moves to another: its data goes along, nobody else's is touched.

While it is packed and taken out its tables are locked, so that nothing is said that the
archive does not have. If anything fails, everything is as it was.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections
from django.utils import timezone

from portico.audit.actions import record
from portico.backups.questions import plan_for
from portico.backups.standing_still import hold_still
from portico.documents.files import files_of, remove_file
from portico.due.models import DueWork
from portico.privacy.archive import Contents, write_archive
from portico.privacy.arriving import import_school, open_archive
from sharing.models import Hold, OwnerQuestion, PoolListing, Rollup
from tenants.context import OWNER, public_context, tenant_context
from tenants.errors import Refused
from tenants.models import Tenant
from tenants.names import region_of
from tenants.provisioning.provision import remove_school

Progress = Callable[[str], None]


def leave_region(
    *, schema: str, archive: Path, progress: Progress = lambda line: None
) -> list[str]:
    """Pack school *schema* into *archive*, then take it out of its region; what was done there.

    Slots others use of it stay theirs, as a closed listing; its own holds are given back. Secrets
    go along (hashed as they are): people sign in where it arrives. Refused: `not_found`,
    `exists`, `busy`.
    """
    with _leaving(schema, archive, progress) as lines:
        pass
    _remove_documents(schema)
    return lines


def move_school(
    *,
    schema: str,
    region: str,
    archive: Path,
    code: str | None = None,
    progress: Progress = lambda line: None,
) -> tuple[Tenant, list[str]]:
    """The same, and at once into *region*; the school there, and what was done on both sides.

    Refused too: `no_region`, `exists`. Then the school is where it was.
    """
    with _leaving(schema, archive, progress) as lines:
        school, there = import_school(archive=archive, region=region, code=code, progress=progress)
    _remove_documents(schema)
    return school, [*lines, *there]


@contextmanager
def _leaving(schema: str, archive: Path, progress: Progress) -> Iterator[list[str]]:
    region = region_of(schema)
    if region is None:
        raise Refused("not_found", f"{schema} is not a school.")
    with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('portico set_up_database'))")
        progress("waiting for who is at work")
        hold_still(cursor, [schema])
        contents = write_archive(
            cursor, schema=schema, target=archive, with_secrets=True, progress=progress
        )
        try:
            _is_whole(archive, contents)
            progress("the pool")
            lines = _take_out_of_pool(schema, region)
            remove_school(schema=schema)
            yield lines
        except BaseException:
            archive.unlink(missing_ok=True)
            raise


def _is_whole(archive: Path, contents: Contents) -> None:
    """What is removed next can be read back. Refused `changed` if it cannot."""
    zipped, read = open_archive(archive)
    with zipped:
        if read.files != contents.files:
            raise Refused("changed", f"{archive} is not what was written.")


def _take_out_of_pool(schema: str, region: str) -> list[str]:
    """No slot is held for the school any more, none of its own can be claimed any more."""
    lines = []
    with tenant_context(region, using=OWNER):
        school = Tenant.objects.using(OWNER).get(schema_name=schema)
        own = PoolListing.objects.filter(origin_schema=schema)
        held = Hold.objects.filter(school=schema)
        touched = set(own.values_list("id", flat=True)) | set(
            held.values_list("listing_id", flat=True)
        )
        # one order with everybody else: listings first, then their holds
        listings = list(
            PoolListing.objects.select_for_update(no_key=True).filter(id__in=touched).order_by("id")
        )
        _end_questions(schema)
        held.delete()
        for listing in listings:
            lines.append(_after_leaving(listing, is_own=listing.origin_schema == schema))
        DueWork.objects.filter(school=schema).delete()
        Rollup.objects.filter(school=schema).delete()
        record(
            action="school_left",
            subject=school,
            actor=None,
            label="leaving",
            after={"name": school.name, "listings": len(lines)},
        )
    return lines


def _after_leaving(listing: PoolListing, *, is_own: bool) -> str:
    holds = Hold.objects.filter(listing=listing)
    listing.taken = holds.count()
    first = holds.filter(state=Hold.State.HELD, until__isnull=False).order_by("until").first()
    listing.frees_at = first.until if first else None
    if is_own and not listing.taken:
        listing.delete()
        return f"{listing.id}: taken out of the pool"
    if is_own:
        listing.state, listing.slots = PoolListing.State.CLOSED, listing.taken
    listing.updated_at = timezone.now()
    listing.save()
    return f"{listing.id}: " + (
        f"closed, {listing.taken} slots stay in use" if is_own else "slot given back"
    )


def _end_questions(schema: str) -> None:
    OwnerQuestion.objects.filter(school=schema).delete()
    for question in OwnerQuestion.objects.filter(owner=schema, state="asked"):
        question.state, question.decided_at = OwnerQuestion.State.DECLINED, timezone.now()
        question.reason = "The school has left the region."
        question.save()
        plan_for(question.school, kind="owner_answer", subject_id=question.placement_id)


def _remove_documents(schema: str) -> None:
    """Once it is certain: the archive has them."""
    for document_id in list(files_of(schema)):
        remove_file(schema=schema, document_id=document_id)
