"""Who a placement's mentor is, and how they are reached."""

import secrets
import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from catalog.models import Mentor
from portico.accounts.hashing import hash_secret
from portico.attendance.models import MentorLink, MentorReach
from portico.internships.models import Placement, Source
from sharing.models import MentorContact
from sharing.queries import contact_for

LINK_DAYS = 14


class LinkDead(Exception):
    """The link cannot be used; `reason` is `unknown` or `expired`."""

    def __init__(self, reason: str, link: MentorLink | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.link = link


def reach_for(placement: Placement) -> MentorReach | None:
    """How the mentor of *placement* is reached, noted when new; None without an e-mail.

    A pool listing's contact is read as PostgreSQL shows it: while the school holds the slot.
    """
    if placement.source == Source.OWN:
        mentors = Mentor.objects.filter(opportunities=placement.opportunity_id)
        found = mentors.values_list("email", "name", "language").first() or ("", "", "en")
    else:
        assert placement.listing_id is not None
        contact = contact_for(listing_id=placement.listing_id)
        found = (contact.email, contact.name, contact.language) if contact else ("", "", "en")
    email, name, language = found
    if not email:
        return None
    known = MentorReach.objects.filter(email__iexact=email).first()
    if known is None:
        fresh = MentorReach(email=email.lower(), name=name, language=language)
        MentorReach.objects.bulk_create([fresh], ignore_conflicts=True)
        known = MentorReach.objects.get(email__iexact=email)
    return known


def placements_with(reach: MentorReach) -> QuerySet[Placement]:
    """Placements whose mentor is reached this way, in whatever state."""
    listings = MentorContact.objects.filter(email__iexact=reach.email).values_list(
        "listing_id", flat=True
    )
    return Placement.objects.filter(
        Q(opportunity__mentor__email__iexact=reach.email) | Q(listing_id__in=list(listings))
    )


def make_link(
    *,
    reach: MentorReach,
    purpose: str,
    subjects: Iterable[uuid.UUID],
    days: int = LINK_DAYS,
) -> str:
    """Store a new link about *subjects*; its secret (256 bits), which is kept only as a hash."""
    secret = secrets.token_urlsafe(32)
    now = timezone.now()
    MentorLink.objects.create(
        reach=reach,
        purpose=purpose,
        subjects=list(subjects),
        secret_hash=hash_secret(secret),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return secret


def find_link(*, secret: str, for_use: bool = False) -> MentorLink:
    """The live link with this *secret*; LinkDead when there is none, or its time has passed.

    With *for_use* its row is locked, so that two clicks at once line up.
    """
    links = MentorLink.objects.select_related("reach")
    if for_use:
        links = links.select_for_update(of=("self",))
    link = links.filter(secret_hash=hash_secret(secret)).first()
    if link is None:
        raise LinkDead("unknown")
    if link.expires_at <= timezone.now():
        raise LinkDead("expired", link)
    return link
