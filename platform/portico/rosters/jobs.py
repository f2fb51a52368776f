"""What the worker does for an upload: read it and say what would change; apply it."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.utils import translation

from portico.accounts.models import Person
from portico.audit.actions import Source, source
from portico.rosters.difference import Difference
from portico.rosters.faults import RosterRefused
from portico.rosters.oneroster import read_oneroster
from portico.rosters.roster import Org, Roster
from portico.rosters.runs import Plan, apply_plan, plan_roster, today_in
from portico.rosters.schools import only_org
from portico.rosters.sheets import Choices, read_sheet
from portico.rosters.showing import shown_changes
from portico.rosters.uploads import (
    APPLYING,
    DONE,
    FAILED,
    READING,
    READY,
    REFUSED,
    Upload,
    find_upload,
)
from tenants.context import tenant_context
from tenants.errors import Refused
from tenants.models import Tenant
from tenants.names import region_of
from tenants.queries import schools_of, tenant_by_schema

OPEN = "new"  # the choice to make a school for an org
MOST_REMARKS = 50


def read_upload(*, tenant: str, upload_id: str) -> None:
    """Work out what the upload would change and keep that with it."""
    _work(tenant, upload_id, READING, _read)


def apply_upload(*, tenant: str, upload_id: str) -> None:
    """Change it. Safe to run again: a roster applied twice changes nothing."""
    _work(tenant, upload_id, APPLYING, _apply)


def _work(tenant: str, upload_id: str, state: str, act: Callable[[Upload], None]) -> None:
    upload = find_upload(tenant=tenant, upload_id=upload_id)
    if upload is None or upload.state != state:
        return  # dropped, or done by another worker
    home = tenant_by_schema(tenant)
    token = source.set(Source(via="web" if upload.person else "job"))
    try:
        with translation.override(upload.choices.get("language") or home.language):
            act(upload)
    except RosterRefused as refused:
        upload.state, upload.faults = REFUSED, [str(fault) for fault in refused.faults]
    except Refused as refusal:
        upload.state, upload.faults = REFUSED, [str(refusal.message)]
    except Exception:
        upload.state = FAILED
        upload.save()
        raise
    finally:
        source.reset(token)
    upload.save()
    if upload.state == DONE:
        upload.forget_people()


def _read(upload: Upload) -> None:
    roster, plan = _roster_and_plan(upload)
    upload.faults = []
    upload.notes = [
        f"{note.where}: {note.text}" + (f" (×{note.count})" if note.count > 1 else "")
        for note in roster.notes
    ]
    upload.unknown = [
        {"id": org.id, "name": org.name, "number": org.number} for org in plan.unknown
    ]
    upload.schools = []
    shown = [(school.name, school.code, difference) for school, difference in plan.differences]
    shown += [(difference.org.name, "", difference) for difference in plan.new_schools]
    names = region_of(upload.tenant) is not None  # of people: a school's own, not a region's
    for at, (name, code, difference) in enumerate(shown):
        upload.schools.append(_summary(name, code, difference, names=names))
        upload.keep_lines(at, [asdict(line) for line in shown_changes(difference, names=names)])
    upload.state, upload.step = READY, ""


def _apply(upload: Upload) -> None:
    roster, plan = _roster_and_plan(upload)

    def progress(line: str) -> None:
        upload.step = line
        upload.save()

    done = apply_plan(
        roster, plan, region=region_of(upload.tenant) or upload.tenant,
        actor=_actor(upload),
        label=upload.label, allow=bool(upload.choices.get("allow")), run_id=upload.id,
        progress=progress,
    )  # fmt: skip
    upload.schools = [
        _summary(school.name, school.code, change, names=False) for school, change in done
    ]
    upload.state, upload.step = DONE, ""


def _actor(upload: Upload) -> Person | None:
    """Who brought it, where they are somebody: an admin of the region is a name to a school."""
    if region_of(upload.tenant) is None:
        return None
    with tenant_context(upload.tenant):
        return Person.objects.filter(id=upload.person).first()


def _roster_and_plan(upload: Upload) -> tuple[Roster, Plan]:
    home = tenant_by_schema(upload.tenant)
    region = region_of(upload.tenant) or upload.tenant
    schools = [
        school
        for school in schools_of(region=region)
        if upload.tenant in (region, school.schema_name)
    ]
    roster = _roster(upload, home)
    matched = dict(upload.choices.get("match", {}))
    if upload.tenant != region:
        org = only_org(roster, schools[0], org_id=upload.choices.get("org", ""))
        matched = {org.id: schools[0].code} if org else {}
    opening = [org for org, choice in matched.items() if choice == OPEN]
    return roster, plan_roster(roster, schools, chosen=matched, opening=opening)


def _roster(upload: Upload, home: Tenant) -> Roster:
    if not upload.is_list:
        return read_oneroster(
            upload.file,
            today=today_in(home),
            office_coordinates=bool(upload.choices.get("coordinators")),
        )
    choices = Choices(
        columns=upload.choices.get("columns", {}),
        role=upload.choices.get("role", ""),
        complete=bool(upload.choices.get("complete")),
    )
    org = Org(home.roster_id, home.name)
    return read_sheet(upload.file, name=upload.name, org=org, choices=choices)


def _summary(name: str, code: str, difference: Difference, *, names: bool) -> dict[str, Any]:
    return {
        "name": name,
        "code": code,
        "counts": dict(difference.counts),
        "changes": len(difference.changes),
        "same": difference.same,
        "terms": [term.name for term in difference.terms],
        "leaving": difference.leaving,
        "active": difference.active,
        "too_many": difference.takes_too_many,
        "remarks": [one.in_words(names=names) for one in difference.remarks[:MOST_REMARKS]],
        "more_remarks": max(0, len(difference.remarks) - MOST_REMARKS),
    }
