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
from django.utils.translation import gettext as _

from portico.audit.models import Entry
from sharing.schools import FirstPerson, add_school
from tenants.context import tenant_context
from tenants.models import School
from tenants.provisioning.provision import SchoolFacts
from tenants.queries import schools_of

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


def check_facts(*, region: str, facts: dict[str, Any]) -> None:
    """What the registry's rules say of a school to be, before it is filed.

    *facts* are its columns by name; the region's other schools are looked at. ValidationError
    names the fields at fault.
    """
    wrong: dict[str, list[Any]] = {}
    try:
        School(kind="school", **facts).clean_fields(
            exclude={field.name for field in School._meta.fields} - facts.keys()
        )
    except ValidationError as error:
        wrong = dict(error.error_dict)
    lowest, highest = facts.get("grade_min"), facts.get("grade_max")
    if lowest is not None and highest is not None and highest < lowest:
        said = _("The highest grade is lower than the lowest.")
        wrong.setdefault("grade_max", []).append(ValidationError(said))
    if facts.get("code") in {school.code for school in schools_of(region=region)}:
        wrong.setdefault("code", []).append(ValidationError(_("This code is in use already.")))
    if wrong:
        raise ValidationError(wrong)


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
