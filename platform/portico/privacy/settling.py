"""What a school that came from elsewhere cannot bring along: slots of another region's pool."""

from django.utils import timezone

from catalog.models import Mentor, Opportunity, Site
from portico.audit.actions import record
from portico.due.actions import drop_work
from portico.internships.actions.moving import EXPIRE, facts, move
from portico.internships.models import Placement, Source
from portico.internships.states import OPEN, State
from portico.notices.actions import tell
from tenants.context import current_schema
from tenants.queries import tenant_by_schema

ARRIVAL = "import"  # who acted, in history
ELSEWHERE = "The school has moved; this internship is another region's."


def settle_in(*, in_use: dict[str, int], contacts: dict[str, dict[str, str]]) -> list[str]:
    """Bring a school's own ledger and placements in line with a pool that does not know it.

    *in_use*: opportunity's id -> slots of it that schools of the former region go on using;
    *contacts*: listing's id -> name, email, phone … of its mentor. Released slots come home,
    less those. What was under way towards an internship of the former region's pool ends; where
    a student works already it goes on, as an internship of the school's own. Returns what was
    done, a line each. In the school's context, its due work planned.
    """
    return [*_bring_home(in_use), *_settle_placements(contacts)]


def _bring_home(in_use: dict[str, int]) -> list[str]:
    lines = []
    for one in Opportunity.objects.select_for_update().filter(released__gt=0).order_by("id"):
        elsewhere = in_use.get(str(one.id), 0)
        before = {"released": one.released, "capacity": one.capacity}
        after = {"released": 0, "capacity": max(one.capacity - elsewhere, one.taken, 1)}
        Opportunity.objects.filter(id=one.id).update(**after)
        record(
            action="slots_recalled",
            subject=one,
            actor=None,
            label=ARRIVAL,
            before=before,
            after=after,
        )
        used = f"; {elsewhere} go on being used there" if elsewhere else ""
        lines.append(f"{one.id}: {one.released} released slots come home{used}")
    return lines


def _settle_placements(contacts: dict[str, dict[str, str]]) -> list[str]:
    under_way = Placement.objects.filter(source=Source.POOL, state__in=sorted(OPEN))
    lines = []
    for placement in under_way.select_related("student__teacher").order_by("id"):
        was = placement.state
        if was == State.ACTIVE:
            _make_own(placement, contacts.get(str(placement.listing_id), {}))
            lines.append(f"{placement.id}: goes on, as an internship of the school's own")
        else:
            _end(placement)
            lines.append(f"{placement.id}: {was}, ended")
    return lines


def _make_own(placement: Placement, contact: dict[str, str]) -> None:
    """The site, the mentor and the one slot that is used become the school's own."""
    place = {"latitude": placement.latitude, "longitude": placement.longitude}
    site = Site.objects.create(name=placement.site_name, **place)
    mentor = None
    if contact.get("name") or contact.get("email"):
        known = ("name", "title", "email", "phone", "language")
        mentor = Mentor.objects.create(site=site, **{one: contact.get(one, "") for one in known})
    opportunity = Opportunity.objects.create(
        site=site,
        mentor=mentor,
        title=placement.title,
        site_name=placement.site_name,
        field=placement.field,
        description="",
        state=Opportunity.State.ARCHIVED,
        capacity=1,
        taken=1,
        **place,
    )
    before = {"source": placement.source, "listing_id": placement.listing_id}
    placement.source, placement.listing_id = Source.OWN, None
    placement.opportunity = opportunity
    placement.save(update_fields=["source", "listing_id", "opportunity"])
    record(
        action="placement_made_own",
        subject=placement,
        actor=None,
        label=ARRIVAL,
        before=before,
        after={"source": Source.OWN, "opportunity_id": opportunity.id},
    )


def _end(placement: Placement) -> None:
    move(
        placement,
        "withdraw",
        actor=None,
        label=ARRIVAL,
        reason=ELSEWHERE,
        ended_at=timezone.now(),
        deadline=None,
        time_left=None,
    )
    drop_work(kind=EXPIRE, subject_id=placement.id)
    data = facts(placement, decider=tenant_by_schema(current_schema()).name)
    tell(kind="placement_ended", person=placement.student, data=data)
