"""Compressed where it helps, of a length that tells nothing, and with an ETag that still works."""

import gzip

import pytest
from django.test import Client

from tests.world import School

pytestmark = pytest.mark.django_db
ASKED = {"Accept-Encoding": "gzip, br"}


def test_a_page_is_compressed_for_those_who_ask(met: School) -> None:
    client = met.client(met.student())
    plain = client.get("/", headers={"Accept-Encoding": "identity"})
    packed = client.get("/", headers=ASKED)
    assert "Content-Encoding" not in plain.headers
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 3
    page = gzip.decompress(packed.content).decode()
    assert page.rstrip().endswith("</html>")
    assert int(packed["Content-Length"]) == len(packed.content)


def test_the_length_of_one_and_the_same_answer_varies(met: School) -> None:
    offer = met.opportunity()
    client = met.client(met.coordinator())
    answers = [client.get(f"/api/v1/opportunities/{offer.id}/", headers=ASKED) for _ in range(12)]
    assert {gzip.decompress(answer.content) for answer in answers} == {
        gzip.decompress(answers[0].content)
    }
    assert len({len(answer.content) for answer in answers}) > 3


def test_the_etag_of_a_compressed_answer_is_good_for_a_change(met: School) -> None:
    path = f"/api/v1/opportunities/{met.opportunity().id}/"
    client = met.client(met.coordinator())
    etag = client.get(path, headers=ASKED)["ETag"]
    assert etag.startswith('W/"')
    assert client.get(path, headers={**ASKED, "If-None-Match": etag}).status_code == 304

    def change(title: str, known: str) -> int:
        sent = {**ASKED, "If-Match": known}
        return client.patch(
            path, {"title": title}, content_type="application/json", headers=sent
        ).status_code

    assert change("City Farmer", etag) == 200
    assert change("Somebody Else's Words", etag) == 412


def test_what_is_compressed_already_is_left_alone(met: School) -> None:
    client: Client = met.client(met.coordinator())
    answer = client.get("/coordinator/roster/template.xlsx", headers=ASKED)
    assert answer.status_code == 200
    assert "spreadsheet" in answer["Content-Type"]
    assert "Content-Encoding" not in answer.headers
