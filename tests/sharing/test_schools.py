"""A school is made whole or not at all, and leaves without a trace."""

import datetime
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connections

from catalog.models import Term
from portico.accounts.models import LinkToken, Person
from portico.due.models import DueWork
from portico.notices.models import Notice
from sharing import pool, schools
from sharing.models import Hold, PoolListing
from sharing.school_requests import DONE, FAILED, file_request, find_request, fulfil_request
from sharing.schools import FirstPerson, add_region, add_school, remove_school
from tenants.context import OWNER, current_schema, public_context, tenant_context
from tenants.errors import Refused
from tenants.models import Domain, Tenant
from tenants.provisioning.provision import SchoolFacts

pytestmark = pytest.mark.usefixtures("committed_db")
NORA = FirstPerson(given_name="Nora", family_name="Vance", email="Nora@hunts.example.org")


def schema_exists(schema: str) -> bool:
    with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [schema])
        return bool(cursor.fetchone()[0])


@pytest.fixture
def hunts(committed_db: None) -> Iterator[str]:
    """The code of a school to be; it is removed after the test."""
    yield "hunts"
    if schema_exists("bronx__hunts"):
        with tenant_context("bronx", using=OWNER):
            Hold.objects.all().delete()
        remove_school(region="bronx", code="hunts")


def make(code: str, **facts: Any) -> Tenant:
    facts.setdefault("coordinator", NORA)
    return add_school(
        region="bronx", code=code, name="Hunts Point High", inviter="The district", **facts
    )


def test_a_school_comes_with_its_coordinator_term_and_invitation(hunts: str) -> None:
    lines: list[str] = []
    school = make(hunts, facts=SchoolFacts(address="1 Hunts Point Ave"), progress=lines.append)

    assert len(lines) >= 3
    with tenant_context("bronx__hunts"):
        person = Person.objects.get()
        assert (person.email, person.roles) == (
            "nora@hunts.example.org",
            ["coordinator", "school_admin"],
        )
        assert not person.has_usable_password()
        assert Term.objects.count() == 1
        assert LinkToken.objects.get().person == person
        notice = Notice.objects.get()
        assert notice.kind == "invitation"
        assert notice.data == {"school": "Hunts Point High", "inviter": "The district"}
        assert DueWork.objects.get(subject_id=notice.id).school == "bronx__hunts"
    assert Domain.objects.get(tenant_id=school.pk).domain == "hunts.bronx.localhost"
    assert Tenant.objects.get(pk=school.pk).address == "1 Hunts Point Ave"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "Hunts Point"}, "code"),
        ({"code": "met"}, "code"),
        ({"facts": SchoolFacts(latitude=99.0)}, "latitude"),
        (
            {"coordinator": FirstPerson(given_name="N", family_name="V", email="nowhere")},
            "coordinator_email",
        ),
        (
            {"coordinator": FirstPerson(given_name="", family_name="V", email="n@example.org")},
            "coordinator_given_name",
        ),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_made(
    hunts: str, wrong: dict[str, Any], field: str
) -> None:
    tenants_before = Tenant.objects.count()
    with pytest.raises(ValidationError) as refusal:
        make(wrong.pop("code", hunts), **wrong)
    assert field in refusal.value.message_dict
    assert Tenant.objects.count() == tenants_before
    assert not schema_exists("bronx__hunts")


