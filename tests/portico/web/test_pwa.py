"""The portal as an app: what a phone is told to keep, and that nothing personal is in it."""

import json
import re

import pytest

from portico.web.pwa.precache import modules, precache
from tenants.models import Tenant
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db
KEPT_PAGES = ("/check-in/shell/", "/offline/")


def kept_urls(worker: str) -> list[str]:
    found = re.search(r"^const KEPT = (\[.*\]);$", worker, re.MULTILINE)
    assert found is not None
    return list(json.loads(found[1]))


@pytest.mark.parametrize("path", KEPT_PAGES)
def test_a_kept_page_is_the_same_for_everybody_and_holds_no_token(met, path):
    amara = met.student(given_name="Amara", family_name="Osei", email="amara@example.org")
    met.placement(met.opportunity(site_name="Secret Site").id, state="active", student=amara)
    as_nobody = met.client().get(path)
    as_amara = met.client(amara).get(path)
    assert as_nobody.status_code == as_amara.status_code == 200
    assert as_nobody.content == as_amara.content
    page = as_amara.content.decode()
    for secret in ("Amara", "Osei", "Secret Site", str(amara.pk), "csrf"):
        assert secret not in page
    assert not as_nobody.cookies  # fetched without cookies, and gives none


def test_everything_the_kept_pages_load_is_kept_too(met):
    client = met.client()
    urls = kept_urls(client.get("/sw.js").content.decode())
    for path in KEPT_PAGES:
        page = client.get(path).content.decode()
        loaded = re.findall(r'<(?:link[^>]+stylesheet[^>]+href|script[^>]+src)="([^"]+)"', page)
        assert len(loaded) >= 4
        assert set(loaded) <= set(urls)
    assert all(client.get(url).status_code == 200 for url in urls if "/static/" not in url)


def test_every_module_of_the_page_is_kept():
    names = {name.rpartition("/")[2] for name in modules()}
    assert {"app.js", "page.js", "queue.js", "replay.js", "location-choice.js"} <= names
    assert "map.js" not in names


def test_the_worker_may_serve_the_whole_site_and_is_always_asked_for_anew(met):
    answer = met.client().get("/sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer.headers["Cache-Control"]
    worker = answer.content.decode()
    assert 'credentials: "omit"' in worker
    assert "{{" not in worker
    assert "{%" not in worker
    assert 'addEventListener("sync"' in worker
    classic = met.client().get("/sw.js?classic").content.decode()
    assert "import " not in classic
    assert 'addEventListener("sync"' not in classic


@pytest.mark.urls("portico.web.urls_school")
def test_a_new_language_or_colour_is_a_new_version():
    school = Tenant(kind="school", name="The Met High School", color="#0f5c56")
    repainted = Tenant(kind="school", name="The Met High School", color="#7a1f5c")
    english = precache(school, language="en")
    assert precache(school, language="en") == english
    spanish = precache(school, language="es")
    others = precache(repainted, language="en")
    assert len({english.version, spanish.version, others.version}) == 3


def test_the_kept_page_speaks_the_language_in_its_address(met):
    assert 'lang="es"' in met.client().get("/check-in/shell/?language=es").content.decode()
    assert 'lang="en"' in met.client().get("/check-in/shell/?language=xx").content.decode()
    worker = met.client().get("/sw.js?language=es").content.decode()
    assert "/check-in/shell/?language=es" in kept_urls(worker)


def test_the_manifest_is_the_schools_own(met):
    answer = met.client().get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    manifest = answer.json()
    assert manifest["name"] == "The Met High School"
    assert manifest["shortcuts"][0]["url"] == "/check-in/"


def test_signing_out_leaves_what_waits_on_the_phone(met):
    student = met.student(password=PASSWORD)
    answer = met.client(student).post("/sign-out/")
    assert answer.status_code == 302
    cleared = answer.headers.get("Clear-Site-Data", "")
    assert "storage" not in cleared
    assert "*" not in cleared
    assert "cache" in cleared
