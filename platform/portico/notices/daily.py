"""Once a day: one e-mail with what a person chose to read daily. Due work, a piece a person."""

import uuid
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone, translation

from portico.accounts.models import Person
from portico.due.actions import plan_work
from portico.notices.choosing import DAILY_MAIL
from portico.notices.models import Notice
from portico.notices.queries import in_words
from tenants.context import current_schema
from tenants.queries import tenant_by_schema

AT = time(16, 30)  # after school, in its zone


def plan_daily(*, person: Person) -> None:
    """Have the day's mail written; planned twice it is one."""
    plan_work(kind=DAILY_MAIL, subject_id=person.id, due_at=next_daily(_zone()))


def next_daily(zone: ZoneInfo) -> datetime:
    """The next moment of the day's mail in *zone*, today's or tomorrow's."""
    local = timezone.localtime(timezone=zone)
    day = local.date() if local.time() < AT else local.date() + timedelta(days=1)
    return datetime.combine(day, AT, tzinfo=zone)


@transaction.atomic
def write_daily(*, subject_id: uuid.UUID) -> datetime | None:
    """Put what waits for this person into one mail of the outbox, subjects only.

    Delivery is the outbox's: at least once, and tried again.
    """
    waiting = list(
        Notice.objects.select_for_update(of=("self",), no_key=True)
        .filter(person=subject_id, state=Notice.State.DAILY)
        .order_by("created_at", "id")
    )
    person = Person.objects.filter(id=subject_id, is_active=True).exclude(email="").first()
    Notice.objects.filter(id__in=[one.id for one in waiting]).update(state=Notice.State.PORTAL)
    if person is None or not waiting:
        return None
    language = person.language or tenant_by_schema(current_schema()).language
    with translation.override(language), timezone.override(_zone()):
        lines = [f"– {in_words(one, language=language).subject}" for one in waiting]
    mail = Notice.objects.create(
        kind=DAILY_MAIL,
        email=person.email,
        language=language,
        # no person: in the portal each of them stands by itself
        data={"count": len(lines), "summary": "\n".join(lines), "reader": str(person.id)},
        state=Notice.State.WAITING,
        next_attempt_at=timezone.now(),
    )
    plan_work(kind="deliver", subject_id=mail.id, due_at=mail.created_at)
    return None


def _zone() -> ZoneInfo:
    return ZoneInfo(tenant_by_schema(current_schema()).time_zone)
