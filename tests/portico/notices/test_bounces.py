"""Mails that come back later: a delivery status notification gives up the notice it is about."""

from collections.abc import Iterator
from email.message import EmailMessage, Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from typing import Any

import pytest

from portico import cli
from portico.due.runner import run_due
from portico.notices.actions import send_again, tell
from portico.notices.bounces import HEADER, Bounce, note_bounce, read_bounce
from portico.notices.models import Notice
from portico.notices.queries import why_undelivered
from tenants.errors import Refused
from tests.mailserver import MailServer
from tests.world import School

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    settings.BOUNCE_ADDRESS = "returned@portico.example.org"
    with MailServer() as server:
        server.use(settings)
        yield server


@pytest.fixture
def sent(server: MailServer, met: School) -> Notice:
    """A mail the server took."""
    person = met.student(email="pat@nowhere.example.org")
    with met:
        notice = tell(
            kind="owner_refused", person=person, data={"title": "T", "origin": "O", "reason": "R"}
        )
    run_due(region="bronx")
    with met:
        notice.refresh_from_db()
    assert notice.state == Notice.State.SENT
    return notice


def returned(
    mail: Message, *, action: str = "failed", status: str = "5.1.1", whole: bool = True
) -> bytes:
    """The notification RFC 3464 wants, as Postfix writes it, about *mail*."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = "Mail Delivery System <MAILER-DAEMON@mx.example.org>"
    report["To"], report["Subject"] = "returned@portico.example.org", "Undelivered Mail"
    report.attach(MIMEText("I'm sorry to have to inform you that your message could not be ..."))
    about, recipient = Message(), Message()
    about["Reporting-MTA"] = "dns; mx.example.org"
    recipient["Final-Recipient"] = f"rfc822; {mail['To']}"
    recipient["Action"], recipient["Status"] = action, f"{status} (bad destination mailbox)"
    status_part = Message()
    status_part.set_type("message/delivery-status")
    status_part.set_payload([about, recipient])
    report.attach(status_part)
    if whole:
        report.attach(MIMEMessage(mail))
    else:
        headers = "".join(f"{name}: {value}\n" for name, value in mail.items())
        part = MIMEText(headers, "rfc822-headers")
        report.attach(part)
    return report.as_bytes()


def again(notice: Notice, school: School) -> Notice:
    with school:
        notice.refresh_from_db()
    return notice


def test_it_goes_out_under_the_address_it_comes_back_to(server: MailServer, sent: Notice) -> None:
    (mail,) = server.mails
    assert "no-reply@" in mail["From"]
    assert mail[HEADER].strip().startswith(f"bronx__met/{sent.id}:")
    assert server.senders == ["returned@portico.example.org"]


@pytest.mark.parametrize("whole", [True, False])
def test_what_came_back_is_given_up_and_said(
    whole: bool, server: MailServer, sent: Notice, met: School, tmp_path: Path
) -> None:
    path = tmp_path / "returned.eml"
    path.write_bytes(returned(server.mails[0], whole=whole))
    for _twice in range(2):
        assert cli.run(["bounces", str(path)]) == 0
    given_up = again(sent, met)
    assert (given_up.state, given_up.last_error) == ("failed", "Returned 5.1.1")
    assert "no such mailbox" in why_undelivered(given_up)
    with met:
        assert send_again(notice_id=sent.id)
    run_due(region="bronx")
    assert again(sent, met).state == Notice.State.SENT


def test_a_delay_and_other_mails_are_passed_over(server: MailServer, sent: Notice) -> None:
    mail = server.mails[0]
    assert read_bounce(returned(mail, action="delayed", status="4.4.1")) is None
    assert read_bounce(mail.as_bytes()) is None
    vacation = EmailMessage()
    vacation["Subject"] = "Out of office"
    vacation.set_content("Back on Monday.")
    assert read_bounce(bytes(vacation)) is None
    assert read_bounce(b"") is None
    assert read_bounce(b"Content-Type: multipart/report; boundary=x\n\n--x") is None


def test_a_made_up_notification_gives_up_nothing(
    server: MailServer, sent: Notice, met: School
) -> None:
    mail = server.mails[0]
    mark = mail[HEADER].strip()
    for forged in (mark.replace(str(sent.id), str(met.coordinator().id)), mark[:-3], "", "x/y:z"):
        del mail[HEADER]
        mail[HEADER] = forged
        assert read_bounce(returned(mail)) is None


def test_of_another_school_it_is_not_known(sent: Notice, met: School, academy: School) -> None:
    with academy:
        assert not note_bounce(Bounce("bronx__academy", sent.id, "5.1.1"))
    assert again(sent, met).state == Notice.State.SENT


def test_a_link_that_came_back_is_asked_for_anew(server: MailServer, met: School) -> None:
    """Its secret is not kept once the mail is on its way: sent again it would lead nowhere."""
    person = met.student()
    with met:
        notice = tell(kind="sign_in_code", person=person, data={}, secret="1234 5678")
    run_due(region="bronx")
    bounce = read_bounce(returned(server.mails[0]))
    assert bounce is not None
    with met:
        assert note_bounce(bounce)
        with pytest.raises(Refused) as refusal:
            send_again(notice_id=notice.id)
    assert refusal.value.code == "link_gone"
