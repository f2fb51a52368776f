"""URL × role × tenant: the table of tests/access/table.py against the running site.

Signed out: to the sign-in page, or 401. Another role: 403. Another tenant's thing: 404,
whatever the role. The addresses come from the URLconf itself.
"""

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from catalog.actions import add_wish, suggest_site
from catalog.cultivation import save_lead
from catalog.models import Lead, Suggestion, Term
from catalog.terms import save_term
from portico.accounts.may import PERMISSIONS, Permission
from portico.accounts.models import Person
from portico.accounts.roles import ROLES_OF_REGION, ROLES_OF_SCHOOL
from portico.accounts.tokens import make_token
from portico.attendance.actions import log_visit, save_evaluation_form, send_evaluation
from portico.attendance.models import Attendance, Certificate
from portico.notices.actions import tell
from portico.notices.models import Notice
from portico.rosters.uploads import keep_upload
from portico.trust.actions import add_provider
from portico.webhooks.actions import subscribe
from portico.webhooks.log import send_test
from sharing.queries import questions_to_us
from sharing.saved_searches import save_search
from sharing.school_requests import file_request
from sharing.search import Criteria
from sharing.services import make_service_token
from sharing.synonyms import save_synonym
from tenants.ids import new_id
from tests.access import table
from tests.access.table import BODIES, LINK, NOT_YET, OPEN, TAKES_AWAY
from tests.passkeys import made_up_registration
from tests.portico.documents.papers import papers, uploaded
from tests.world import Region, School

pytestmark = pytest.mark.django_db
# Answers that mean: come in. What is wrong then is the request, not who makes it.
NOTHING = new_id()  # a secret, a code, an id: nothing has it
LET_IN = {200, 201, 202, 204, 302, 303, 400, 409, 415, 422, 428}


@dataclass(frozen=True)
class Address:
    name: str
    path: str  # with <uuid:…> in it
    actions: dict[str, str] = field(default_factory=dict, hash=False)
    permission: Permission | None = None
    resource: Any = None

    @property
    def is_api(self) -> bool:
        return bool(self.actions)


