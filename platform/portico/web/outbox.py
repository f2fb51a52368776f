"""Reading the files Django's file-based e-mail backend writes. Used by the demo only."""

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

SEPARATOR = b"-" * 79
NAME = re.compile(r"^[\w.-]+$")


@dataclass(frozen=True)
class Mail:
    name: str
    to: str
    subject: str
    text: str
    html: str


def waiting_mails(folder: Path, *, host: str, limit: int = 100) -> list[Mail]:
    """The newest e-mails whose links lead to *host*, newest first."""
    mails: list[Mail] = []
    if not folder.exists():
        return mails
    for path in sorted(
        folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True
    ):
        parts = [part for part in path.read_bytes().split(SEPARATOR) if part.strip()]
        for number, part in reversed(list(enumerate(parts))):
            mail = _parse(f"{path.stem}.{number}", part)
            if f"//{host}/" in mail.text:
                mails.append(mail)
        if len(mails) >= limit:
            break
    return mails[:limit]


def read_mail(folder: Path, *, name: str, host: str) -> Mail | None:
    """The e-mail *name* of `waiting_mails`, if its links lead to *host*."""
    stem, _dot, number = name.rpartition(".")
    path = folder / f"{stem}.log"
    if not NAME.match(name) or not number.isdigit() or not path.exists():
        return None
    parts = [part for part in path.read_bytes().split(SEPARATOR) if part.strip()]
    if int(number) >= len(parts):
        return None
    mail = _parse(name, parts[int(number)])
    return mail if f"//{host}/" in mail.text else None


def _parse(name: str, data: bytes) -> Mail:
    message = email.message_from_bytes(data.strip() + b"\n", policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    return Mail(
        name=name,
        to=str(message["to"]),
        subject=str(message["subject"]),
        text=plain.get_content() if plain else "",
        html=rich.get_content() if rich else "",
    )
