"""Who may what: 401 signed out, 403 for a role or scope, 404 for what another tenant owns."""

import re
import uuid

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import get_resolver

from portico.accounts.roles import ROLES_OF_REGION, ROLES_OF_SCHOOL, Role
from tests.api.conftest import problem_of

pytestmark = pytest.mark.django_db

ANY = uuid.UUID(int=7)


def operations():
    """(resource class, path, method, action) of every address under /api/v1/."""
    found = []
    for pattern in get_resolver("api.urls").url_patterns:
        view = getattr(pattern.callback, "cls", None)
        if view is None:
            continue
        route = "/" + re.sub(r"<uuid:\w+>", str(ANY), str(pattern.pattern))
        found += [
            (view, route, method, action)
            for method, action in pattern.callback.actions.items()
            if method != "head"
        ]
    assert len(found) > 100
    return found


def ask(client, method, path):
    """The answer; what it changed, and that it was counted, is undone."""
    with transaction.atomic():
        answer = getattr(client, method)(path)
        transaction.set_rollback(True)
    cache.clear()
    return answer


@pytest.mark.parametrize("kind", ["school", "region"])
def test_every_operation_wants_somebody(api, met, bronx, kind):
    nobody = api(met if kind == "school" else bronx)
    for _view, path, method, _action in operations():
        answer = ask(nobody, method, path)
        problem_of(answer, 401, "not_authenticated")
        assert answer["WWW-Authenticate"].startswith("Bearer"), (method, path)


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        *(("school", role) for role in sorted(ROLES_OF_SCHOOL)),
        *(("region", role) for role in sorted(ROLES_OF_REGION)),
    ],
)
def test_every_operation_by_every_role(api, met, bronx, kind, role):
    world = met if kind == "school" else bronx
    who = api(world, world.substitute() if role == Role.SUBSTITUTE else world.person(role))
    wrong = []
    for view, path, method, action in operations():
        answer = ask(who, method, path)
        if kind not in view.hosts:
            is_right = is_problem(answer, 404, "not_found")
        elif role not in view.roles_for(action):
            is_right = is_problem(answer, 403, "permission_denied")
        else:
            is_right = answer.status_code not in (401, 403) and answer.status_code < 500
        if not is_right:
            wrong.append(f"{method} {path}: {answer.status_code} {answer.content[:200]!r}")
    assert not wrong, "\n".join(wrong)


def is_problem(answer, status, code):
    return answer.status_code == status and bool(problem_of(answer, status, code))


@pytest.mark.parametrize(
    "path",
    [
        "/opportunities/{opportunity}/",
        "/sites/{site}/",
        "/mentors/{mentor}/",
        "/listings/{opportunity}/",
        "/placements/{placement}/",
    ],
)
def test_another_schools_things_do_not_exist(api, met, academy, path):
    theirs = academy.opportunity(title="Zebrafish Marker", capacity=2)
    placement = academy.placement(theirs.id)
    address = path.format(
        opportunity=theirs.id, site=theirs.site_id, mentor=theirs.mentor_id, placement=placement.id
    )
    assert api(academy, academy.coordinator()).get(address).status_code == 200
    problem_of(api(met, met.coordinator()).get(address), 404, "not_found")


@pytest.mark.parametrize(
    "path", ["/listings/", "/opportunities/", "/sites/", "/mentors/", "/placements/", "/releases/"]
)
def test_no_list_shows_another_schools_marker(api, met, academy, path):
    academy.placement(academy.opportunity(title="Zebrafish", site_name="Zebrafish").id)
    answer = api(met, met.coordinator()).get(path)
    assert answer.status_code == 200
    assert b"Zebrafish" not in answer.content


def test_a_person_of_another_school_is_signed_out_here(api, met, academy):
    there = api(academy, academy.student())
    there.client.defaults["SERVER_NAME"] = met.host
    problem_of(there.get("/me/"), 401, "not_authenticated")