def addresses(kind: str) -> list[Address]:
    """Every address of a kind of host, from its URLconf."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[Address]:
        for pattern in patterns:
            path = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                actions = dict(getattr(pattern.callback, "actions", None) or {})
                actions.pop("head", None)  # the framework adds it at the first request
                permission = getattr(pattern.callback, "permission", None)
                resource = getattr(pattern.callback, "cls", None)
                yield Address(pattern.name or "", path, actions, permission, resource)
            else:
                yield from walk(pattern.url_patterns, path)

    return list(walk(get_resolver(f"portico.web.urls_{kind}").url_patterns, ""))


@pytest.mark.parametrize("kind", ["school", "region"])
def test_every_address_has_a_row_and_every_row_an_address(kind):
    pages = table.SCHOOL_PAGES if kind == "school" else table.REGION_PAGES
    api = table.SCHOOL_API if kind == "school" else table.REGION_API
    other_api = table.REGION_API if kind == "school" else table.SCHOOL_API
    found = addresses(kind)
    assert {one.name for one in found if not one.is_api} == set(pages)
    operations = {(one.name, method) for one in found for method in one.actions}
    listed = {(name, method) for name, row in (api | other_api).items() for method in row}
    assert operations == listed


@dataclass
class Ground:
    """A tenant with one of everything, and a browser for each role."""

    clients: dict[str, Client]  # by letter; "" is signed out
    own: dict[str, Any]  # parameter of an address → what it names here
    foreign: dict[str, Any]  # the same of another school, or of another partner
    own_of_role: dict[str, dict[str, Any]] = field(default_factory=dict)

    def path(self, address: Address, values: dict[str, Any]) -> str:
        path = address.path
        for name in _parameters(address):
            start, end = path.index("<"), path.index(">") + 1
            path = f"{path[:start]}{values.get(_names(address, name), NOTHING)}{path[end:]}"
        return f"/{path}"

    def ask(self, role: str, method: str, path: str, body: dict[str, Any]) -> Any:
        """The answer; what it changed is undone."""
        send = getattr(self.clients[role], method)
        with transaction.atomic():
            if method == "get":
                answer = send(path)
            elif "/api/" in path:
                answer = send(path, data=json.dumps(body), content_type="application/json")
            else:
                answer = send(path, body)
            transaction.set_rollback(True)
        return answer


def _parameters(address: Address) -> list[str]:
    return [part.partition(">")[0].rpartition(":")[2] for part in address.path.split("<")[1:]]


def _names(address: Address, parameter: str) -> str:
    """What a parameter names: `pk` of api-sites-detail is of `sites`."""
    return address.name.split("-")[1] if parameter == "pk" else parameter


@pytest.fixture(autouse=True)
def roster_dir(settings: Any, tmp_path: Path) -> None:
    settings.ROSTER_DIR = str(tmp_path)


@pytest.fixture
def school_ground(met: School, academy: School) -> Ground:
    own, people = _school_things(met)
    foreign, _people = _school_things(academy)
    asking = met.release(met.opportunity(), ask_owner=True)
    academy.placement(asking, state="awaiting_owner")
    elsewhere = academy.release(academy.opportunity(), ask_owner=True)
    met.placement(elsewhere, state="awaiting_owner")
    for world, things in ((met, own), (academy, foreign)):
        with world:
            question = questions_to_us().get()
        things |= {"question_id": question.id, "questions": question.id}
    own |= {"kind": "request", "verb": "approve"}  # which cases: in the body
    own["passkey_id"] = foreign["passkey_id"] = 0  # numbers differ by person, not by school
    tokens = {}
    people["A"] = met.person("school_admin")
    people["U"] = met.substitute(teacher=people["T"])
    own["substitute_id"], foreign["substitute_id"] = people["U"].id, foreign["person_id"]
    for role, person in people.items():
        with met:
            tokens[role] = token_of(person)
    return Ground(
        clients={role: met.client(person) for role, person in people.items()} | {"": met.client()},
        own=own,
        foreign=foreign,
        own_of_role=tokens,
    )


def _school_things(school: School) -> tuple[dict[str, Any], dict[str, Person]]:
    """One of everything a school has, its student's and teacher's own; and its people."""
    teacher = school.person("teacher")
    student = school.student(teacher=teacher)
    offer = school.opportunity(capacity=3)
    placement = school.placement(offer.id, state="active", student=student)
    alice = school.coordinator()
    with school:
        wish = add_wish(student=student, field="arts")
        search = save_search(student=student, name="n", criteria=Criteria(words="farm"))
        suggestion = suggest_site(
            student=student, suggestion=Suggestion(site_name="Bakery", reason="They bake.")
        )
        words = {"title": "T", "origin": "O", "reason": "R"}
        lost = tell(kind="owner_refused", person=student, data=words)
        Notice.objects.filter(id=lost.id).update(state=Notice.State.FAILED)
        today = Attendance.objects.create(
            placement=placement,
            day=timezone.localdate(),
            created_at=timezone.now(),
            worry="Too much lifting.",
        )
        token, _secret = make_token(person=alice, name="n")
        hook = webhook_of(alice, "slot.freed")
        term = save_term(
            actor=alice, term=Term(name="Spring", starts_on="2026-09-01", ends_on="2027-01-31")
        )
        lead = save_lead(actor=alice, lead=Lead(name="Bakery to win"))
        certificate = Certificate.objects.create(
            code=school.schema[-8:],
            placement=placement,
            issued_at=timezone.now(),
            student_name=student.full_name,
            minutes=60,
            days=1,
            first_day=today.day,
            last_day=today.day,
        )
        form = save_evaluation_form(
            actor=alice, form_id="", name="Mid-term", questions=[("text", "How?")]
        )
        asked = send_evaluation(actor=alice, placement_id=placement.id, form_id=form["id"])
        visit = log_visit(
            actor=teacher, placement_id=placement.id, kind="call", day=today.day, text="All well."
        )
    requirement = papers(school)
    document = uploaded(school, placement, requirement)
    things = sign_in_things(school, alice, teacher) | {
        "requirement_id": requirement.id,
        "document_id": document.id,
        "documents": document.id,
        "checklists": placement.id,
        "placement_id": placement.id,
        "placements": placement.id,
        "listing_id": offer.id,
        "listings": offer.id,
        "favorites": offer.id,
        "opportunity_id": offer.id,
        "opportunities": offer.id,
        "site_id": offer.site_id,
        "sites": offer.site_id,
        "mentor_id": offer.mentor_id,
        "mentors": offer.mentor_id,
        "wish_id": wish.id,
        "wishlist": wish.id,
        "search_id": search.id,
        "saved": search.id,  # of api-saved-searches-detail
        "upload_id": roster_of(school.schema),
        "at": 0,
        "suggestion_id": suggestion.id,
        "suggestions": suggestion.id,
        "notice_id": lost.id,
        "attendance_id": today.id,
        "tokens": token.id,
        "token_id": token.id,
        **hook,
        "term_id": term.id,
        "person_id": student.id,
        "lead_id": lead.id,
        "act": "complete",
        "what": "feedback",
        "code": certificate.code,
        "terms": term.id,
        "leads": lead.id,
        "days": today.id,
        "hours": placement.id,
        "certificates": certificate.code,
        "visits": visit.id,
        "evaluations": asked.id,
        "evaluation": form["id"],  # of api-evaluation-forms-detail
        "form_id": form["id"],
    }
    return things, {"S": student, "T": teacher, "C": alice}


@pytest.fixture
def region_ground(bronx: Region, met: School) -> Ground:
    admin = bronx.person("district_admin")
    own, staff = _partner_things(bronx, "Bridge Works")
    foreign, _staff = _partner_things(bronx, "Harbor House")
    foreign |= {
        "partner_id": new_id(),
        "partners": new_id(),
        "notice_id": new_id(),
        "code": "nowhere",
    }
    own |= sign_in_things(bronx, admin, bronx.person("district_admin")) | {"passkey_id": 0}
    foreign |= {"provider_id": new_id(), "staff_id": new_id(), "passkey_id": 0, "mark": "1" * 24}
    own["code"] = own["schools"] = "met"
    foreign["schools"] = "nowhere"
    own["request_id"] = file_request(region="bronx", wanted=SCHOOL_WANTED, inviter="D").id
    foreign["request_id"] = file_request(region="queens", wanted=SCHOOL_WANTED, inviter="D").id
    # `pk` of school-requests
    own["school"], foreign["school"] = own["request_id"], foreign["request_id"]
    own["pool"] = met.release(met.opportunity())
    foreign["pool"] = new_id()
    with bronx:
        tokens = {
            role: token_of(person) | webhook_of(person, "listing.freed")
            for role, person in (("D", admin), ("P", staff))
        }
        foreigner = bronx_person_of(foreign)
        foreign |= token_of(foreigner) | webhook_of(foreigner, "listing.freed")
        service = make_service_token(actor=admin, service="n")[0].id
        synonym = save_synonym(actor=admin, word="ice", means=["zamboni"])
    own |= {"services": service, "service_token_id": service}
    foreign |= {"services": new_id(), "service_token_id": new_id()}
    own |= {"synonym_id": synonym.id, "synonyms": synonym.id, "at": 0}
    own["upload_id"], foreign["upload_id"] = roster_of("bronx"), roster_of("queens")
    foreign |= {"synonym_id": new_id(), "synonyms": new_id()}
    return Ground(
        clients={"D": bronx.client(admin), "P": bronx.client(staff), "": bronx.client()},
        own=own,
        foreign=foreign,
        own_of_role=tokens,
    )


def sign_in_things(world: School | Region, admin: Person, staff: Person) -> dict[str, Any]:
    with world:
        provider = add_provider(actor=admin, kind="oidc", name="School account")
    return {"provider_id": provider.id, "staff_id": staff.id, "mark": "0" * 24}


def token_of(person: Person) -> dict[str, Any]:
    """A token and a passkey of *person*'s."""
    made = make_token(person=person, name="n")[0].id
    key = {"name": "Key", "credential": made_up_registration("localhost")}
    passkey = Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=key)
    return {"tokens": made, "token_id": made, "passkey_id": passkey.id}


