"""Webhooks for programs: the same rules as the pages, in the API's ways."""

import pytest

from portico.accounts.models import IdempotentRequest
from portico.due.runner import run_due
from portico.webhooks.models import Subscription
from tests.api.conftest import problem_of
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db
PATH = "/webhooks/"


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def client(api, met):
    return api(met, met.coordinator())


def terms(receiver, **facts):
    return {"name": "Sheet", "url": receiver.url, "events": ["placement.active"]} | facts


@pytest.fixture
def made(client, receiver):
    answer = client.post(PATH, terms(receiver))
    assert answer.status_code == 201, answer.json()
    return answer


def test_from_subscribing_to_hearing(client, made, met, receiver):
    document = made.json()
    assert document["secret"].startswith("whsec_")
    assert (document["is_on"], document["off"], document["names_students"]) == (True, "", False)
    assert "secret" not in client.get(f"{PATH}{document['id']}/").json()
    met.placement(met.opportunity().id, state="active")
    run_due(region="bronx")
    (call,) = receiver.calls
    (sent,) = client.get(f"{PATH}{document['id']}/deliveries/").json()["results"]
    assert (sent["id"], sent["state"], sent["status"]) == (call.id, "delivered", 204)
    assert sent["body"] == call.verify(document["secret"])


def test_a_version_is_changed_once(client, made):
    path = f"{PATH}{made.json()['id']}/"
    problem_of(client.patch(path, {"name": "Other"}), 428, "version_required")
    changed = client.patch(path, {"name": "Other", "is_on": False}, If_Match=made["ETag"])
    assert (changed.json()["name"], changed.json()["off"]) == ("Other", "by_hand")
    again = client.patch(path, {"is_on": True}, If_Match=made["ETag"])
    problem_of(again, 412, "changed_meanwhile")


@pytest.mark.parametrize(
    ("facts", "status", "code", "field"),
    [
        ({"events": ["listing.freed"]}, 409, "events", "events"),
        ({"events": ["nothing"]}, 400, "invalid", "events.0"),
        ({"events": []}, 400, "invalid", "events"),
        ({"url": "https://10.0.0.8/"}, 409, "private", "url"),
        ({"url": "http://hook.example.org/"}, 409, "https", "url"),
        ({"name": " "}, 400, "invalid", "name"),
    ],
)
def test_the_field_at_fault(client, receiver, settings, facts, status, code, field):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    asked = terms(receiver, url="https://93.184.215.14/") | facts
    (error,) = problem_of(client.post(PATH, asked), status, code)["errors"]
    assert error["field"].startswith(field.partition(".")[0])


def test_sent_again_and_tried(client, made, receiver):
    path = f"{PATH}{made.json()['id']}/"
    tried = client.post(f"{path}test/")
    assert (tried.status_code, tried.json()["state"]) == (202, "waiting")
    run_due(region="bronx")
    again = client.post(f"{path}deliveries/{tried.json()['id']}/resend/")
    assert again.status_code == 202
    run_due(region="bronx")
    assert [call.id for call in receiver.calls] == [tried.json()["id"]] * 2


def test_a_new_secret(client, made):
    answer = client.post(f"{PATH}{made.json()['id']}/rotate/")
    assert answer.json()["secret"] != made.json()["secret"]
    assert answer.json()["old_secret_until"] is not None
    again = client.post(f"{PATH}{made.json()['id']}/rotate/")
    problem_of(again, 409, "just_replaced")


def test_a_repeated_post_gets_its_secret_and_nobody_else_reads_it(client, met, receiver):
    first = client.post(PATH, terms(receiver), Idempotency_Key="k")
    again = client.post(PATH, terms(receiver), Idempotency_Key="k")
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    with met:
        assert Subscription.objects.count() == 1
        kept = IdempotentRequest.objects.get().body
    assert kept["name"] == "Sheet"
    assert "whsec_" not in kept["secret"]


def test_removed(client, made):
    path = f"{PATH}{made.json()['id']}/"
    assert client.delete(path).status_code == 204
    problem_of(client.get(path), 404, "not_found")
    problem_of(client.delete(path), 404, "not_found")


def test_another_schools_is_not_there(api, made, academy):
    charlie = api(academy, academy.coordinator())
    path = f"{PATH}{made.json()['id']}/"
    for answer in (
        charlie.get(path),
        charlie.patch(path, {"name": "Mine"}, If_Match="*"),
        charlie.delete(path),
        charlie.get(f"{path}deliveries/"),
        charlie.post(f"{path}test/"),
        charlie.post(f"{path}rotate/"),
    ):
        problem_of(answer, 404, "not_found")
    assert charlie.get(PATH).json()["results"] == []


def test_a_partner_has_its_own(api, bronx, receiver):
    events = ["listing.freed"]
    ours = api(bronx, bronx.partner_staff("Bridge Works"))
    others = api(bronx, bronx.partner_staff("Harbor House"))
    made = ours.post(PATH, terms(receiver, events=events)).json()
    assert [one["id"] for one in ours.get(PATH).json()["results"]] == [made["id"]]
    assert others.get(PATH).json()["results"] == []
    problem_of(others.get(f"{PATH}{made['id']}/"), 404, "not_found")
    refused = ours.post(PATH, terms(receiver, name="B", events=events, names_students=True))
    problem_of(refused, 409, "names_students")


def test_a_token_needs_the_scope(api, met, token, made):
    alice = met.coordinator()
    reader = api(met, token=token(met, alice, access="read"))
    path = f"{PATH}{made.json()['id']}/"
    assert reader.get(path).status_code == 200
    problem_of(reader.post(f"{path}test/"), 403, "permission_denied")
    narrow = api(met, token=token(met, alice, access="write", only="webhooks"))
    assert narrow.post(f"{path}test/").status_code == 202
