"""Mails that come back later: the server took them, and another one could not deliver them.

A delivery status notification (RFC 3464) brings the header of the mail it is about. Every mail
of ours names its notice there, signed: a made-up notification can give up no notice whose mail
its sender has not received.
"""

import email
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from django.core.signing import BadSignature, Signer

from portico.notices.models import Notice
from portico.telemetry.counters import NOTICES, count_after_commit
from tenants.context import current_alias

HEADER = "X-Portico-Notice"
RETURNED = "Returned"  # last_error: `Returned 5.1.1`
_signer = Signer(salt="portico.notices.bounces")


@dataclass(frozen=True)
class Bounce:
    """What a notification says: which notice of which tenant, and the status (`5.1.1`)."""

    schema: str
    notice_id: uuid.UUID
    status: str


def mark_of(notice: Notice, *, schema: str) -> str:
    """What the HEADER of *notice*'s mail says."""
    return _signer.sign(f"{schema}/{notice.id}")


def read_bounce(raw: bytes) -> Bounce | None:
    """The failure that the mail *raw* reports; None for any other mail.

    Delays are none (the server still tries), and a mailbox that is full (4.x.x given up) is one.
    """
    message = email.message_from_bytes(raw)
    if message.get_content_type() != "multipart/report":
        return None
    status, mark = "", ""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            status = status or _failed_status(part)
        elif kind in ("message/rfc822", "message/rfc822-headers", "text/rfc822-headers"):
            mark = mark or _mark_in(part)
    if not status or not mark:
        return None
    try:
        schema, _slash, notice_id = _signer.unsign(mark).partition("/")
        return Bounce(schema, uuid.UUID(notice_id), status)
    except (BadSignature, ValueError):
        return None


def note_bounce(bounce: Bounce) -> bool:
    """Give up the notice of *bounce*, inside its tenant; False when there is nothing to give up.

    From then on it is among what did not go, its address is one that mail comes back from, and
    it can be sent again once that is put right. Twice is once.
    """
    given_up = Notice.objects.filter(id=bounce.notice_id, state=Notice.State.SENT).update(
        state=Notice.State.FAILED, last_error=f"{RETURNED} {bounce.status}"
    )
    if given_up:
        count_after_commit(NOTICES, using=current_alias(), outcome="returned")
    return bool(given_up)


def _failed_status(report: Message) -> str:
    """The status of the first recipient who did not get it; empty when all may still."""
    for fields in _blocks(report):
        if str(fields.get("Action", "")).strip().casefold() == "failed":
            found = re.match(r"\s*([245]\.\d{1,3}\.\d{1,3})", str(fields.get("Status", "")))
            return found[1] if found else "5.0.0"
    return ""


def _blocks(report: Message) -> Iterator[Message]:
    """The report's blocks of fields: one about the mail, one a recipient."""
    content = report.get_payload()
    if isinstance(content, list):
        yield from (block for block in content if isinstance(block, Message))


def _mark_in(part: Message) -> str:
    content = part.get_payload()
    if isinstance(content, list):  # the whole mail
        inner = content[0] if content and isinstance(content[0], Message) else None
    else:
        text = part.get_payload(decode=True)
        inner = email.message_from_bytes(text if isinstance(text, bytes) else b"")
    return str(inner.get(HEADER, "")).strip() if inner is not None else ""
