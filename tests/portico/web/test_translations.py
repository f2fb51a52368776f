"""Spanish: the whole catalogue, the pages and the mails."""

import email.header
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import formats, translation

from portico.accounts.roles import ROLES_OF_REGION, ROLES_OF_SCHOOL, Role
from portico.due.runner import run_due
from portico.notices.actions import tell, write_to
from portico.web.context import REGION_PLACES, SCHOOL_PLACES, Place
from tests.mailserver import MailServer

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = ROOT / "platform/portico/locale/es/LC_MESSAGES/django.po"
SOURCES = ("platform", "tenants", "sharing", "catalog", "api")
# %(name)s, %s, %%, {name} for scripts, and the tags a text may hold
PLACEHOLDER = re.compile(r"%\(\w+\)[+\d]*[a-z]|%[sd%]|\{\w+\}|</?\w+>")
NO_GETTEXT = "no xgettext here: install GNU gettext (apt install gettext, brew install gettext)"
SPELLED_OUT = ("title", "alt", "placeholder", "aria-label")


@cache  # reading it takes half a second
def _catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


@cache
def _entries() -> list[polib.POEntry]:
    return [entry for entry in _catalogue() if not entry.obsolete]


def _keys(catalogue: Path) -> set[tuple[str, str, str]]:
    entries = polib.pofile(str(catalogue))
    return {(one.msgctxt or "", one.msgid, one.msgid_plural) for one in entries}


# --- the catalogue -------------------------------------------------------------------
def test_every_text_is_translated_and_none_is_a_guess():
    missing = [one.msgid for one in _entries() if not one.translated() or one.fuzzy]
    assert missing == [], "translate these, see docs/translating.md"


def test_a_translation_has_the_placeholders_of_its_text():
    wrong = []
    for one in _entries():
        wanted = Counter(PLACEHOLDER.findall(one.msgid))
        if one.msgid_plural:
            # the singular may write “a day” where the plural has the number
            wanted_plural = Counter(PLACEHOLDER.findall(one.msgid_plural))
            singular, plural = one.msgstr_plural[0], one.msgstr_plural[1]
            if Counter(PLACEHOLDER.findall(plural)) != wanted_plural:
                wrong.append(plural)
            if Counter(PLACEHOLDER.findall(singular)) not in (wanted, wanted_plural):
                wrong.append(singular)
        elif Counter(PLACEHOLDER.findall(one.msgstr)) != wanted:
            wrong.append(one.msgstr)
    assert wrong == []


def test_spanish_counts_one_and_many():
    assert _catalogue().metadata["Plural-Forms"].startswith("nplurals=2;")


def test_a_text_begins_and_ends_as_its_source():
    """Pieces are glued together, so a space or a colon at the edge belongs to the meaning."""
    glued = [one for one in _entries() if one.msgid != one.msgid.strip()]
    assert glued, "nothing of the kind left: this test can go"
    for one in glued:
        assert (one.msgstr[0], one.msgstr[-1]) == (one.msgid[0], one.msgid[-1])


def test_the_catalogue_is_up_to_date(tmp_path):
    if shutil.which("xgettext") is None:
        if os.environ.get("REQUIRE_GETTEXT") == "1":
            pytest.fail(NO_GETTEXT)
        pytest.skip(NO_GETTEXT)
    for name in SOURCES:
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo")
        )
    shutil.copy(ROOT / "manage.py", tmp_path)
    command = [sys.executable, "manage.py", "makemessages", "-l", "es", "--no-location"]
    path = os.pathsep.join([str(tmp_path), str(tmp_path / "platform")])
    environment = os.environ | {
        "PYTHONPATH": path,
        "DJANGO_SETTINGS_MODULE": "portico.settings.test",
    }
    subprocess.run(
        [*command, "--no-obsolete"], cwd=tmp_path, env=environment, check=True, capture_output=True
    )
    collected = _keys(tmp_path / CATALOGUE.relative_to(ROOT))
    known = _keys(CATALOGUE)
    assert (collected - known, known - collected) == (set(), set()), "run: make messages"


# --- what people see -----------------------------------------------------------------
@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """The catalogue compiled afresh, so that no older build answers."""
    folder = tmp_path_factory.mktemp("locale")
    target = folder / "es" / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True)
    _catalogue().save_as_mofile(str(target))
    return folder


@pytest.fixture
def spanish(settings, compiled):
    settings.LOCALE_PATHS = [compiled]


