"""A real SMTP server for tests, with the faults real ones have.

    with MailServer() as server:
        server.use(settings)
        ...
        assert [mail["To"] for mail in server.mails] == […]

`server.fault`: "refuse" answers 550 to every recipient, "later" 451,
"drop" takes the mail and is gone before it says so, "hang" says nothing to a recipient until
the fault is over. For one that never says a word see SilentServer.
"""

import asyncio
import email
import socket
from email.message import Message
from typing import Any, Self

from aiosmtpd.controller import Controller


class MailServer:
    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.senders: list[str] = []  # of the envelopes
        self.fault = ""
        self.struck = 0  # how many mails met a fault
        self.refused: set[str] = set()  # addresses nobody has here
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *details: Any) -> None:
        self._controller.stop()

    def use(self, settings: Any, *, timeout: float = 5) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", self.port
        settings.EMAIL_TIMEOUT = timeout

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self.struck += self.fault in ("hang", "refuse", "later")
        while self.fault == "hang":
            await asyncio.sleep(0.05)
        if self.fault == "refuse" or address in self.refused:
            return "550 no such mailbox"
        if self.fault == "later":
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.senders.append(envelope.mail_from)
        self.mails.append(email.message_from_bytes(envelope.content))
        if self.fault == "drop":
            self.struck += 1
            server.transport.abort()
        return "250 OK"


class SilentServer:
    """Takes connections and never says a word."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: Any) -> None:
        self._socket.close()

    use = MailServer.use
