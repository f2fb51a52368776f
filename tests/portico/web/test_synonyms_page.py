"""The region's words: added, changed, switched off and removed by the district."""

import pytest

from sharing.models import Synonym

pytestmark = pytest.mark.django_db
PATH = "/synonyms/"


@pytest.fixture
def client(bronx):
    return bronx.client(bronx.person("district_admin"))


def words(bronx):
    with bronx:
        return {one.word: one.means for one in Synonym.objects.all()}


def test_a_word_is_added_and_a_students_search_knows_it(met, bronx, client):
    met.opportunity(title="Rink Zamboni Driver")
    student = met.client(met.student())
    assert "Rink Zamboni Driver" not in student.get("/?q=hielo").content.decode()
    answer = client.post(PATH, {"word": " Hielo ", "means": "zamboni, ice rink,, "}, follow=True)
    assert "zamboni, ice rink" in answer.content.decode()
    assert words(bronx) == {"hielo": ["zamboni", "ice rink"]}
    assert "Rink Zamboni Driver" in student.get("/?q=hielo").content.decode()


def test_a_word_twice_and_too_many_meanings_are_refused_at_their_fields(bronx, client):
    client.post(PATH, {"word": "ice", "means": "zamboni"})
    again = client.post(PATH, {"word": "ICE", "means": "rink"})
    assert (again.status_code, b"There is an entry" in again.content) == (422, True)
    many = client.post(PATH, {"word": "x", "means": ",".join("abcdefghi")})
    assert (many.status_code, b"Eight meanings" in many.content) == (422, True)
    long = client.post(PATH, {"word": "x", "means": "m" * 61})
    assert (long.status_code, b"60" in long.content) == (422, True)
    assert words(bronx) == {"ice": ["zamboni"]}


def test_an_entry_is_changed_and_removed_and_one_of_everybodys_switched_off(bronx, client):
    assert b"<b>vet</b>" in client.get(PATH).content
    client.post(PATH, {"word": "vet", "means": ""})
    html = client.get(PATH).content.decode()
    assert "switched off" in html
    assert "<b>vet</b>" not in html
    with bronx:
        entry = Synonym.objects.get()
    assert b'value="vet"' in client.get(f"{PATH}{entry.id}/").content
    client.post(f"{PATH}{entry.id}/", {"word": "vet", "means": "veteran"})
    assert words(bronx) == {"vet": ["veteran"]}
    for _ in range(2):  # a second click is harmless
        assert client.post(f"{PATH}{entry.id}/remove/").headers["Location"] == PATH
    assert words(bronx) == {}
    assert client.get(f"{PATH}{entry.id}/").status_code == 404


def test_the_district_alone_and_from_the_regions_page(bronx, client):
    assert f'href="{PATH}"' in client.get("/").content.decode()
    assert bronx.client(bronx.partner_staff()).get(PATH).status_code == 403
    assert bronx.client().get(PATH).headers["Location"] == f"/sign-in/?next={PATH}"
