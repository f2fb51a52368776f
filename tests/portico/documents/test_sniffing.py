"""A file is what its bytes say, from its first one on; everything else is turned away."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portico.documents.sniffing import HEIC, JPEG, PDF, PNG, sniff
from tests.portico.documents.papers import a_pdf, a_photo

HEIC_HEAD = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"


@pytest.mark.parametrize(
    ("content", "is_a"),
    [
        (a_pdf(), PDF),
        (a_photo("PNG"), PNG),
        (a_photo("JPEG"), JPEG),
        (HEIC_HEAD, HEIC),
        (a_photo("GIF"), None),
        (b"<!doctype html><script>alert(1)</script>", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", None),
        (b"PK\x03\x04" + a_pdf(), None),  # an archive
        (b"MZ\x90\x00", None),  # a program
        (b"\n%PDF-1.7", None),  # readers forgive what comes before; we do not
        (b"%PDF-1.7\n<html><script>alert(1)</script>", None),  # both at once
        (b"\x89PNG\r\n\x1a\n" + b"<html>" * 3, None),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00", None),  # a film
        (b"", None),
    ],
)
def test_four_kinds_are_taken_and_no_other(content: bytes, is_a: str | None) -> None:
    assert sniff(content[:4096]) == is_a


SIGNATURES = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff")


@given(st.binary(min_size=1, max_size=64), st.sampled_from([a_pdf(), a_photo("PNG"), a_photo()]))
def test_nothing_may_stand_before_the_signature(junk: bytes, content: bytes) -> None:
    both = junk + content
    assume(not both.startswith(SIGNATURES) and both[4:8] != b"ftyp")
    assert sniff(both) is None
