"""Asking for what is missing: a link to the guardian or mentor, a word to the student.

The one who is written to is reminded every few days, a few times; then it is for people.
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.attendance.rules import is_staff_of
from portico.audit.actions import record
from portico.documents.checklist import Item, Standing, checklist
from portico.documents.links import make_link
from portico.documents.models import DocumentLink, Giver
from portico.documents.reaching import reach
from portico.documents.rules import require
from portico.due.actions import plan_work
from portico.internships.actions.moving import facts
from portico.internships.models import Placement
from portico.internships.states import HOLDING
from portico.notices.actions import tell, write_to
from portico.notices.queries import told_since
from tenants.errors import Refused

WAIT = "document_wait"
REMIND_AFTER = timedelta(days=3)
MOST_MAILS = 4  # to one reader about one placement, reminders included
ASK_AGAIN_AFTER = timedelta(hours=20)
OUTSTANDING = frozenset(
    {Standing.MISSING, Standing.ASKED, Standing.SENT_BACK, Standing.EXPIRED, Standing.EXPIRING}
)


@transaction.atomic
def ask_for_documents(*, placement_id: uuid.UUID, giver: str, actor: Person) -> list[Item]:
    """Write to *giver* about what is outstanding; the items asked for.

    The student asks for the own placement, staff for their students'. Refused: `forbidden`,
    `over` (no slot is held), `nothing`, `no_contact`, `asked` (less than a day ago).
    """
    placement = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("student__teacher", "opportunity")
        .get(id=placement_id)
    )
    is_own = actor.has_role(Role.STUDENT) and placement.student_id == actor.id
    require(is_own or is_staff_of(actor, placement))
    if placement.state not in HOLDING:
        raise Refused("over", _("This internship needs no documents now."))
    items = outstanding(placement, giver)
    if not items:
        raise Refused("nothing", _("Nothing is missing there."))
    if giver == Giver.STUDENT:
        _remind_student(placement, items)
    else:
        require_reach(placement, giver)
        write_about(placement, giver, items)
    record(
        action="documents_asked",
        subject=placement,
        actor=actor,
        after={"giver": giver, "titles": ", ".join(item.requirement.title for item in items)},
    )
    return items


def ask_everybody(*, placement_id: uuid.UUID, actor: Person) -> list[Item]:
    """Write to everybody something is outstanding from, and whom one can write to now.

    Refused when that is nobody: with why, of the last one tried.
    """
    refusal: Refused | None = None
    asked: list[Item] = []
    for giver in (Giver.STUDENT, Giver.GUARDIAN, Giver.MENTOR):
        try:
            with transaction.atomic():
                asked += ask_for_documents(placement_id=placement_id, giver=giver, actor=actor)
        except Refused as refused:
            if refused.code == "forbidden":
                raise
            if refusal is None or refused.code != "nothing":
                refusal = refused
    if not asked and refusal is not None:
        raise refusal
    return asked


def outstanding(placement: Placement, giver: str) -> list[Item]:
    """What *giver* still has to give for *placement*."""
    return [
        item
        for item in checklist(placement)
        if item.requirement.giver == giver and item.standing in OUTSTANDING
    ]


def require_reach(placement: Placement, giver: str) -> None:
    """Raise Refused where there is no address, or it was written to within the day."""
    if giver not in (Giver.GUARDIAN, Giver.MENTOR):
        raise Refused("nothing", _("Nothing is missing there."))
    if not reach(giver, placement).email:
        who = Giver(giver).label
        raise Refused("no_contact", _("There is no e-mail address of the %(who)s.") % {"who": who})
    newest = DocumentLink.objects.filter(placement=placement, giver=giver).first()
    if newest is not None and newest.created_at > timezone.now() - ASK_AGAIN_AFTER:
        raise Refused("asked", _("They have been written to already today."))


def can_be_asked(placement: Placement, giver: str) -> bool:
    """True when a slot is held, something is outstanding and there is an address."""
    return (
        placement.state in HOLDING
        and bool(reach(giver, placement).email)
        and bool(outstanding(placement, giver))
    )


def write_about(placement: Placement, giver: str, items: list[Item] | None = None) -> None:
    """One e-mail about all that is outstanding, with a fresh link; plans the reminder."""
    wanted = outstanding(placement, giver) if items is None else items
    to = reach(giver, placement)
    link, secret = make_link(placement=placement, giver=giver, reach=to)
    with translation.override(to.language):
        titles = "\n".join(f"· {item.title}" for item in wanted)
    write_to(
        kind="documents_wanted",
        email=to.email,
        language=to.language,
        data=facts(placement) | {"titles": titles, "name": to.name},
        secret=secret,
    )
    plan_work(kind=WAIT, subject_id=link.id, due_at=link.created_at + REMIND_AFTER)


def _remind_student(placement: Placement, items: list[Item]) -> None:
    kind, said = "documents_missing", {"placement": str(placement.id)}
    if told_since(timezone.now() - ASK_AGAIN_AFTER, kind=kind, **said):
        name = {"student": placement.student.full_name}
        raise Refused("reminded", _("%(student)s has been reminded already.") % name)
    with translation.override(placement.student.language or None):
        titles = "\n".join(f"· {item.title}" for item in items)
    tell(kind=kind, person=placement.student, data=facts(placement) | {"titles": titles})


@transaction.atomic
def remind_of_documents(*, link_id: uuid.UUID) -> datetime | None:
    """The clock's visit, days after a link was sent: once more, or a word to the student.

    Nothing happens when all was given, when the placement is over, or after a newer link.
    """
    link = (
        DocumentLink.objects.select_for_update(of=("self",))
        .select_related("placement__student__teacher", "placement__opportunity")
        .filter(id=link_id)
        .first()
    )
    if link is None:
        return None
    sent = DocumentLink.objects.filter(placement=link.placement, giver=link.giver)
    if sent.filter(created_at__gt=link.created_at).exists():
        return None
    if not can_be_asked(link.placement, link.giver):
        return None
    if sent.count() < MOST_MAILS:
        write_about(link.placement, link.giver)
        return None
    tell(
        kind="documents_unanswered",
        person=link.placement.student,
        data=facts(link.placement) | {"name": link.name or link.email},
    )
    return None
