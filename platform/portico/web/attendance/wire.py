"""A tap as it comes over the wire, read strictly: a wrong field is named, nothing is guessed."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from django.utils.dateparse import parse_datetime, parse_time
from django.utils.translation import gettext_lazy as _

from portico.attendance.actions import NewTap
from portico.attendance.location import read_location
from portico.attendance.models import Tap
from tenants.errors import Refused


def read_tap(data: Mapping[str, Any]) -> NewTap:
    """The tap in a JSON body; Refused (`invalid`) with the field at fault."""
    kind = data.get("kind")
    if kind not in Tap.Kind.values:
        raise _wrong("kind")
    fix, status = read_location(data.get("location"))
    confirms = kind == Tap.Kind.CONFIRM
    return NewTap(
        key=_uuid(data, "key"),
        placement_id=_uuid(data, "placement"),
        kind=kind,
        client_time=_moment(data, "client_time"),
        skew_ms=_number(data, "skew_ms"),
        elapsed_ms=_number(data, "elapsed_ms"),
        goals=_texts(data, "goals"),
        done=_indexes(data, "done"),
        answers=_answers(data),
        reflection=_text(data, "reflection"),
        pulse=_pulse(data),
        worry=_text(data, "worry"),
        fix=fix,
        location_status=status,
        attendance_id=_uuid(data, "attendance") if confirms else None,
        end=_time(data, "end") if confirms else None,
    )


def _wrong(field: str) -> Refused:
    return Refused("invalid", _("This does not look right."), field=field)


def _uuid(data: Mapping[str, Any], name: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(data.get(name, "")))
    except ValueError:
        raise _wrong(name) from None


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name) or ""
    if not isinstance(value, str):
        raise _wrong(name)
    return value.replace("\x00", "")


def _texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = data.get(name) or []
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise _wrong(name)
    return tuple(one.replace("\x00", "") for one in values)


def _indexes(data: Mapping[str, Any], name: str) -> tuple[int, ...]:
    values = data.get(name) or []
    if not isinstance(values, list) or not all(type(one) is int for one in values):
        raise _wrong(name)
    return tuple(values)


def _answers(data: Mapping[str, Any]) -> dict[str, str]:
    values = data.get("answers") or {}
    if not isinstance(values, dict):
        raise _wrong("answers")
    return {str(key): str(value).replace("\x00", "") for key, value in values.items()}


def _pulse(data: Mapping[str, Any]) -> int | None:
    value = data.get("pulse")
    if value in (None, ""):
        return None
    if type(value) is not int or not 1 <= value <= 5:
        raise _wrong("pulse")
    return value


def _number(data: Mapping[str, Any], name: str) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if type(value) not in (int, float) or abs(value) > 2**62:
        raise _wrong(name)
    return int(value)


def _moment(data: Mapping[str, Any], name: str) -> datetime | None:
    value = data.get(name)
    if value is None:
        return None
    try:
        found = parse_datetime(str(value))
        if found is None or found.tzinfo is None:  # JavaScript always says the zone
            raise _wrong(name)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _wrong(name) from None


def _time(data: Mapping[str, Any], name: str) -> time | None:
    value = data.get(name)
    if value in (None, ""):
        return None
    try:
        found = parse_time(str(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise _wrong(name)
    return found
