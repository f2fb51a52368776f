"""A checklist as lines for people."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portico.accounts.models import Person
from portico.attendance.rules import is_staff_of
from portico.documents.checklist import Item, Standing, checklist
from portico.documents.models import Giver, Requirement
from portico.documents.rules import may_read, may_sign, may_upload
from portico.internships.models import Placement

TONES = {
    Standing.MISSING: "warn",
    Standing.ASKED: "info",
    Standing.TO_CHECK: "info",
    Standing.SENT_BACK: "bad",
    Standing.GIVEN: "good",
    Standing.EXPIRING: "warn",
    Standing.EXPIRED: "bad",
}
ICONS = {
    Requirement.Kind.AGREEMENT: "signature",
    Requirement.Kind.CONSENT: "heart-handshake",
    Requirement.Kind.WORKING_PAPERS: "id-card",
    Requirement.Kind.CLEARANCE: "shield-check",
    Requirement.Kind.OTHER: "file-text",
}


@dataclass(frozen=True)
class Line:
    """One item of a checklist. `give_url` and `url` are empty where the reader may not."""

    item: Item
    title: str
    about: str
    standing: str
    tone: str
    icon: str
    note: str = ""
    url: str = ""  # of the document given
    give_url: str = ""
    give_label: str = ""


def lines_of(placement: Placement, *, reader: Person, items: Iterable[Item]) -> list[Line]:
    return [_line(item, placement, reader) for item in items]


def _line(item: Item, placement: Placement, reader: Person) -> Line:
    requirement, document = item.requirement, item.document
    url = give_url = give_label = ""
    if document is not None and may_read(reader, document, placement=placement):
        url = reverse("document", args=[document.id])
    if item.standing == Standing.TO_CHECK and is_staff_of(reader, placement) and url:
        give_url, give_label = url, _("Check")
    elif not item.counts or item.standing == Standing.EXPIRING:
        give_url = reverse("document-give", args=[placement.id, requirement.id])
        if may_sign(reader, placement, requirement):
            give_label = _("Read and sign")
        elif may_upload(reader, placement, requirement):
            give_label = _("Send a file") if reader.id == placement.student_id else _("File it")
    return Line(
        item=item,
        title=item.title,
        about=who_gives(requirement),
        standing=standing_words(item),
        tone=TONES[item.standing],
        icon=ICONS[Requirement.Kind(requirement.kind)],
        note=document.note if document and item.standing == Standing.SENT_BACK else "",
        url=url,
        give_url=give_url if give_label else "",
        give_label=give_label,
    )


def who_gives(requirement: Requirement) -> str:
    """“Parent or guardian signs”, “Mentor at the site sends a file”."""
    who = str(Giver(requirement.giver).label)
    if requirement.way == Requirement.Way.SIGNATURE:
        words = _("%(who)s signs") % {"who": who}
    else:
        words = _("%(who)s sends a file") % {"who": who}
    return words[:1].upper() + words[1:]


def standing_words(item: Item) -> str:
    document = item.document
    if document is not None and document.valid_until is not None:
        day = date_format(document.valid_until, "SHORT_DATE_FORMAT")
        if item.standing == Standing.EXPIRED:
            return _("expired %(day)s") % {"day": day}
        if item.counts:
            return _("until %(day)s") % {"day": day}
    return str(Standing(item.standing).label)


def card_of(placement: Placement, *, reader: Person) -> dict[str, object]:
    """What documents/card.html reads; nothing is shown where nothing is required."""
    items = checklist(placement)
    missing = [item for item in items if not item.counts]
    return {
        "items": items,
        "lines": lines_of(placement, reader=reader, items=items),
        "missing": missing,
        "url": reverse("documents-of", args=[placement.id]),
    }