def test_a_killed_process_leaves_nothing(hunts: str) -> None:
    program = """
import os, django
django.setup()
from django.conf import settings
from django.db import connections
for alias in ("default", "owner"):
    name = os.environ["NAME"]
    settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name
from sharing.schools import FirstPerson, add_school

lines = []
def die_at_the_end(line):
    lines.append(line)
    if len(lines) == 4:
        os.write(1, b"at the last step")
        os.kill(os.getpid(), 9)

add_school(region="bronx", code="hunts", name="Hunts", inviter="x", progress=die_at_the_end,
           coordinator=FirstPerson(given_name="N", family_name="V", email="n@example.org"))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={
            **os.environ,
            "NAME": connections[OWNER].settings_dict["NAME"],
            "DJANGO_SETTINGS_MODULE": "portico.settings.test",
        },
        capture_output=True,
    )
    assert done.returncode == -9
    assert done.stdout == b"at the last step"
    assert not Tenant.objects.filter(code="hunts").exists()
    assert not schema_exists("bronx__hunts")
    make(hunts)  # and the code is free


def test_actions_go_back_to_the_sites_connection_after_an_error(hunts: str) -> None:
    with pytest.raises(ValidationError):
        make("met")
    with tenant_context("bronx__met"):
        assert current_schema() == "bronx__met"
        assert Person.objects.all().db == "default"


def test_removing_a_school_gives_back_what_it_held(hunts: str, bronx: Any, met: Any) -> None:
    make(hunts)
    posting = bronx.posting(slots=2)
    released = met.release(met.opportunity())
    with tenant_context("bronx__hunts"):
        for listing_id in (posting.id, released):
            assert pool.claim(
                listing_id=listing_id,
                placement_id=uuid.uuid4(),
                until=datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC),
            )
    remove_school(region="bronx", code=hunts)
    with bronx:
        assert set(PoolListing.objects.values_list("taken", flat=True)) == {0}
        # the owner of the released slot hears of it
        assert DueWork.objects.get(kind="release_freed").subject_id == released
        assert not Hold.objects.exists()
        assert not DueWork.objects.filter(school="bronx__hunts").exists()
    assert not schema_exists("bronx__hunts")
    make(hunts)  # its role was kept, which does no harm


def test_a_school_whose_released_slot_is_in_use_stays(hunts: str, met: Any) -> None:
    listing_id = met.release(met.opportunity())
    from tests.world import School

    School("bronx__academy").placement(listing_id, state="pursuing")
    with pytest.raises(Refused) as refusal:
        remove_school(region="bronx", code="met")
    assert refusal.value.code == "slots_in_use"
    assert schema_exists("bronx__met")


def test_a_region_comes_with_its_admin() -> None:
    add_region(
        code="yonkers",
        name="Yonkers",
        admin=FirstPerson(given_name="Ada", family_name="Lane", email="ada@example.org"),
        inviter="Portico",
    )
    try:
        with tenant_context("yonkers"):
            assert Person.objects.get().roles == ["district_admin"]
            assert Notice.objects.get().kind == "invitation"
    finally:
        with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute("DROP SCHEMA yonkers CASCADE; DROP OWNED BY yonkers, yonkers_schools")
            Domain.objects.filter(tenant__code="yonkers").delete()
            Tenant.objects.filter(code="yonkers").delete()


def ask(**changes: Any) -> str:
    wanted = {
        "code": "hunts",
        "name": "Hunts Point High",
        "address": "1 Hunts Point Ave",
        "coordinator_given_name": "Nora",
        "coordinator_family_name": "Vance",
        "coordinator_email": "nora@example.org",
        **changes,
    }
    return file_request(region="bronx", wanted=wanted, inviter="Dana Admin").id


def test_a_request_is_fulfilled_once_however_often_it_is_delivered(hunts: str) -> None:
    request_id = ask()
    fulfil_request(region="bronx", request_id=request_id)
    fulfil_request(region="bronx", request_id=request_id)
    with tenant_context("bronx"):
        request = find_request(region="bronx", request_id=uuid.UUID(request_id))
    assert request is not None
    assert (request.state, request.errors) == (DONE, {})
    with tenant_context("bronx__hunts"):
        assert Person.objects.count() == 1


def test_the_history_knows_what_was_made_when_the_worker_died_before_saying_so(
    hunts: str,
) -> None:
    request_id = ask()
    before = cache.get(f"school-request:bronx:{request_id}")
    fulfil_request(region="bronx", request_id=request_id)
    cache.set(f"school-request:bronx:{request_id}", before)
    with tenant_context("bronx"):
        request = find_request(region="bronx", request_id=uuid.UUID(request_id))
    assert request is not None
    assert request.state == DONE


def test_a_request_says_which_field_was_at_fault(hunts: str) -> None:
    request_id = ask(code="met")
    fulfil_request(region="bronx", request_id=request_id)
    with tenant_context("bronx"):
        request = find_request(region="bronx", request_id=uuid.UUID(request_id))
    assert request is not None
    assert request.state == FAILED
    assert list(request.errors) == ["code"]


def test_another_regions_request_is_not_found() -> None:
    with tenant_context("bronx"):
        assert find_request(region="yonkers", request_id=uuid.UUID(ask())) is None


@pytest.mark.parametrize(
    ("today", "name"), [("2027-02-03", "Spring 2027"), ("2026-11-24", "Fall 2026")]
)
def test_the_first_term_is_the_half_year(today: str, name: str) -> None:
    import datetime

    term = schools._first_term(datetime.date.fromisoformat(today))
    assert term.name == name
    assert term.starts_on <= datetime.date.fromisoformat(today) <= term.ends_on
