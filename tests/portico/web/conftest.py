"""Fixtures of the page tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.portico.web.phone import Phone, new_phone
from tests.world import School


@pytest.fixture
def get_phone(browser: Browser, site: Any, met: School) -> Iterator[Callable[..., Phone]]:
    """Phones of separate owners; what one complains of in its console fails the test."""
    phones: list[Phone] = []

    def get_one(**options: Any) -> Phone:
        phones.append(new_phone(browser, site=site, school=met, **options))
        return phones[-1]

    yield get_one
    for phone in phones:
        phone.close()
    complaints = [text for phone in phones for text in phone.complaints]
    assert not complaints, "the page complained: " + "; ".join(complaints)
