"""Which school of the region each org of a roster is; and making those that are new."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portico.audit.actions import record
from portico.importing.schools import code_from
from portico.rosters.roster import Org, Roster
from sharing.schools import add_school
from tenants.context import OWNER, public_context, tenant_context
from tenants.models import School, Tenant
from tenants.provisioning.provision import SchoolFacts

LONGEST_NUMBER = 40


@dataclass
class Places:
    """Where each org's people go: its school, or nowhere yet."""

    schools: dict[str, School] = field(default_factory=dict)  # by the org's id
    unknown: list[Org] = field(default_factory=list)


def place_orgs(
    roster: Roster, schools: Iterable[School], *, chosen: Mapping[str, str] | None = None
) -> Places:
    """Find the school of each org: as it was once matched, else by state or district id.

    *chosen* maps an org's id to a school's code, and goes first.
    """
    schools = list(schools)
    by_code = {school.code: school for school in schools}
    by_roster_id = {school.roster_id: school for school in schools if school.roster_id}
    by_number = {school.external_id.casefold(): school for school in schools if school.external_id}
    places, taken = Places(), set()
    for org in sorted(roster.orgs.values(), key=lambda org: org.name):
        school = (
            by_code.get((chosen or {}).get(org.id, ""))
            or by_roster_id.get(org.id)
            or by_number.get(org.number.casefold())
            or by_number.get(org.id.casefold())
        )
        if school is None or school.code in taken:
            places.unknown.append(org)
        else:
            taken.add(school.code)
            places.schools[org.id] = school
    return places


def only_org(roster: Roster, school: School, *, org_id: str = "") -> Org | None:
    """The org that is *school*: as matched, by its id, the only one there is, or *org_id*."""
    if org_id:
        return roster.orgs.get(org_id)
    placed = place_orgs(roster, [school]).schools
    if placed:
        return roster.orgs[next(iter(placed))]
    return next(iter(roster.orgs.values())) if len(roster.orgs) == 1 else None


def remember_org(*, school: Tenant, org: Org, label: str) -> None:
    """Keep what the roster calls *school*, so that it is found the next time."""
    if org.id in ("", school.roster_id):  # a school's own list calls it nothing
        return
    with public_context(using=OWNER):
        School.objects.filter(region_id=school.region_id, roster_id=org.id).update(roster_id="")
        School.objects.filter(pk=school.pk).update(roster_id=org.id)
        assert school.region is not None
        with tenant_context(school.region.schema_name, using=OWNER):
            record(
                action="school_changed",
                subject=school,
                actor=None,
                label=label,
                before={"roster_id": school.roster_id},
                after={"roster_id": org.id},
            )
    school.roster_id = org.id


def open_school(*, org: Org, region: str, inviter: str) -> School:
    """Make a school for *org*, under a code made of its number or name. Needs the owner.

    ValidationError when no code can be made that is free.
    """
    number = org.number if len(org.number) <= LONGEST_NUMBER else ""
    code = code_from(number or org.name) or code_from(org.name)
    if not code:
        raise ValidationError({"code": _("No address can be made of the name %s.") % org.name})
    with public_context(using=OWNER):
        tenant = add_school(
            region=region,
            code=_free(code, region=region),
            name=org.name[:160],
            facts=SchoolFacts(external_id=number),
            inviter=inviter,
        )
        School.objects.filter(pk=tenant.pk).update(roster_id=org.id)
        return School.objects.select_related("region").get(pk=tenant.pk)


def _free(code: str, *, region: str) -> str:
    """*code*, or with a number behind it when another school has it."""
    taken = set(School.objects.filter(region__schema_name=region).values_list("code", flat=True))
    tries = [code, *(f"{code[:25]}-{number}" for number in range(2, 100))]
    return next((one for one in tries if one not in taken), code)
