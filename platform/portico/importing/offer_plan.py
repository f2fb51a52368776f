"""Opportunities: what is there already, what a file would change, and changing it.

Rows are handled in thousands, school by school, with a few statements each: a file of a
hundred thousand rows takes as many statements as it has thousands, not rows.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Mentor, Opportunity, Site
from portico.audit.actions import record
from portico.importing.columns import Layout
from portico.importing.opportunities import FindSchool, OfferRow, read_offer
from portico.importing.plan import (
    CHANGED,
    NEW,
    REPEATED,
    SAME,
    Change,
    Plan,
    chunks,
    differences,
    in_short,
)
from portico.importing.reading import Table
from sharing.actions import refresh_release
from sharing.schools import Progress, say_nothing
from tenants.context import public_context, tenant_context
from tenants.models import School, Tenant


def schools_by_name(schools: Iterable[School]) -> FindSchool:
    """Find a school's schema by id, code or name; None when none or several have it."""
    known: dict[str, set[str]] = {}
    for school in schools:
        for name in (school.external_id, school.code, school.name):
            if name:
                known.setdefault(" ".join(name.split()).casefold(), set()).add(school.schema_name)

    def find(name: str) -> str | None:
        found = known.get(" ".join(name.split()).casefold(), set())
        return next(iter(found)) if len(found) == 1 else None

    return find


def plan_opportunities(
    table: Table, layout: Layout, *, find_school: FindSchool, progress: Progress = say_nothing
) -> Plan:
    """Read and judge every row of *table*; nothing is changed."""
    plan = Plan()
    lines: dict[int, int] = {}  # hash of a row's key -> its line: small, whatever the file's size
    for batch in chunks(table.rows()):
        progress(_("line %(line)d") % {"line": batch[-1].line})
        good: list[OfferRow] = []
        for raw in batch:
            reading = read_offer(raw, layout, find_school=find_school)
            for problem in reading.problems:
                plan.refuse(raw.line, problem)
            for note in reading.notes:
                plan.note(raw.line, note)
            if reading.row is None:
                continue
            key = hash((reading.row.school, reading.row.site_key, reading.row.title_key))
            if key in lines:
                plan.note(raw.line, _("repeats line %(line)d, left out") % {"line": lines[key]})
                plan.count(Change(raw.line, REPEATED, reading.row.site_name))
                continue
            lines[key] = raw.line
            good.append(reading.row)
        for school, rows in _by_school(good).items():
            with tenant_context(school):
                _judge_batch(rows, plan)
    return plan


def apply_opportunities(plan: Plan, *, source: str, progress: Progress = say_nothing) -> None:
    """Do what *plan* says, in one transaction over all its schools. *source*: the file's name."""
    totals: dict[str, Counter[str]] = {}
    total, done = plan.counts[NEW] + plan.counts[CHANGED], 0
    with public_context():
        for batch in chunks(plan.rows()):
            for school, rows in _by_school(batch).items():
                with tenant_context(school):
                    totals.setdefault(school, Counter()).update(_apply_batch(rows))
            done += len(batch)
            progress(_("%(done)d of %(total)d") % {"done": done, "total": total})
        for school, counts in totals.items():
            if not counts[NEW] and not counts[CHANGED]:
                continue
            tenant = Tenant.objects.get(schema_name=school)
            with tenant_context(school):
                record(
                    action="opportunities_imported",
                    subject=tenant,
                    actor=None,
                    label="portico import",
                    after={"file": source, **counts},
                )


@dataclass
class _There:
    """What a school has at the sites of a batch."""

    sites: dict[str, Site]
    offers: dict[Any, list[Opportunity]]  # by the site's id
    mentors: dict[tuple[Any, str], Mentor]

    def offer_for(self, row: OfferRow) -> Opportunity | None:
        site = self.sites.get(row.site_key)
        offers = self.offers.get(site.id, []) if site else []
        if not row.title_key:
            return offers[0] if offers else None
        return next((offer for offer in offers if offer.title.lower() == row.title_key), None)

    def mentor_for(self, row: OfferRow) -> Mentor | None:
        site = self.sites.get(row.site_key)
        return self.mentors.get((site.id, row.mentor_name.lower())) if site else None


def _look(rows: list[OfferRow]) -> _There:
    names = {row.site_key for row in rows}
    sites: dict[str, Site] = {}
    for site in Site.objects.annotate(key=Lower("name")).filter(key__in=names).order_by("id"):
        sites.setdefault(site.name.lower(), site)
    ids = [site.id for site in sites.values()]
    offers: dict[Any, list[Opportunity]] = {}
    for offer in Opportunity.objects.filter(site__in=ids).defer("doc").order_by("id"):
        offers.setdefault(offer.site_id, []).append(offer)
    mentors = {
        (mentor.site_id, mentor.name.lower()): mentor
        for mentor in Mentor.objects.filter(site__in=ids)
    }
    return _There(sites, offers, mentors)


