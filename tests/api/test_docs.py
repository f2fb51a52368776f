"""The example of docs/api.md is run as it stands."""

import re
from pathlib import Path
from urllib.error import HTTPError

import pytest

from sharing.models import PoolListing

DOCS = Path(__file__).parents[2] / "docs" / "api.md"


def test_the_example_works_and_a_second_run_posts_nothing_new(site, bronx, token):
    code = re.search(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL).group(1)
    secret = token(bronx, bronx.partner_staff(), access="write")
    code = code.replace("http://bronx.localhost:8000", f"http://127.0.0.1:{site.port}")
    # the host's name need not resolve on the machine that tests
    code = code.replace('"portico_…"', repr(secret)).replace(
        '"Content-Type"', f'"Host": "{bronx.host}", "Content-Type"'
    )
    program = compile(code, str(DOCS), "exec")
    exec(program, {})
    with pytest.raises(HTTPError) as again:  # the version it read has moved on
        exec(program, {})
    assert again.value.code == 412
    with bronx:
        (posting,) = PoolListing.objects.all()
    assert (posting.title, posting.slots) == ("Front Desk Intern", 3)


def test_every_resource_is_in_the_tables():
    from api.urls import router

    text = DOCS.read_text()
    for kind, _view, _name in router.registry:
        assert f"`{kind}`" in text or f"`{kind} " in text or f" {kind}`" in text, kind


@pytest.fixture
def token(committed_db):
    from portico.accounts.tokens import make_token

    def make(world, person, **terms):
        with world:
            return make_token(person=person, name="a script", **terms)[1]

    return make
