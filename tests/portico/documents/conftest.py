"""Fixtures of the documents' tests."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A page in a guardian's language leaves it to the thread; the next test begins in English."""
    with translation.override("en"):
        yield
