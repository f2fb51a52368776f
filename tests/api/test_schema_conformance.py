"""Every operation, as every role, with whatever the schema allows: answered as documented.

schemathesis makes the requests from the OpenAPI document. Half of those that name a thing
name one that is there, so that more than 404 is tried. What a request changed is undone.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.views.reference import describe
from portico.accounts.models import Person
from portico.accounts.tokens import make_token
from tests.access.test_access import (  # noqa: F401 - fixtures
    Ground,
    region_ground,
    roster_dir,
    school_ground,
)

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 3
LET_IN = {"": 0, "S": 10, "T": 10, "C": 10, "D": 5, "P": 5}  # at least so many operations


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are not the test's output."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The test's transaction outlives the requests, as with Django's own test client."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


def headers_of(world: Any, client: Any) -> dict[str, str]:
    """A new writing token of the person whose browser *client* is."""
    with world:
        person = Person.objects.get(id=client.session["_auth_user_id"])
        secret = make_token(person=person, name="x", access="write")[1]
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("role", ["", "S", "T", "C", "D", "P"])
def test_every_answer_is_documented(
    role: str, request: pytest.FixtureRequest, met: Any, bronx: Any
) -> None:
    world, kind = (bronx, "region") if role in ("D", "P") else (met, "school")
    ground: Ground = request.getfixturevalue(f"{kind}_ground")
    headers = headers_of(world, ground.clients[role]) if role else {}
    headers["Accept-Encoding"] = "identity"  # schemathesis reads a WSGI answer as it is
    things = ground.own | ground.own_of_role.get(role, {})
    api = schemathesis.openapi.from_dict(describe())
    api.app = get_wsgi_application()
    let_in: set[str] = set()
    wrong: list[str] = []

    def ask(case: Any) -> None:
        cache.clear()  # rates are another test's business
        with transaction.atomic():
            response = case.call(base_url=f"http://{world.host}", headers=headers)
            transaction.set_rollback(True)
        if response.status_code < 400:
            let_in.add(case.operation.label)
        case.validate_response(response, checks=CHECKS)

    for result in api.get_all_operations():
        operation = result.ok()
        thing = things.get(operation.path.split("/")[3].split("-")[0])
        try:
            _ask_variously(operation, thing, ask)
        except (Exception, FailureGroup) as error:  # a group of failures is no Exception
            for one in getattr(error, "exceptions", [error]):
                wrong.append(f"{operation.label} as {role or 'nobody'}: {one!r}")
    assert not wrong, "\n\n".join(wrong)
    assert len(let_in) >= LET_IN[role], sorted(let_in)


def _ask_variously(operation: Any, thing: Any, ask: Callable[[Any], None]) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), is_there=st.booleans())
    def ask_one(case: Any, is_there: bool) -> None:
        if is_there and thing is not None and case.path_parameters:
            case.path_parameters = dict.fromkeys(case.path_parameters, str(thing))
        ask(case)

    ask_one()
