"""A tenant lasts a transaction."""

import threading

import pytest
from django.db import connection, connections
from django.db.transaction import TransactionManagementError

from portico.accounts.models import Person
from tenants.context import current_schema, tenant_context
from tenants.names import region_of, school_schema, search_path, validate_code


def _place() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path'), current_user")
        return cursor.fetchone()


def _write_and_fail(schema: str) -> None:
    with tenant_context(schema):
        Person.objects.create(email="b@example.org", given_name="A", family_name="B")
        raise ZeroDivisionError


def test_names_are_pure_functions():
    assert school_schema(region="bronx", school="met") == "bronx__met"
    assert region_of("bronx__met") == "bronx"
    assert region_of("bronx") is None
    assert search_path("bronx__met") == ["bronx__met", "bronx", "public"]
    assert search_path("bronx__met", include_public=False) == ["bronx__met"]
    assert search_path("public") == ["public"]


@pytest.mark.parametrize(
    "code", ["", "A", "met__x", "-met", "met-", "pg1", "public", "x" * 29, "é"]
)
def test_codes_that_cannot_be_hosts_schemas_and_roles(code):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        validate_code(code)


def test_a_tenant_query_outside_a_transaction_raises(committed_db):
    connection.set_schema("bronx__met", tenant_type="school")
    try:
        with pytest.raises(TransactionManagementError, match="outside a transaction"):
            Person.objects.count()
    finally:
        connection.set_schema_to_public()


def test_path_and_role_come_and_go_with_the_block(committed_db):
    with tenant_context("bronx__met"):
        assert _place() == ('"bronx__met","bronx","public"', "bronx__met")
        with tenant_context("bronx"):
            assert _place() == ('"bronx","public"', "bronx")
        assert _place() == ('"bronx__met","bronx","public"', "bronx__met")
    assert _place()[1] == "portico_web"
    assert current_schema() == "public"


def test_an_error_in_an_inner_tenant_leaves_the_outer_one_working(committed_db):
    with tenant_context("bronx__met"):
        Person.objects.create(email="a@example.org", given_name="A", family_name="B")
        with pytest.raises(ZeroDivisionError):
            _write_and_fail("bronx__academy")
        assert _place()[1] == "bronx__met"
        assert Person.objects.count() == 1
    with tenant_context("bronx__academy"):
        assert Person.objects.count() == 0


def test_nothing_of_a_tenant_is_left_on_the_connection(committed_db):
    with tenant_context("bronx__met"):
        Person.objects.count()
    raw = connections["default"].connection
    row = raw.execute("SELECT current_setting('search_path'), current_user").fetchone()
    assert row == ('"$user", public', "portico_web")


def test_a_rolled_back_savepoint_does_not_lose_the_tenant(committed_db):
    with tenant_context("bronx__met"):
        with pytest.raises(ZeroDivisionError):
            _write_and_fail("bronx__met")
        assert _place()[1] == "bronx__met"


def test_begin_path_and_role_cost_no_statement_of_their_own(
    committed_db, django_assert_num_queries
):
    with tenant_context("bronx__met"), django_assert_num_queries(1):
        Person.objects.count()


def test_threads_keep_their_own_tenants(committed_db):
    seen: dict[str, set[str]] = {
        "bronx__met": set(),
        "bronx__academy": set(),
        "bronx__riverdale": set(),
    }
    start = threading.Barrier(len(seen))

    def visit(schema: str) -> None:
        start.wait()
        for _ in range(50):
            with tenant_context(schema):
                seen[schema].add(_place()[1])
        connections["default"].close()

    threads = [threading.Thread(target=visit, args=(schema,)) for schema in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {schema: {schema} for schema in seen}


def test_a_connection_that_has_met_many_tenants_is_ended_between_transactions(committed_db):
    site = connections["default"]
    site.close()
    met = site.settings_dict["MOST_TENANTS"]
    site.settings_dict["MOST_TENANTS"] = 2
    try:
        with tenant_context("bronx__met"):
            _place()
            kept = site.connection
            with tenant_context("bronx__academy"):
                _place()
            assert site.connection is kept  # not in the middle of a transaction
        assert site.connection is None
        with tenant_context("bronx__met"):
            assert _place()[1] == "bronx__met"
            fresh = site.connection
        with tenant_context("bronx__met"):
            _place()
        assert site.connection is fresh  # the same school twice is one
    finally:
        site.settings_dict["MOST_TENANTS"] = met
