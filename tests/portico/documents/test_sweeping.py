"""Files and documents compared: what is nobody's goes after an hour, what is gone is said."""

import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from portico.documents.files import files_of, remove_file, storage
from portico.documents.sweeping import compare_files, remove_orphans
from tenants.ids import new_id
from tests.portico.documents.papers import papers, uploaded
from tests.portico.documents.test_checklist import asking
from tests.portico.documents.test_files import folder  # noqa: F401 - a folder of this test alone
from tests.world import School

pytestmark = pytest.mark.django_db


def test_orphans_go_after_an_hour_and_nothing_else_does(
    met: School,
    folder: Path,  # noqa: F811
) -> None:
    document = uploaded(met, asking(met), papers(met))
    orphan = new_id()
    storage().save(f"bronx__met/{orphan}", ContentFile(b"%PDF-1.7"))
    found = compare_files(schema="bronx__met")
    assert (found.missing, found.orphans) == ([], [orphan])
    assert remove_orphans(found) == 0  # it may be on its way
    old = time.time() - 3601
    os.utime(folder / "bronx__met" / str(orphan), (old, old))
    assert remove_orphans(found) == 1
    assert list(files_of("bronx__met")) == [document.id]


def test_a_file_that_is_gone_is_named(met: School) -> None:
    document = uploaded(met, asking(met), papers(met))
    remove_file(schema="bronx__met", document_id=document.id)
    found = compare_files(schema="bronx__met")
    assert (found.missing, found.orphans) == ([document.id], [])
