"""Sending what waits in the outbox. At least once, never invented, backing off.

The runner lets one worker have a notice at a time. No row is locked while the mail server
is talked to: a server that hangs must not hold up who reads their notices meanwhile. A
crash after the server said yes and before the commit sends the mail again, with the same
Message-ID.
"""

import logging
import smtplib
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import Error as DatabaseError
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portico.due.runner import PutOff
from portico.notices.bounces import HEADER, mark_of
from portico.notices.choosing import can_be_stopped, stop_token
from portico.notices.models import Notice
from portico.notices.queries import NOT_WRITTEN, absolute_url, in_words
from portico.telemetry.counters import NOTICES, count_after_commit
from tenants.context import current_alias, current_schema
from tenants.queries import tenant_by_schema
from tenants.theme import theme_colors

log = logging.getLogger(__name__)

FIRST_DELAY = timedelta(seconds=30)  # then 1 min, 2 min …
LONGEST_DELAY = timedelta(minutes=15)
MOST_ATTEMPTS = 100  # about a day


def deliver_notice(*, subject_id: uuid.UUID) -> datetime | PutOff | None:
    """Send one waiting notice. None: nothing is left to do; else when to try again.

    A server that says no for good gives the notice up at once; one that cannot be reached
    is tried for a day, and puts off the other mails of this run too.
    """
    notice = (
        Notice.objects.select_related("person")
        .filter(id=subject_id, state=Notice.State.WAITING)
        .first()
    )
    if notice is None:
        return None
    attempts = notice.attempts + 1
    try:
        _send(notice)
    except DatabaseError:
        raise
    except OSError as failure:  # smtplib's errors are OSErrors
        if _is_final(failure) or attempts >= MOST_ATTEMPTS:
            _give_up(notice, attempts, _name(failure))
            return None
        until = timezone.now() + min(FIRST_DELAY * 2 ** min(notice.attempts, 20), LONGEST_DELAY)
        _write(notice, attempts=attempts, next_attempt_at=until, last_error=_name(failure))
        _count("put_off")
        return until if _is_about_one_mail(failure) else PutOff(until)
    except Exception as broken:  # a fault of ours: staff see it and send again once it is mended
        log.exception("a notice could not be written: kind=%s id=%s", notice.kind, notice.id)
        _give_up(notice, attempts, f"{NOT_WRITTEN} {type(broken).__name__}")
        return None
    _write(
        notice,
        state=Notice.State.SENT,
        attempts=attempts,
        sent_at=timezone.now(),
        next_attempt_at=None,
        last_error="",
        secret="",
    )
    _count("sent")
    return None


def _write(notice: Notice, **changes: object) -> None:
    Notice.objects.filter(id=notice.id, state=Notice.State.WAITING).update(**changes)


def _give_up(notice: Notice, attempts: int, why: str) -> None:
    _write(
        notice,
        state=Notice.State.FAILED,
        attempts=attempts,
        next_attempt_at=None,
        last_error=why,
    )
    _count("given_up")


def _count(outcome: str) -> None:
    count_after_commit(NOTICES, using=current_alias(), outcome=outcome)


def _codes(failure: OSError) -> list[int]:
    """The server's reply codes about this one mail; none when it is about the server."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in failure.recipients.values()]
    if isinstance(failure, smtplib.SMTPDataError):
        return [failure.smtp_code]
    return []


def _is_about_one_mail(failure: OSError) -> bool:
    return bool(_codes(failure))


def _is_final(failure: OSError) -> bool:
    codes = _codes(failure)
    return bool(codes) and all(code >= 500 for code in codes)


def _name(failure: OSError) -> str:
    """`SMTPRecipientsRefused 550`: for staff, without a person's data."""
    return " ".join([type(failure).__name__, *map(str, _codes(failure))])


def _send(notice: Notice) -> None:
    tenant = tenant_by_schema(current_schema())
    language = notice.language or tenant.language
    with translation.override(language), timezone.override(tenant.time_zone):
        message = in_words(notice, language=language)
        stop = _stop_url(notice)
        context = {
            "message": message,
            "stop_url": stop,
            "url": absolute_url(message.path) if message.path else "",
            "reader": notice.person,
            "tenant_name": tenant.name,
            "region_name": tenant.region.name if tenant.region else "",
            "tenant_color": theme_colors(tenant.color)["--color-primary"],
        }
        mail = EmailMultiAlternatives(
            subject=message.subject,
            body=render_to_string("notices/mail.txt", context),
            # who gets it back when it cannot be delivered; a reader sees From
            from_email=settings.BOUNCE_ADDRESS or settings.DEFAULT_FROM_EMAIL,
            to=[notice.email],
            headers={
                "Message-ID": f"<{notice.id}@{settings.BASE_HOST}>",
                "From": settings.DEFAULT_FROM_EMAIL,
                "Auto-Submitted": "auto-generated",
                HEADER: mark_of(notice, schema=tenant.schema_name),
                **_unsubscribing(stop),
            },
        )
        mail.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
    mail.send()


def _stop_url(notice: Notice) -> str:
    """Where the reader ends mails like this one; empty for what always comes."""
    reader = notice.person_id or notice.data.get("reader")
    if reader is None or not can_be_stopped(notice.kind):
        return ""
    return absolute_url(f"/mail/{stop_token(person_id=reader, kind=notice.kind)}/")


def _unsubscribing(url: str) -> dict[str, str]:
    """RFC 2369 and RFC 8058: the mail program's own button, one click without signing in."""
    if not url:
        return {}
    return {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
