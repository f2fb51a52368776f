"""Initials, tints and icons."""

import pytest

from portico.web.templatetags import marks


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Grand Concourse Rehab", "GC"),
        ("The Stoop", "ST"),
        ("Library of Melrose", "LM"),
        ("Ávila & Sons", "ÁS"),
        ("A", "A"),
        ("", "?"),
        ("— —", "?"),
    ],
)
def test_initials_of_a_place(name, expected):
    assert marks.initials(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Ana María de la Cruz", "AC"), ("Amara Okafor", "AO"), ("Zora", "Z"), ("", "?")],
)
def test_initials_of_a_person(name, expected):
    assert marks.person_initials(name) == expected


def test_a_tint_belongs_to_its_name():
    assert marks.tint("Fordham Paws") == marks.tint("Fordham Paws")
    assert {marks.tint(f"Site {number}") for number in range(200)} == set(marks.TINTS)


def test_an_icon_is_decoration():
    drawing = marks.icon("check", 16)
    assert 'aria-hidden="true"' in drawing
    assert 'width="16"' in drawing
