"""`portico school`, `portico region`: what they say and what they leave."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from portico import cli
from portico.accounts.models import Person
from sharing.schools import remove_school
from tenants.context import OWNER, public_context, tenant_context
from tenants.models import Domain, Tenant
from tests.world import School

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


def test_many_are_removed_by_a_file_and_the_number_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "schools.csv"
    file.write_text("code,name\nhunts,Hunts\nmelrose,Melrose\ngone,Gone\n")
    cli.run(["import", "schools", str(file), "--region", "bronx"])
    cli.run(["school", "remove", "bronx", "gone", "--again", "gone"])
    remove = ["school", "remove", "bronx", "--from", str(file)]
    assert cli.run([*remove, "--again", "3"]) == 1
    assert "another number of schools" in capsys.readouterr().err
    assert Tenant.objects.filter(code__in=["hunts", "melrose"]).count() == 2
    assert cli.run([*remove, "--again", "2"]) == 0
    assert set(Tenant.objects.filter(kind="school").values_list("code", flat=True)) == {
        "academy", "met", "riverdale",
    }  # fmt: skip
    assert cli.run(remove) == 1
    assert "No school of this region is named" in capsys.readouterr().err


def test_a_school_that_has_to_stay_does_not_keep_the_others(
    met: School, academy: School, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.run(ADD)
    academy.placement(met.release(met.opportunity()), state="pursuing")
    assert cli.run(["school", "remove", "bronx", "met", "hunts", "--again", "2"]) == 1
    assert "met: 1 released slots are in use" in capsys.readouterr().err
    assert Tenant.objects.filter(code="met").exists()
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
