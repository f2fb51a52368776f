"""What students want against what there is, field by field. Reads only, counts only."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from django.db.models import F, Q, Sum
from django.utils import timezone

from catalog.cultivation import OPEN_STATES
from catalog.fields import Field
from catalog.models import Favorite, Lead, MissedSearch, Opportunity, WishlistItem
from sharing.models import VisibleListing

MONTHS_BACK = timedelta(days=92)  # of missed searches: this term's
MOST_WORDS = 12


@dataclass(frozen=True)
class FieldDemand:
    """One field: who wants it, who offers it, and what is being done."""

    field: str
    students: int  # who wish for it
    saved: int  # listings of it that students saved
    missed: int  # searches for it without a result
    own: int  # open slots here
    region: int  # open slots others offer our students
    leads: int  # places being won

    @property
    def label(self) -> str:
        return str(Field(self.field).label)

    @property
    def gap(self) -> int:
        """Students more than open slots; 0 where there are enough."""
        return max(0, self.students - self.own - self.region)


@dataclass(frozen=True)
class Wanted:
    """Words of jobs wished for, or searched in vain, and how often."""

    words: str
    count: int


def demand_by_field() -> list[FieldDemand]:
    """Every field, the widest gap first, then what most students want. Six queries."""
    students: dict[str, set[uuid.UUID]] = defaultdict(set)
    wishes = WishlistItem.objects.filter(student__is_active=True).exclude(field="")
    for field, student_id in wishes.values_list("field", "student_id"):
        students[field].add(student_id)
    saved = _saved_by_field()
    missed = _sums(
        MissedSearch.objects.filter(month__gte=timezone.localdate() - MONTHS_BACK)
        .exclude(field="")
        .order_by()
        .values_list("field")
        .annotate(n=Sum("count"))
    )
    own = _sums(
        Opportunity.objects.filter(
            state=Opportunity.State.PUBLISHED, capacity__gt=F("released") + F("taken")
        )
        .order_by()
        .values_list("field")
        .annotate(n=Sum(F("capacity") - F("released") - F("taken")))
    )
    region = _sums(
        VisibleListing.objects.filter(slots__gt=F("taken"))
        .order_by()
        .values_list("field")
        .annotate(n=Sum(F("slots") - F("taken")))
    )
    leads = Counter(Lead.objects.filter(state__in=OPEN_STATES).values_list("field", flat=True))
    found = [
        FieldDemand(
            field=field,
            students=len(students[field]),
            saved=saved[field],
            missed=missed[field],
            own=own[field],
            region=region[field],
            leads=leads[field],
        )
        for field in Field.values
    ]
    return sorted(found, key=lambda one: (-one.gap, -one.students, -one.missed, one.label))


def _sums(rows: Iterable[tuple[str, int]]) -> Counter[str]:
    return Counter({field: number or 0 for field, number in rows})


def _saved_by_field() -> Counter[str]:
    """Saved listings by field; one that is offered no more has none."""
    ids = Counter(
        Favorite.objects.filter(student__is_active=True).values_list("listing_id", flat=True)
    )
    fields: Counter[str] = Counter()
    wanted = Q(id__in=list(ids))
    for source in (Opportunity, VisibleListing):
        for listing_id, field in source.objects.filter(wanted).values_list("id", "field"):
            fields[field] += ids[listing_id]
    return fields


def wished_jobs() -> list[Wanted]:
    """Jobs students wrote on their wishlists, the most wished first."""
    jobs = WishlistItem.objects.filter(student__is_active=True).exclude(job="")
    counts = Counter(job.lower() for job in jobs.values_list("job", flat=True))
    return [Wanted(words, count) for words, count in counts.most_common(MOST_WORDS)]


def missed_words() -> list[Wanted]:
    """Words searched in vain, the most often first; beginnings of longer ones left out."""
    rows = MissedSearch.objects.filter(month__gte=timezone.localdate() - MONTHS_BACK).exclude(
        words=""
    )
    counts: Counter[str] = Counter()
    for words, count in rows.values_list("words", "count"):
        counts[words] += count
    whole = sorted(counts)
    # sorted, so what a word begins stands right behind it
    kept = {
        words: counts[words]
        for words, following in pairwise([*whole, ""])
        if not following.startswith(words)
    }
    ranked = sorted(kept.items(), key=lambda one: (-one[1], one[0]))
    return [Wanted(words, count) for words, count in ranked[:MOST_WORDS]]