class _Words(HTMLParser):
    """The texts of a page, and those of attributes people meet."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self.numbers: list[str] = []
        self._silent = 0
        self._svg = 0
        self._foreign = ""  # a language writes its own name

    def handle_starttag(self, tag, attributes):
        self._silent += tag in ("script", "style")
        self._svg += tag == "svg"
        if dict(attributes).get("lang", "es") != "es":
            self._foreign = tag
        for name, value in attributes:
            if name in SPELLED_OUT or (name or "").startswith("data-word"):
                self.texts.add((value or "").strip())
            elif self._svg and value and name not in ("d", "points"):
                self.numbers += re.findall(r"^-?\d+,\d+$", value)

    def handle_endtag(self, tag):
        self._silent -= tag in ("script", "style")
        self._svg -= tag == "svg"
        self._foreign = "" if tag == self._foreign else self._foreign

    def handle_data(self, data):
        if not self._silent and not self._foreign:
            self.texts.add(" ".join(data.split()))


def _read(client, path: str) -> _Words:
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "es"
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    page = answer.content.decode()
    assert '<html lang="es"' in page
    words = _Words()
    words.feed(page)
    return words


@cache
def _only_english() -> set[str]:
    """Texts of ours that have another wording in Spanish."""
    translated = {
        form[:1].upper() + form[1:]
        for one in _entries()
        for form in (one.msgstr, *one.msgstr_plural.values())
        if form
    }
    texts = {one.msgid for one in _entries() if one.msgid != one.msgstr}
    capitals = {text[:1].upper() + text[1:] for text in texts}
    return (texts | capitals) - translated


def _english(words: _Words) -> set[str]:
    """What on the page is an English text of ours."""
    return words.texts & _only_english()


# Every place of the navigation, and pages behind one
def _pages(places: tuple[Place, ...], roles: frozenset[str]) -> list[tuple[str, str]]:
    """(role, name) of each place; a substitute's are those of a teacher."""
    return [
        (str(role), place.url_name)
        for place in places
        for role in sorted(place.permission.roles & roles - {Role.SUBSTITUTE})
    ]


SCHOOL_PAGES = _pages(SCHOOL_PLACES, ROLES_OF_SCHOOL)
SCHOOL_PAGES += [
    ("student", "notices"),
    ("student", "hours"),
    ("student", "suggestions"),
    ("coordinator", "opportunity-add"),
    ("coordinator", "release-unwanted"),
    ("coordinator", "questions"),
    ("coordinator", "suggestions-staff"),
    ("coordinator", "site-add"),
    ("coordinator", "requirement-add"),
    ("coordinator", "documents-ending"),
    ("coordinator", "concentrators"),
]
REGION_PAGES = _pages(REGION_PLACES, ROLES_OF_REGION)
REGION_PAGES += [("district_admin", "school-new"), ("partner_staff", "posting-new")]


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "name"), SCHOOL_PAGES)
def test_a_school_page_is_spanish(spanish, met, role, name):
    teacher = met.person("teacher")
    student = met.student(teacher=teacher, given_name="Noor")
    first = met.opportunity(capacity=3)
    met.placement(first.id, state="active", student=student)
    met.placement(met.opportunity(title="Luthier Apprentice").id)
    met.placement(first.id, state="start_requested", teacher=teacher)
    person = {"student": student, "teacher": teacher}.get(role) or met.coordinator()
    words = _read(met.client(person), reverse(name, urlconf="portico.web.urls_school"))
    assert _english(words) == set()
    assert words.numbers == [], "a number in an attribute is for programs"


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "name"), REGION_PAGES)
def test_a_region_page_is_spanish(spanish, bronx, met, role, name):
    met.release(met.opportunity(capacity=3), slots=2)
    staff = bronx.partner_staff()
    bronx.posting(staff=staff, slots=2)
    person = staff if role == "partner_staff" else bronx.person(role)
    words = _read(bronx.client(person), reverse(name, urlconf="portico.web.urls_region"))
    assert _english(words) == set()
    assert words.numbers == []


@pytest.mark.django_db
def test_signed_out_pages_are_spanish(spanish, met):
    for path in ("/sign-in/", "/forgotten/", "/verify/"):
        assert _english(_read(met.client(), path)) == set(), path


def test_english_on_a_page_is_noticed():
    words = _Words()
    words.feed('<p title="Sign in">Mi camino</p><svg width="85,0"><path d="M0,5"/></svg>My journey')
    assert _english(words) == {"Sign in", "My journey"}
    assert words.numbers == ["85,0"]


def test_numbers_and_times_are_written_as_in_new_york():
    with translation.override("es"):
        assert formats.number_format(15.5) == "15.5"
        assert formats.get_format("TIME_FORMAT") == "g:i a"


# --- mails ---------------------------------------------------------------------------
def _subject(mail) -> str:
    return str(email.header.make_header(email.header.decode_header(mail["Subject"])))


@pytest.mark.django_db
def test_mails_to_a_spanish_teacher_and_mentor_are_spanish(spanish, settings, met):
    teacher = met.person("teacher", language="es")
    with MailServer() as server:
        server.use(settings)
        with met:
            tell(
                kind="start_requested",
                person=teacher,
                data={
                    "student": "Noor Diaz",
                    "title": "Luthier Apprentice",
                    "site": "Corner Strings",
                    "starts_on": "2027-02-01",
                },
            )
            write_to(
                kind="mentor_evaluation",
                email="rosa@example.com",
                language="es",
                data={"form": "F", "student": "Noor Diaz", "school": "Met", "site": "Strings"},
            )
        run_due(region="bronx")
        subjects = sorted(_subject(mail) for mail in server.mails)
        bodies = [part.get_payload(decode=True).decode() for part in _parts(server.mails)]
    assert subjects == [
        "F: ¿cómo le va a Noor Diaz?",
        "Noor Diaz solicita comenzar en Corner Strings",
    ]
    assert any("1 de febrero de 2027" in body for body in bodies)
    for english in ("Hello", "You get this", "asks you", "Answer"):
        assert not any(english in body for body in bodies)


def _parts(mails):
    return [part for mail in mails for part in mail.walk() if not part.is_multipart()]
