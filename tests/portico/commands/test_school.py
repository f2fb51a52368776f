"""`portico school`, `portico region`: what they say and what they leave."""

from collections.abc import Iterator

import pytest
from django.db import connections

from portico import cli
from portico.accounts.models import Person
from sharing.schools import remove_school
from tenants.context import OWNER, public_context, tenant_context
from tenants.models import Domain, Tenant

pytestmark = pytest.mark.usefixtures("committed_db")
ADD = [
    "school", "add", "bronx", "hunts", "Hunts Point High", "--address", "1 Hunts Point Ave",
    "--coordinator-email", "nora@example.org", "--coordinator-given-name", "Nora",
    "--coordinator-family-name", "Vance",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_school_left(committed_db: None) -> Iterator[None]:
    yield
    if Tenant.objects.filter(schema_name="bronx__hunts").exists():
        remove_school(region="bronx", code="hunts")


def test_add_makes_the_school_and_says_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(ADD) == 0
    assert "hunts.bronx.localhost" in capsys.readouterr().out
    with tenant_context("bronx__hunts"):
        assert Person.objects.get().email == "nora@example.org"
    assert Tenant.objects.get(code="hunts").address == "1 Hunts Point Ave"


def test_a_second_add_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    cli.run(ADD)
    capsys.readouterr()
    assert cli.run(ADD) == 1
    assert capsys.readouterr().err == "Error: code: This code is in use already.\n"


def test_an_unknown_region_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["school", "add", "queens", "hunts", "Hunts"]) == 1
    assert "There is no region queens" in capsys.readouterr().err


def test_remove_wants_the_code_again() -> None:
    cli.run(ADD)
    assert cli.run(["school", "remove", "bronx", "hunts", "--code-again", "met"]) == 1
    assert Tenant.objects.filter(code="hunts").exists()
    assert cli.run(["school", "remove", "bronx", "hunts", "--code-again", "hunts"]) == 0
    assert not Tenant.objects.filter(code="hunts").exists()


def test_list_names_the_schools(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["school", "list", "bronx"]) == 0
    assert "The Met High School" in capsys.readouterr().out
    assert cli.run(["region", "list"]) == 0
    assert "3 schools  Bronx" in capsys.readouterr().out


def test_region_add_invites_the_admin(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        arguments = ["--admin-email", "ada@example.org", "--admin-given-name", "Ada"]
        assert cli.run(["region", "add", "yonkers", "Yonkers", *arguments]) == 1
        assert "admin family name" in capsys.readouterr().err
        assert not Tenant.objects.filter(code="yonkers").exists()
        arguments += ["--admin-family-name", "Lane"]
        assert cli.run(["region", "add", "yonkers", "Yonkers", *arguments]) == 0
        with tenant_context("yonkers"):
            assert Person.objects.get().roles == ["district_admin"]
    finally:
        with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute("DROP SCHEMA yonkers CASCADE; DROP OWNED BY yonkers, yonkers_schools")
            Domain.objects.filter(tenant__code="yonkers").delete()
            Tenant.objects.filter(code="yonkers").delete()
