"""A district admin asks for a school in a page; the worker makes it and says how far it is.

The request and its progress are kept in the cache for a day. Whether the school was made
is not a matter of the cache: the region's history names the request, in the transaction
that made the school. So a lost cache or a message delivered twice does no harm.
"""

import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError

from portico.audit.models import Entry
from sharing.schools import FirstPerson, add_school
from tenants.context import tenant_context
from tenants.provisioning.provision import SchoolFacts

KEEP_SECONDS = 24 * 3600

WAITING, WORKING, DONE, FAILED = "waiting", "working", "done", "failed"


@dataclass
class SchoolRequest:
    """What was asked for (*wanted*, as the form gave it) and where it stands."""

    id: str
    region: str
    wanted: dict[str, Any]
    inviter: str
    state: str = WAITING
    steps: list[str] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return str(self.wanted["code"])

    @property
    def name(self) -> str:
        return str(self.wanted["name"])

    def save(self) -> None:
        cache.set(_key(self.region, self.id), asdict(self), KEEP_SECONDS)


def file_request(*, region: str, wanted: dict[str, Any], inviter: str) -> SchoolRequest:
    """Keep what is *wanted* (names of the form's fields to plain values) for the worker."""
    request = SchoolRequest(id=str(uuid.uuid4()), region=region, wanted=wanted, inviter=inviter)
    request.save()
    return request


def find_request(*, region: str, request_id: uuid.UUID) -> SchoolRequest | None:
    """The request with this id in *region*; None when there is none or it is too old.

    Call inside the region's context: its history has the last word on what was made.
    """
    kept = cache.get(_key(region, str(request_id)))
    if kept is None:
        return None
    request = SchoolRequest(**kept)
    if request.state != DONE and was_made(request_id=request.id):
        request.state, request.errors = DONE, {}
    return request


def was_made(*, request_id: str) -> bool:
    """True when the school of this request exists, by the current region's history."""
    return Entry.objects.filter(action="school_added", after__request=request_id).exists()


def fulfil_request(*, region: str, request_id: str) -> None:
    """Make the school. Safe to run twice; what went wrong is told in the request."""
    kept = cache.get(_key(region, request_id))
    if kept is None:
        return  # older than a day: nobody waits for it
    request = SchoolRequest(**kept)
    with tenant_context(region):
        if was_made(request_id=request_id):
            return
    request.state, request.steps, request.errors = WORKING, [], {}

    def progress(line: str) -> None:
        request.steps.append(line)
        request.save()

    wanted = dict(request.wanted)
    who = FirstPerson(
        given_name=wanted.pop("coordinator_given_name"),
        family_name=wanted.pop("coordinator_family_name"),
        email=wanted.pop("coordinator_email"),
    )
    try:
        add_school(
            region=region,
            code=wanted.pop("code"),
            name=wanted.pop("name"),
            facts=SchoolFacts(**wanted),
            coordinator=who,
            inviter=request.inviter,
            request_id=uuid.UUID(request_id),
            progress=progress,
        )
    except ValidationError as error:
        request.state, request.errors = FAILED, error.message_dict
        request.save()
    except Exception:
        request.state, request.errors = FAILED, {}
        request.save()
        raise
    else:
        request.state = DONE
        request.save()


def _key(region: str, request_id: str) -> str:
    return f"school-request:{region}:{request_id}"
