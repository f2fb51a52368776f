"""Answers as JSON: the same bytes as DRF's own renderer writes."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy
from rest_framework.renderers import JSONRenderer

from api.rendering import Renderer

MOMENT = datetime.datetime(2027, 2, 1, 8, 30, 0, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "value",
    [
        uuid.UUID(int=7),
        MOMENT.date(),
        MOMENT,
        MOMENT.replace(tzinfo=None),
        MOMENT.time(),
        datetime.timedelta(hours=2),
        Decimal("15.50"),
        gettext_lazy("English"),
    ],
    ids=repr,
)
def test_a_value_is_written_as_before(value):
    document = {"value": [value, None], "text": "señal\u2028"}
    assert Renderer().render(document) == JSONRenderer().render(document)