def _by_school(rows: Iterable[OfferRow]) -> dict[str, list[OfferRow]]:
    found: dict[str, list[OfferRow]] = {}
    for row in rows:
        found.setdefault(row.school, []).append(row)
    return found


def _judge_batch(rows: list[OfferRow], plan: Plan) -> None:
    there = _look(rows)
    for row in rows:
        what = f"{row.school.partition('__')[2]}  {row.new_offer()['title']}, {row.site_name}"
        offer = there.offer_for(row)
        if offer is None:
            plan.count(Change(row.line, NEW, what))
        else:
            in_use = offer.taken + offer.released
            if row.offer.get("capacity", in_use) < in_use:
                plan.refuse(
                    row.line,
                    _("capacity: %(count)d slots are taken or released already")
                    % {"count": in_use},
                )
                continue
            changes = _changes(row, there, offer)
            kind = CHANGED if changes else SAME
            plan.count(Change(row.line, kind, what, in_short(changes)))
            if not changes:
                continue
        plan.keep(row)


def _changes(row: OfferRow, there: _There, offer: Opportunity) -> dict[str, tuple[Any, Any]]:
    """All a row would change: of the opportunity, its site and its mentor."""
    changes = differences(offer, row.offer)
    changes |= differences(there.sites[row.site_key], row.site)
    if row.mentor_name:
        mentor = there.mentor_for(row)
        if mentor is None or mentor.id != offer.mentor_id:
            changes["mentor"] = ("", row.mentor_name)
        else:
            changes |= differences(mentor, row.mentor)
    return changes


def _apply_batch(rows: list[OfferRow]) -> Counter[str]:
    there = _look(rows)
    _save_sites(rows, there)
    _save_mentors(rows, there)
    counts: Counter[str] = Counter()
    new: list[Opportunity] = []
    now = timezone.now()
    for row in rows:
        site, mentor = there.sites[row.site_key], there.mentor_for(row) if row.mentor_name else None
        place = {
            "site_name": site.name, "neighborhood": site.neighborhood,
            "latitude": site.latitude, "longitude": site.longitude,
        }  # fmt: skip
        offer = there.offer_for(row)
        if offer is None:
            new.append(
                Opportunity(
                    site=site, mentor=mentor, state=row.state,
                    published_at=now if row.state == "published" else None,
                    **place, **row.new_offer(),
                )
            )  # fmt: skip
            counts[NEW] += 1
            continue
        wanted = {**row.offer, **place, **({"mentor": mentor} if mentor else {})}
        changes = differences(offer, wanted)
        for name, value in wanted.items():
            setattr(offer, name, value)
        if changes:
            offer.save(update_fields=[*changes, "updated_at"])
        if changes or (row.mentor and offer.released):
            refresh_release(opportunity=offer)
        counts[CHANGED if changes else SAME] += 1
    Opportunity.objects.bulk_create(new, batch_size=500)
    return counts


def _save_sites(rows: list[OfferRow], there: _There) -> None:
    new: dict[str, Site] = {}
    changed: dict[str, Site] = {}
    for row in rows:
        site = there.sites.get(row.site_key)
        if site is None:
            site = new.setdefault(row.site_key, Site(name=row.site_name))
        elif differences(site, row.site):
            changed[row.site_key] = site
        for name, value in row.site.items():
            setattr(site, name, value)
        there.sites[row.site_key] = site
    Site.objects.bulk_create(new.values(), batch_size=500)
    fields = sorted({name for row in rows for name in row.site})
    old = [site for key, site in changed.items() if key not in new]
    if old and fields:
        Site.objects.bulk_update(old, fields, batch_size=500)


def _save_mentors(rows: list[OfferRow], there: _There) -> None:
    new: dict[tuple[Any, str], Mentor] = {}
    changed: dict[Any, Mentor] = {}
    for row in rows:
        if not row.mentor_name:
            continue
        site = there.sites[row.site_key]
        key = (site.id, row.mentor_name.lower())
        mentor = there.mentors.get(key)
        if mentor is None:
            mentor = new[key] = there.mentors[key] = Mentor(site=site, name=row.mentor_name)
        elif key not in new and differences(mentor, row.mentor):
            changed[mentor.id] = mentor
        for name, value in row.mentor.items():
            setattr(mentor, name, value)
    Mentor.objects.bulk_create(new.values(), batch_size=500)
    if changed:
        Mentor.objects.bulk_update(changed.values(), ["title", "email", "phone"], batch_size=500)
