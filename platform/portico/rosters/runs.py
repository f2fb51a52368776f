"""A roster into the schools of a region: first what would change, then changing it."""

import datetime
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.models import Person
from portico.rosters.actions import apply_roster, too_many_gone
from portico.rosters.difference import MOVED, NEW, Difference, compare, find_difference
from portico.rosters.roster import Org, Roster
from portico.rosters.schools import open_school, place_orgs, remember_org
from sharing.schools import Progress, say_nothing
from tenants.context import tenant_context
from tenants.errors import Refused
from tenants.models import School, Tenant


@dataclass
class Plan:
    """What a roster would change, school by school."""

    differences: list[tuple[School, Difference]] = field(default_factory=list)
    new_schools: list[Difference] = field(default_factory=list)
    unknown: list[Org] = field(default_factory=list)  # orgs whose people are left out

    @property
    def takes_too_many(self) -> list[tuple[School, Difference]]:
        return [pair for pair in self.differences if pair[1].takes_too_many]


def plan_roster(
    roster: Roster,
    schools: Iterable[School],
    *,
    chosen: Mapping[str, str] | None = None,
    opening: Iterable[str] = (),
    progress: Progress = say_nothing,
) -> Plan:
    """Work out what would change; nothing is. *opening*: ids of orgs to make schools for."""
    places = place_orgs(roster, schools, chosen=chosen)
    plan = Plan()
    for org_id, school in places.schools.items():
        progress(school.name)
        with tenant_context(school.schema_name):
            plan.differences.append((school, find_difference(roster, roster.orgs[org_id])))
    opening = set(opening)
    for org in places.unknown:
        if org.id in opening:
            plan.new_schools.append(compare(roster, org, school="", people=[], terms=[]))
        else:
            plan.unknown.append(org)
    _tell_where_from(plan)
    return plan


def apply_plan(
    roster: Roster,
    plan: Plan,
    *,
    region: str,
    actor: Person | None = None,
    label: str,
    allow: bool = False,
    run_id: str = "",
    progress: Progress = say_nothing,
) -> list[tuple[School, Difference]]:
    """Do it: a transaction a school, new schools first; what was changed at each.

    Refused before anything is done when a school would lose too many, unless *allow*.
    """
    if not allow:
        for school, difference in plan.takes_too_many:
            raise too_many_gone(difference, name=school.name)
    work: list[tuple[School, Org]] = []
    for difference in plan.new_schools:
        progress(_("Making %s") % difference.org.name)
        work.append((_opened(difference.org, region=region, inviter=label), difference.org))
    for school, difference in plan.differences:
        remember_org(school=school, org=difference.org, label=label)
        work.append((school, difference.org))
    done = []
    for at, (school, org) in enumerate(work, start=1):
        progress(
            _("%(at)d of %(total)d: %(name)s") % {"at": at, "total": len(work), "name": school.name}
        )
        changed = apply_roster(
            roster=roster, org=org, school=school.schema_name,
            actor=actor, label=label, allow=allow, run_id=run_id,
        )  # fmt: skip
        done.append((school, changed))
    return done


def today_in(school: Tenant) -> datetime.date:
    """The day at a school or in a region, for what is over and what is to come."""
    return timezone.localdate(timezone=zoneinfo.ZoneInfo(school.time_zone))


def _opened(org: Org, *, region: str, inviter: str) -> School:
    try:
        return open_school(org=org, region=region, inviter=inviter)
    except ValidationError as error:
        said = " ".join(error.messages)
        raise Refused("school_not_made", f"{org.name}: {said}") from error


def _tell_where_from(plan: Plan) -> None:
    """Somebody new at one school and gone from another has moved."""
    left = {
        change.person.source_id: school.name
        for school, difference in plan.differences
        for change in difference.changes
        if change.kind == MOVED
    }
    for difference in [*(pair[1] for pair in plan.differences), *plan.new_schools]:
        for change in difference.changes:
            old_school = left.get(change.values.get("source_id", ("", ""))[1])
            if change.kind == NEW and old_school:
                change.kind, change.where = MOVED, _("from %s") % old_school
