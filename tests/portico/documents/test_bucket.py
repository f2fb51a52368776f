"""Documents in a bucket: an S3 over HTTP, through the same actions and pages as a folder."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from portico.documents.files import files_of, open_file, path_of, remove_file, storage
from portico.documents.sweeping import YOUNG, compare_files, remove_orphans
from tenants.ids import new_id
from tests.portico.documents.papers import papers, uploaded
from tests.portico.documents.test_checklist import asking
from tests.s3 import running_bucket
from tests.world import School

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bucket(settings: Any) -> Iterator[None]:
    with running_bucket() as documents:
        settings.STORAGES = settings.STORAGES | {"documents": documents}
        yield


def test_kept_read_and_removed(met: School, academy: School) -> None:
    document = uploaded(met, asking(met), papers(met))
    assert list(files_of(met.schema)) == [document.id]
    assert list(files_of(academy.schema)) == []
    with met, open_file(document_id=document.id) as file:
        assert hashlib.sha256(file.read()).hexdigest() == document.sha256
    with academy, pytest.raises(FileNotFoundError):
        open_file(document_id=document.id).read()
    for _twice in range(2):
        remove_file(schema=met.schema, document_id=document.id)
    assert list(files_of(met.schema)) == []


def test_handed_out_by_the_site_to_those_who_may(met: School, academy: School) -> None:
    document = uploaded(met, asking(met), papers(met))
    address = reverse("document-file", args=[document.id], urlconf="portico.web.urls_school")
    answer = met.client(met.coordinator()).get(address)
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content)
    assert hashlib.sha256(body).hexdigest() == document.sha256
    assert academy.client(academy.coordinator()).get(address).status_code == 404


def test_what_no_document_names_is_swept_when_it_is_old(met: School) -> None:
    document = uploaded(met, asking(met), papers(met))
    lost = new_id()
    storage().save(path_of(schema=met.schema, document_id=lost), ContentFile(b"%PDF-1.7"))
    found = compare_files(schema=met.schema)
    assert (found.missing, found.orphans) == ([], [lost])
    assert remove_orphans(found) == 0, "it may belong to a transaction that is not over"
    with time_machine.travel(timezone.now() + 2 * YOUNG):
        assert remove_orphans(found) == 1
    assert list(files_of(met.schema)) == [document.id]