def test_students_see_their_own_placements_teachers_their_advisees(api, met):
    teacher, other = met.person("teacher"), met.person("teacher")
    mine = met.placement(met.opportunity().id, student=met.student(teacher=teacher))
    theirs = met.placement(met.opportunity().id, student=met.student(teacher=other))
    for person, sees in (
        (mine.student, {mine.id}),
        (teacher, {mine.id}),
        (met.coordinator(), {mine.id, theirs.id}),
    ):
        client = api(met, person)
        rows = client.get("/placements/").json()["results"]
        assert {uuid.UUID(row["id"]) for row in rows} == sees
        for placement in (mine, theirs):
            wanted = 200 if placement.id in sees else 404
            assert client.get(f"/placements/{placement.id}/").status_code == wanted
    problem_of(api(met, mine.student).post(f"/placements/{theirs.id}/withdraw/"), 404, "not_found")


def test_an_unknown_address_is_a_problem_too(api, met):
    problem_of(api(met, met.student()).get("/nonsense/"), 404, "not_found")
    problem_of(api(met, met.student()).post("/nonsense/"), 404, "not_found")


class TestTokens:
    def test_made_once_shown_once_used_until_revoked(self, api, met):
        browser = api(met, met.student())
        made = browser.post("/tokens/", {"name": "my script"}).json()
        assert made["secret"].startswith("portico_")
        program = api(met, token=made["secret"])
        assert program.get("/me/").json()["person"]["roles"] == ["student"]
        (listed,) = browser.get("/tokens/").json()["results"]
        assert "secret" not in listed
        assert listed["last_used_at"] is not None
        assert browser.delete(f"/tokens/{listed['id']}/").status_code == 204
        problem_of(program.get("/me/"), 401, "authentication_failed")

    def test_only_the_hash_is_kept(self, met, token):
        from portico.accounts.models import ApiToken

        secret = token(met, met.student())
        with met:
            kept = ApiToken.objects.values().get()
        assert secret not in map(str, kept.values())
        assert secret.startswith(kept["hint"])

    def test_a_reading_token_does_not_write(self, api, met, token):
        program = api(met, token=token(met, met.student()))
        assert program.get("/wishlist/").status_code == 200
        problem_of(program.post("/wishlist/", {"job": "vet"}), 403, "permission_denied")

    def test_a_token_of_one_kind_is_good_for_that_alone(self, api, met, token):
        program = api(met, token=token(met, met.student(), only="wishlist", access="write"))
        assert program.post("/wishlist/", {"job": "vet"}).status_code == 201
        problem_of(program.get("/listings/"), 403, "permission_denied")

    def test_tokens_are_not_made_with_tokens(self, api, met, token):
        program = api(met, token=token(met, met.student(), access="write"))
        problem_of(program.post("/tokens/", {"name": "more"}), 403, "permission_denied")

    def test_elsewhere_expired_or_of_somebody_gone_it_is_nothing(self, api, met, academy, token):
        from django.utils import timezone

        from portico.accounts.models import ApiToken, Person

        student = met.student()
        secret = token(met, student)
        problem_of(api(academy, token=secret).get("/me/"), 401, "authentication_failed")
        with met:
            ApiToken.objects.update(expires_at=timezone.now())
        problem_of(api(met, token=secret).get("/me/"), 401, "authentication_failed")
        with met:
            ApiToken.objects.update(expires_at=None)
            Person.objects.filter(id=student.id).update(is_active=False)
        problem_of(api(met, token=secret).get("/me/"), 401, "authentication_failed")

    def test_a_browsers_write_needs_its_csrf_token(self, met):
        from django.test import Client

        client = Client(SERVER_NAME=met.host, enforce_csrf_checks=True)
        with met:
            client.force_login(met.student())
        answer = client.post("/api/v1/wishlist/", {"job": "vet"}, content_type="application/json")
        problem_of(answer, 403, "permission_denied")
