"""What students look for: searches that found nothing, and when to look at their wishes again."""

import uuid
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.models import MissedSearch
from portico.due.actions import plan_work
from portico.due.counts import counts_changed

SHORTEST_WORDS = 3
KEPT = timedelta(days=400)
WISH_NEWS = "wish_news"
NEWS_AT = time(16)  # school is out
# The work is the whole school's: one row, whatever the number of students and wishes.
OF_THE_SCHOOL = uuid.uuid5(uuid.NAMESPACE_URL, "portico:wish_news")


@transaction.atomic
def note_missed_search(*, words: str, field: str = "") -> None:
    """Count a search that found nothing, for this month. Nothing says who searched.

    While somebody types, the beginnings of a word come too: queries fold them into the
    longest (reports.demand.missed_words).
    """
    words = " ".join(words.lower().split())[:80]
    if not field and len(words) < SHORTEST_WORDS:
        return
    counts_changed()
    month = timezone.localdate().replace(day=1)
    mine = MissedSearch.objects.filter(month=month, field=field, words=words)
    if mine.update(count=F("count") + 1):
        return
    MissedSearch.objects.bulk_create(
        [MissedSearch(month=month, field=field, words=words)], ignore_conflicts=True
    )
    MissedSearch.objects.filter(month__lt=month - KEPT).delete()


def plan_wish_news() -> None:
    """Have the school's wishes compared with what is new, this afternoon or tomorrow's."""
    plan_work(kind=WISH_NEWS, subject_id=OF_THE_SCHOOL, due_at=next_afternoon(timezone.now()))


def next_afternoon(after: datetime) -> datetime:
    """The first NEWS_AT at the school (the active zone) later than *after*."""
    day: date = timezone.localdate(after)
    found = timezone.make_aware(datetime.combine(day, NEWS_AT))
    if found > after:
        return found
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), NEWS_AT))
