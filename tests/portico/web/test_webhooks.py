"""Webhooks' pages: made and shown once, tried, mended, removed; a partner's are its own."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from portico.due.runner import run_due
from portico.webhooks.actions import subscribe
from portico.webhooks.models import Delivery, Subscription
from tests.browser import PHONE, OpenPage
from tests.portico.web.budgets import query_budget
from tests.receiver import Receiver
from tests.world import PASSWORD

PATH = "/webhooks/"


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver() as receiver:
        yield receiver


def terms(receiver, **facts):
    return {"name": "Bus planning", "url": receiver.url, "events": ["placement.active"]} | facts


def secret_in(response) -> str:
    return re.search(r"<code>(whsec_[\w+/=]+)</code>", response.content.decode())[1]


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def client(self, met):
        return met.client(met.coordinator())

    @pytest.fixture
    def made(self, client, met, receiver):
        client.post(PATH + "new/", terms(receiver))
        with met:
            return Subscription.objects.get()

    def test_the_secret_is_shown_once(self, client, met, receiver):
        answer = client.post(PATH + "new/", terms(receiver))
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        secret = secret_in(answer)
        with met:
            made = Subscription.objects.get()
        for path in (PATH, f"{PATH}{made.id}/", f"{PATH}{made.id}/edit/"):
            assert secret not in client.get(path).content.decode()

    def test_a_second_click_makes_no_second_one(self, client, met, receiver):
        client.post(PATH + "new/", terms(receiver))
        again = client.post(PATH + "new/", terms(receiver))
        assert again.status_code == 422
        assert "There is one of this name already" in again.content.decode()
        with met:
            assert Subscription.objects.count() == 1

    @pytest.mark.parametrize(
        ("facts", "says"),
        [
            ({"name": ""}, "required"),
            ({"events": []}, "required"),
            ({"events": ["listing.freed"]}, "Select a valid choice"),
            ({"url": "https://169.254.169.254/"}, "inside a private network"),
            ({"url": "http://hook.example.org/"}, "must begin with https://"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, client, receiver, settings, facts, says):
        settings.WEBHOOK_ALLOW_PRIVATE = False
        answer = client.post(PATH + "new/", terms(receiver, url="https://93.184.215.14/") | facts)
        assert answer.status_code == 422
        assert says in answer.content.decode()

    def test_a_test_event_and_its_answer(self, client, made, receiver):
        receiver.status, receiver.text = 422, "no such event here <b>"
        with query_budget("webhook"):
            client.get(f"{PATH}{made.id}/")
        client.post(f"{PATH}{made.id}/test/")
        run_due(region="bronx")
        html = client.get(f"{PATH}{made.id}/").content.decode()
        assert "It answered 422." in html
        assert "no such event here &lt;b&gt;" in html
        assert "webhook.test" in html
        assert receiver.events == ["webhook.test"]

    def test_sent_again_from_the_log(self, client, made, met, receiver):
        met.placement(met.opportunity().id, state="active")
        run_due(region="bronx")
        with met:
            delivery = Delivery.objects.get()
        for _click in range(2):
            assert client.post(f"{PATH}{made.id}/{delivery.id}/again/").status_code == 302
        run_due(region="bronx")
        assert [call.id for call in receiver.calls] == [str(delivery.id)] * 2

    def test_names_are_a_coordinators_switch(self, client, made, met, receiver):
        assert "With students" in client.get(f"{PATH}{made.id}/edit/").content.decode()
        client.post(f"{PATH}{made.id}/edit/", terms(receiver, names_students="on"))
        with met:
            assert Subscription.objects.get().names_students
        client.post(f"{PATH}{made.id}/edit/", terms(receiver))
        with met:
            assert not Subscription.objects.get().names_students

    def test_a_region_is_not_even_asked(self, bronx, receiver):
        client = bronx.client(bronx.person("district_admin"))
        html = client.get(PATH + "new/").content.decode()
        assert "With students" not in html
        assert "placement.active" not in html
        facts = terms(receiver, events=["listing.freed"], names_students="on")
        assert client.post(PATH + "new/", facts).status_code == 200
        with bronx:
            assert not Subscription.objects.get().names_students

    def test_off_and_on(self, client, made, met):
        for to, off in (("off", "by_hand"), ("off", "by_hand"), ("on", ""), ("on", "")):
            assert client.post(f"{PATH}{made.id}/switch/", {"to": to}).status_code == 302
            with met:
                assert Subscription.objects.get().off == off

    def test_a_new_secret(self, client, made, met):
        asked = client.get(f"{PATH}{made.id}/secret/")
        assert "Replace the secret?" in asked.content.decode()
        answer = client.post(f"{PATH}{made.id}/secret/")
        assert secret_in(answer)
        assert "signed with the old one as well" in answer.content.decode()
        assert client.post(f"{PATH}{made.id}/secret/").status_code == 409  # a second click

    def test_removed(self, client, made, met):
        assert "Remove this webhook?" in client.get(f"{PATH}{made.id}/remove/").content.decode()
        for _click in range(2):
            assert client.post(f"{PATH}{made.id}/remove/").status_code == 302
        with met:
            assert not Subscription.objects.exists()
        assert client.get(f"{PATH}{made.id}/").status_code == 404

    def test_what_is_wrong_is_seen_in_the_list(self, client, made, met):
        assert "failing" not in client.get(PATH).content.decode()
        with met:
            Subscription.objects.update(failing_since=made.created_at)
        assert "failing" in client.get(PATH).content.decode()
        with met:
            Subscription.objects.update(off=Subscription.Off.FAILING)
        with query_budget("webhooks"):
            assert "nothing got through for days" in client.get(PATH).content.decode()

    def test_a_partner_sees_its_own(self, bronx, receiver):
        ours, others = bronx.partner_staff("Bridge Works"), bronx.partner_staff("Harbor House")
        with bronx:
            theirs, _secret = subscribe(
                actor=others, name="Theirs", url=receiver.url, events=["listing.freed"]
            )
        client = bronx.client(ours)
        assert "Theirs" not in client.get(PATH).content.decode()
        assert client.get(f"{PATH}{theirs.id}/").status_code == 404

    def test_the_way_there(self, client, met):
        assert 'href="/webhooks/"' in client.get("/coordinator/").content.decode()
        teacher = met.client(met.person("teacher"))
        assert 'href="/webhooks/"' not in teacher.get("/teacher/").content.decode()


def test_a_coordinator_adds_and_tries_one_on_a_phone(
    site: Any, met: Any, receiver: Receiver, open_page: OpenPage
) -> None:
    alice = met.person("coordinator", password=PASSWORD)
    page = open_page(viewport=PHONE)
    page.goto(site.url(met, PATH))
    page.get_by_label("E-mail").fill(alice.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Add a webhook").click()
    page.get_by_label("What it is for").fill("Bus planning")
    page.get_by_label("Address").fill(receiver.url)
    page.get_by_label("Placement: active").check()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Add the webhook").click()
    page.get_by_text("Copy the secret now").wait_for()
    secret = page.locator("code", has_text="whsec_").inner_text()
    page.get_by_role("button", name="Send a test event").click()
    page.get_by_text("A test event is on its way").wait_for()
    run_due(region="bronx")
    page.reload()
    page.get_by_text("delivered", exact=True).wait_for()
    assert receiver.calls[0].verify(secret)["type"] == "webhook.test"
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_text("No webhook yet").wait_for()