def webhook_of(person: Person, event: str) -> dict[str, Any]:
    """A subscription to *event* at an address that is looked at, not called; and its log."""
    url = "https://93.184.215.14/hook"
    made, _secret = subscribe(actor=person, name="n", url=url, events=[event])
    sent = send_test(actor=person, subscription_id=made.id)
    return {"webhook_id": made.id, "webhooks": made.id, "delivery_id": sent.id, "delivery": sent.id}


def roster_of(tenant: str) -> str:
    """A roster that waits for the worker."""
    return keep_upload(tenant=tenant, name="n.zip", chunks=[], person="", label="").id


SCHOOL_WANTED = {"code": "queensbridge", "name": "Queensbridge"}


def bronx_person_of(things: dict[str, Any]) -> Person:
    return Person.objects.get(id=things["person_id"])


def _partner_things(bronx: Region, name: str) -> tuple[dict[str, Any], Person]:
    staff = bronx.partner_staff(name)
    posting = bronx.posting(staff=staff)
    with bronx:
        words = {"title": "T", "origin": "O", "reason": "R"}
        lost = tell(kind="owner_refused", person=staff, data=words)
        Notice.objects.filter(id=lost.id).update(state=Notice.State.FAILED)
    return {
        "partner_id": staff.partner_id,
        "partners": staff.partner_id,
        "person_id": staff.id,
        "listing_id": posting.id,
        "postings": posting.id,
        "notice_id": lost.id,
    }, staff


@pytest.mark.parametrize("kind", ["school", "region"])
def test_pages(request: pytest.FixtureRequest, kind: str) -> None:
    ground: Ground = request.getfixturevalue(f"{kind}_ground")
    pages = table.SCHOOL_PAGES if kind == "school" else table.REGION_PAGES
    wrong = []
    for address in addresses(kind):
        who = pages.get(address.name)
        if address.is_api or who in (OPEN, LINK):
            continue
        wrong += _check(ground, address, dict.fromkeys(("get", "post"), who))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", ["school", "region"])
