"""One document to be given, with its text and its form: on a portal's page or a link's."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from portico.documents.checklist import Item
from portico.documents.models import Requirement
from portico.web.documents.forms import SignForm, UploadForm
from portico.web.documents.words import TONES, standing_words
from tenants.errors import Refused


@dataclass(frozen=True)
class Sheet:
    """`form` is None where nothing is to be given any more."""

    item: Item
    title: str
    text: str
    standing: str
    tone: str
    form: SignForm | UploadForm | None
    note: str = ""

    @property
    def key(self) -> str:
        return self.item.requirement.id.hex[-8:]

    @property
    def is_signed(self) -> bool:
        return isinstance(self.form, SignForm)


def sheet(item: Item, *, form: SignForm | UploadForm | None, language: str | None = None) -> Sheet:
    requirement = item.requirement
    words = language or get_language() or ""
    return Sheet(
        item=item,
        title=requirement.title_in(words),
        text=requirement.text_in(words),
        standing=standing_words(item),
        tone=TONES[item.standing],
        form=form,
        note=item.document.note if item.document and item.standing == "sent_back" else "",
    )


def fresh_form(item: Item, *, name: str, by_file: bool, is_staff: bool = False) -> Any:
    """An empty form for *item*, as a signature or a file."""
    requirement, language = item.requirement, get_language() or ""
    prefix = prefix_of(requirement)
    if not by_file and requirement.way == Requirement.Way.SIGNATURE:
        return SignForm.fresh(
            prefix=prefix, text=requirement.text_in(language), language=language, name=name
        )
    return UploadForm(prefix=prefix, initial={"name": name}, is_staff=is_staff)


def prefix_of(requirement: Requirement) -> str:
    return f"d{requirement.id.hex[-8:]}"


def answered(
    request: HttpRequest,
    item: Item,
    *,
    by_file: bool,
    sign: Callable[[SignForm], Any],
    upload: Callable[[UploadForm], Any],
    is_staff: bool = False,
) -> SignForm | UploadForm | None:
    """Do what was posted for *item*; None when it is done, else the form with what is wrong."""
    prefix = prefix_of(item.requirement)
    form: SignForm | UploadForm
    if by_file or item.requirement.way == Requirement.Way.UPLOAD:
        form = UploadForm(request.POST, request.FILES, prefix=prefix, is_staff=is_staff)
    else:
        form = SignForm(request.POST, prefix=prefix)
    if not form.is_valid():
        return form
    try:
        if isinstance(form, UploadForm):
            upload(form)
        else:
            sign(form)
    except Refused as refusal:
        if refusal.code == "forbidden":
            raise
        form.refuse(refusal)
        return form
    return None


def posted_item(request: HttpRequest, items: Iterable[Item]) -> Item | None:
    """The item whose requirement the form names, if it is one of *items*."""
    try:
        wanted = uuid.UUID(request.POST.get("requirement", ""))
    except ValueError:
        return None
    return next((item for item in items if item.requirement.id == wanted), None)
