"""One table: what it says, that its page of the docs is made from it, that pages use it all."""

from pathlib import Path

from django.urls import URLPattern, get_resolver

from portico.accounts.may import PERMISSIONS
from portico.accounts.roles import STANDS_ON, Role
from portico.accounts.roles_page import as_markdown

ROOT = Path(__file__).parents[3]


def test_the_docs_hold_the_table():
    page = (ROOT / "docs" / "roles.md").read_text()
    assert page == as_markdown(), "run python -m portico.accounts.roles_page > docs/roles.md"


def test_who_stands_on_a_role_may_all_that_it_may():
    for above, below in STANDS_ON.items():
        for line in PERMISSIONS.values():
            assert below not in line.roles or above in line.roles, line.name


def test_a_school_admin_may_more_than_a_coordinator():
    more = {p.name for p in PERMISSIONS.values() if Role.SCHOOL_ADMIN in p.roles}
    more -= {p.name for p in PERMISSIONS.values() if Role.COORDINATOR in p.roles}
    assert more == {"keep_people"}


def test_what_is_shown_to_viewers_is_a_students():
    for line in PERMISSIONS.values():
        assert not line.viewable or Role.STUDENT in line.roles, line.name


def test_every_line_is_asked_somewhere():
    asked = {"see_offers", "see_suggestions", "decide_starts"}  # the API's alone
    for kind in ("school", "region"):
        found = list(get_resolver(f"portico.web.urls_{kind}").url_patterns)
        while found:
            pattern = found.pop()
            if isinstance(pattern, URLPattern):
                permission = getattr(pattern.callback, "permission", None)
                asked |= {permission.name} if permission else set()
            else:
                found += pattern.url_patterns
    assert set(PERMISSIONS) <= asked