def test_api(request: pytest.FixtureRequest, kind: str) -> None:
    ground: Ground = request.getfixturevalue(f"{kind}_ground")
    api = table.SCHOOL_API if kind == "school" else table.REGION_API
    wrong = []
    for address in addresses(kind):
        if address.name in api:
            wrong += _check(ground, address, api[address.name])
        elif address.is_api:  # the other kind of host has it: here it is not
            for role, method in itertools.product(ground.clients, address.actions):
                status = ground.ask(role, method, ground.path(address, ground.own), {}).status_code
                if status != (404 if role else 401):
                    wrong.append(f"{method} {address.name} as {role or 'nobody'}: {status}")
    assert not wrong, "\n".join(wrong)


def _check(ground: Ground, address: Address, who: dict[str, str]) -> list[str]:
    """What is not as the table says, a line each."""
    wrong = []
    own = ground.path(address, ground.own)
    names_a_thing = any(_names(address, one) in ground.foreign for one in _parameters(address))
    seen: Counter[int] = Counter()

    def expect(role: str, method: str, path: str, *statuses: int, case: str) -> None:
        answer = ground.ask(role, method, path, BODIES.get(address.name, {}))
        if 404 in statuses and method == "get" and answer.status_code == 302:
            # to the page of the thing, which must not be there either
            answer = ground.ask(role, method, answer.headers["Location"], {})
        seen[answer.status_code] += 1
        if answer.status_code == 405 and not address.is_api:
            return  # the page has the other method
        signs_in = answer.headers.get("Location", "").startswith("/sign-in/")
        status = 401 if signs_in else answer.status_code
        if status not in statuses:
            wrong.append(
                f"{method} {address.name} as {role or 'nobody'}, {case}: "
                f"{answer.status_code} {answer.headers.get('Location', '')}"
            )

    for method, row in who.items():
        expect("", method, own, 401, case="signed out")
        for role in ground.clients.keys() - {""}:
            if role not in table.letters(row):
                expect(role, method, own, 403, case="another role")
                continue
            mine = ground.path(address, ground.own | ground.own_of_role.get(role, {}))
            let_in = {*LET_IN, 404} if address.name in NOT_YET else LET_IN
            expect(role, method, mine, *let_in, case="own")
            if names_a_thing and (address.name, method) not in TAKES_AWAY:
                theirs = ground.path(address, ground.own | ground.foreign)
                expect(role, method, theirs, 404, case="another's")
    if not seen.keys() - {405}:
        wrong.append(f"{address.name}: neither method is allowed")
    return wrong


@pytest.mark.parametrize("kind", ["school", "region"])
def test_the_rows_are_those_of_the_table_of_roles(kind: str) -> None:
    pages = table.SCHOOL_PAGES if kind == "school" else table.REGION_PAGES
    here = ROLES_OF_SCHOOL if kind == "school" else ROLES_OF_REGION
    letters_here = {table.ROLES[role] for role in here}
    wrong = []
    for address in addresses(kind):
        row = pages.get(address.name)
        if address.is_api or row in (OPEN, LINK, None) or address.name == "check-in-events":
            continue  # the phone's queue asks by itself, so that it can answer in JSON
        permission = address.permission
        may = {table.ROLES[role] for role in permission.roles & here} if permission else set()
        if not permission or not permission.name or may != table.letters(row) & letters_here:
            wrong.append(f"{address.name}: {row}, and {sorted(may)} in accounts/may.py")
    assert not wrong, "\n".join(wrong)


def test_the_api_reads_the_table_of_roles() -> None:
    lines = {permission.roles for permission in PERMISSIONS.values()}
    wrong = set()
    for address in (*addresses("school"), *addresses("region")):
        for action in address.actions.values():
            if address.resource.roles_for(action) not in lines:
                wrong.add(f"{address.name} {action}: no line of accounts/may.py")
    assert not wrong, "\n".join(sorted(wrong))


def test_what_is_open_shows_no_person(school_ground: Ground, region_ground: Ground) -> None:
    """Pages anybody may open, and links with a wrong secret: no name, no trace, no way in."""
    for kind, ground in (("school", school_ground), ("region", region_ground)):
        pages = table.SCHOOL_PAGES if kind == "school" else table.REGION_PAGES
        for address in addresses(kind):
            if pages.get(address.name) not in (OPEN, LINK) or address.is_api:
                continue
            for method in ("get", "post"):
                answer = ground.ask("", method, ground.path(address, {}), {})
                status = answer.status_code
                assert status < 500, f"{method} {address.name}: {status}"
                if pages[address.name] == LINK and method == "get":
                    assert status in (404, 410), f"{address.name}: {status}"
                text = b"" if answer.streaming else answer.content
                # every person's family name
                assert not re.search(rb"Number\d", text), address.name
