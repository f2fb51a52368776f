"""Sending what waits in the outbox. At least once, never invented, backing off."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portico.notices.models import Notice
from portico.notices.queries import absolute_url, in_words
from tenants.context import current_schema
from tenants.queries import tenant_by_schema
from tenants.theme import theme_colors

MOST_ATTEMPTS = 8  # 30 s, 1 min, 2 min … about an hour in all


def deliver_notice(*, subject_id: uuid.UUID) -> datetime | None:
    """Send one waiting notice. Returns when to try again, or None when nothing is left to do.

    The row is locked while the mail server is talked to, so two workers send it once; a
    crash after the server said yes and before the commit sends it again with the same
    Message-ID.
    """
    notice = (
        Notice.objects.select_for_update().filter(id=subject_id, state=Notice.State.WAITING).first()
    )
    if notice is None:
        return None
    notice.attempts += 1
    try:
        _send(notice)
    except OSError as failure:  # smtplib's errors are OSErrors
        notice.last_error = type(failure).__name__
        if notice.attempts >= MOST_ATTEMPTS:
            notice.state = Notice.State.FAILED
            notice.next_attempt_at = None
        else:
            notice.next_attempt_at = timezone.now() + timedelta(seconds=15 * 2**notice.attempts)
        notice.save()
        return notice.next_attempt_at
    notice.state = Notice.State.SENT
    notice.sent_at = timezone.now()
    notice.next_attempt_at = None
    notice.last_error = ""
    notice.secret = ""
    notice.save()
    return None


def _send(notice: Notice) -> None:
    tenant = tenant_by_schema(current_schema())
    language = notice.language or tenant.language
    with translation.override(language), timezone.override(tenant.time_zone):
        message = in_words(notice, language=language)
        context = {
            "message": message,
            "url": absolute_url(message.path) if message.path else "",
            "reader": notice.person,
            "tenant_name": tenant.name,
            "region_name": tenant.region.name if tenant.region else "",
            "tenant_color": theme_colors(tenant.color)["--color-primary"],
        }
        mail = EmailMultiAlternatives(
            subject=message.subject,
            body=render_to_string("notices/mail.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[notice.email],
            headers={
                "Message-ID": f"<{notice.id}@{settings.BASE_HOST}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
    mail.send()
