"""While a release goes out: today's pages on schools ahead of them, and on schools behind."""

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from catalog.models import Site
from tenants.context import OWNER, tenant_context
from tenants.provisioning.rollout import migrate_tenants
from tests.lint_migrations import faults
from tests.tenants.releases import HERE, NextRelease
from tests.world import School

PAGES = {
    "coordinator": [
        "/coordinator/", "/coordinator/opportunities/", "/coordinator/sites/",
        "/coordinator/requests/", "/coordinator/placements/", "/coordinator/pool/",
    ],
    "student": ["/", "/journey/", "/saved/", "/wishes/"],
    "teacher": ["/teacher/", "/teacher/starts/"],
}  # fmt: skip


def statuses(school: School) -> dict[str, int]:
    found = {}
    for role, pages in PAGES.items():
        client = school.client(school.person(role))
        client.raise_request_exception = False
        found |= {page: client.get(page).status_code for page in pages}
    return found


def work_of_a_day(school: School) -> None:
    """What people write, from an opportunity to an internship; its site is a row of the table."""
    school.placement(school.opportunity().id, state="active")


def test_todays_release_works_on_schools_ahead_of_it_and_on_the_others(
    queens: list[str], release: NextRelease
) -> None:
    """The first two are migrated while the old code serves all four."""
    release.adds_motto()
    assert migrate_tenants(only="queens__[ac]*").is_good
    for schema in queens:
        school = School(schema)
        work_of_a_day(school)
        assert set(statuses(school).values()) == {200}, schema
    # and between a school ahead and one behind
    listing_id = School(queens[0]).release(School(queens[0]).opportunity())
    School(queens[3]).placement(listing_id, state="active")


def test_a_school_left_behind_works_but_for_what_is_new(queens: list[str]) -> None:
    """One school is taken back a migration; the models know columns that it lacks."""
    behind, other = School(queens[1]), School(queens[0])
    with tenant_context(behind.schema, using=OWNER):
        executor = MigrationExecutor(connections[OWNER])
        executor.migrate([("catalog", "0002_saved_searches")])

    client: Client = behind.client(behind.coordinator())
    client.raise_request_exception = False
    answer = client.get("/coordinator/leads/")  # the table came with 0003
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "This page is being updated" in answer.content.decode()
    assert client.get("/coordinator/sites/").status_code == 200
    with behind:
        assert Site.objects.count() == 1
    assert set(statuses(behind).values()) <= {200, 503}
    assert statuses(behind)["/"] == 200
    assert set(statuses(other).values()) == {200}

    assert migrate_tenants(only=HERE).is_good
    assert client.get("/coordinator/leads/").status_code == 200
    assert set(statuses(behind).values()) == {200}


UNSAFE = {
    "takes a column away": (
        "operations = [migrations.RemoveField('site', 'website')]",
        "DROP_COLUMN",
    ),
    "renames one": (
        "operations = [migrations.RenameField('mentor', 'phone', 'telephone')]",
        "RENAME_COLUMN",
    ),
    "adds one that old code does not fill": (
        "operations = [migrations.AddField('site', 'x', models.IntegerField(default=0))]",
        "NOT_NULL",
    ),
    "drops a table": ("operations = [migrations.DeleteModel('Lead')]", "DROP_TABLE"),
}


@pytest.mark.usefixtures("committed_db")
def test_the_linter_refuses_what_breaks_the_release_before_and_no_more(
    release: NextRelease,
) -> None:
    """All in one release: working out what its migrations do takes seconds."""
    safe = release.adds_motto()
    unsafe = {
        release.adds("catalog", f"unsafe_{number}", f"    {body}\n"): [code]
        for number, (body, code) in enumerate(UNSAFE.values())
    }
    found = faults()
    assert {name: found.get(name) for name in unsafe} == unsafe
    assert safe not in found
