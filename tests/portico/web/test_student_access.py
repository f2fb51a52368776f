"""Who may open a student's pages: the table of address × person."""

import pytest

from catalog.actions import add_wish

pytestmark = pytest.mark.django_db

PAGES = {
    "listing": "/listings/{listing}/",
    "journey": "/journey/",
    "placement": "/placements/{placement}/",
    "start": "/placements/{placement}/start/",
    "withdraw": "/placements/{placement}/withdraw/",
    "saved": "/saved/",
    "wishes": "/wishes/",
    "suggestions": "/suggestions/",
}
POSTS = {
    "request": "/listings/{listing}/request/",
    "save": "/listings/{listing}/save/",
    "forget": "/listings/{listing}/forget/",
    "remove-wish": "/wishes/{wish}/remove/",
    "withdraw": "/placements/{placement}/withdraw/",
    "start": "/placements/{placement}/start/",
    "wishes": "/wishes/",
    "suggestions": "/suggestions/",
}
HOMES = {
    "coordinator": "/coordinator/",
    "teacher": "/teacher/",
}


@pytest.fixture
def addresses(met):
    """A student on the way, and the addresses of what is theirs."""
    student = met.student()
    placement = met.placement(met.opportunity().id, state="pursuing", student=student)
    with met:
        wish = add_wish(student=student, job="Vet")
    ids = {"listing": met.opportunity().id, "placement": placement.id, "wish": wish.id}
    return student, ids


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_the_students(met, addresses, page):
    student, ids = addresses
    path = PAGES[page].format(**ids)
    assert met.client(student).get(path).status_code == 200
    assert met.client(met.person("teacher")).get(path).status_code == 403
    assert met.client(met.coordinator()).get(path).status_code == 403
    signed_out = met.client().get(path)
    assert signed_out.status_code == 302
    assert signed_out["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", POSTS)
def test_acts_are_the_students(met, addresses, name):
    _student, ids = addresses
    path = POSTS[name].format(**ids)
    assert met.client(met.person("teacher")).post(path).status_code == 403
    assert met.client().post(path)["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", ["request", "save", "forget", "remove-wish"])
def test_acts_are_not_done_by_looking(met, addresses, name):
    student, ids = addresses
    assert met.client(student).get(POSTS[name].format(**ids)).status_code == 405


@pytest.mark.parametrize("path", [PAGES["placement"], PAGES["start"], PAGES["withdraw"]])
def test_a_placement_exists_for_its_student_alone(met, academy, addresses, path):
    _student, ids = addresses
    path = path.format(**ids)
    assert met.client(met.student()).get(path).status_code == 404
    assert academy.client(academy.student()).get(path).status_code == 404
    assert met.client(met.student()).post(path).status_code in (404, 405)
    assert academy.client(academy.student()).post(path).status_code in (404, 405)


@pytest.mark.parametrize("name", ["request", "save"])
def test_another_schools_own_offer_does_not_exist_here(met, academy, name):
    secret = academy.opportunity(title="Marker of the Academy")
    charlie = met.client(met.student())
    assert charlie.get(f"/listings/{secret.id}/").status_code == 404
    assert charlie.post(POSTS[name].format(listing=secret.id)).status_code == 404
    assert "Marker of the Academy" not in charlie.get("/?q=marker").content.decode()


def test_anothers_wish_stays(met, addresses):
    student, ids = addresses
    met.client(met.student()).post(POSTS["remove-wish"].format(**ids))
    assert "Vet" in met.client(student).get("/wishes/").content.decode()


def test_the_root_is_a_students_list_and_sends_others_home(met):
    assert met.client(met.student()).get("/").status_code == 200
    assert met.client().get("/")["Location"].startswith("/sign-in/")
    for role, home in HOMES.items():
        answer = met.client(met.person(role)).get("/")
        assert answer.status_code == 302
        assert answer["Location"].startswith(home)
