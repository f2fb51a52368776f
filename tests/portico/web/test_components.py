"""Components: what they promise to readers, to screen readers and to a strict content policy."""

import re
from pathlib import Path

import html5lib
import pytest
from django import forms
from django.core.paginator import Paginator
from django.test import RequestFactory
from django_cotton import render_component

from portico.web import charts, styleguide

COTTON = Path(styleguide.__file__).parent / "templates" / "cotton"
COMPONENTS = sorted(file.stem for file in COTTON.glob("*.html"))


class _Form(forms.Form):
    title = forms.CharField(help_text="As a student would search for it.")
    days = forms.MultipleChoiceField(
        choices=[("mon", "Mon"), ("tue", "Tue")], widget=forms.CheckboxSelectMultiple
    )
    ask_first = forms.BooleanField(label="Ask first", required=False)


@pytest.fixture
def draw():
    """Draw one component; names as in its file, `listing_card`."""
    request = RequestFactory().get("/list/?word=vet&page=3")

    def render(component: str, **values: object) -> str:
        return render_component(request, component.replace("_", "-"), values)

    return render


def _tree(html: str):
    return html5lib.parseFragment(html, namespaceHTMLElements=False)


def _one(html: str, path: str):
    found = _tree(html).findall(path)
    assert len(found) == 1, (path, html)
    return found[0]


@pytest.fixture
def page() -> str:
    """The styleguide: every component at once."""
    return styleguide.styleguide(RequestFactory().get("/styleguide/")).content.decode()


def test_the_styleguide_shows_every_component():
    text = (COTTON.parent / "styleguide.html").read_text()
    inner = {"field-notes", "favorite", "fact"}  # drawn by others
    missing = {
        name
        for name in (component.replace("_", "-") for component in COMPONENTS)
        if not re.search(rf"<c-{name}[\s/>]", text)
    }
    assert missing <= inner


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_says_what_it_takes(component):
    text = (COTTON / f"{component}.html").read_text()
    comment = re.search(r"{% comment %}(.+?){% endcomment %}", text, re.S)
    declared = re.search(r"<c-vars (.+?)/>", text, re.S)
    assert comment
    assert declared, "without c-vars a name of the page's context would leak in"
    names = set(re.findall(r":?(\w+)(?==|\s)", declared[1]))
    assert {name for name in names if name not in comment[1]} == set()


def test_the_styleguide_is_well_formed_html(page):
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(page)
    errors = [(at, code) for at, code, _ in parser.errors]
    assert errors == []


def test_no_id_is_used_twice(page):
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert sorted(ids) == sorted(set(ids))


def test_nothing_is_inline(page):
    """The content policy allows no style, no script and no handler in the page."""
    assert not re.search(r"\sstyle=", page)
    assert not re.search(r"\son[a-z]+=", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert "<style" not in page


@pytest.mark.parametrize(
    ("component", "values"),
    [
        ("origin", {"label": "<i>x</i>"}),
        ("status", {"state": "active", "label": "<i>x</i>"}),
        ("flag", {"label": "<i>x</i>"}),
        ("hero", {"eyebrow": '"><i>x</i>', "title": "<i>x</i>", "lines": ["<i>x</i>"]}),
        ("listing_card", {"title": "<i>x</i>", "site": "<i>x</i>", "pay": "<i>x</i>"}),
        ("queue_row", {"name": "<i>x</i>", "what": "<i>x</i>", "origin_label": "<i>x</i>"}),
        ("timeline", {"entries": [{"who": "<i>x</i>", "text": "<i>x</i>", "quote": "<i>x</i>"}]}),
        ("table", {"caption": '"><i>x</i>'}),
        ("search_box", {"value": '"><i>x</i>'}),
        ("confirm", {"name": "a", "title": "<i>x</i>", "label_more": "<i>x</i>"}),
    ],
)
def test_what_people_write_stays_text(draw, component, values):
    html = draw(component, **values)
    assert "<i>" not in html
    assert "&lt;i&gt;" in html


def test_a_field_ties_hint_and_error_to_its_control(draw):
    html = draw("field", field=_Form({"title": ""})["title"])
    control = _one(html, ".//input")
    tree = _tree(html)
    described = [
        tree.find(f".//*[@id='{name}']") for name in control.get("aria-describedby").split()
    ]
    assert ["".join(part.itertext()).strip() for part in described] == [
        "As a student would search for it.",
        "This field is required.",
    ]
    assert control.get("aria-invalid") == "true"
    assert _one(html, ".//label").get("for") == control.get("id")


def test_choices_are_a_group_with_a_name(draw):
    html = draw("field", field=_Form({})["days"])
    group = _one(html, ".//fieldset")
    assert "Days" in "".join(_one(html, ".//legend").itertext())
    assert _tree(html).find(f".//*[@id='{group.get('aria-describedby')}']") is not None
    assert len(_tree(html).findall(".//input")) == 2


def test_only_what_may_be_left_out_says_so(draw):
    form = _Form()
    form.fields["title"].required = False
    assert "(optional)" in draw("field", field=form["title"])
    assert "(optional)" not in draw("field", field=form["days"])


def test_the_list_of_errors_leads_to_the_fields(draw):
    html = draw("form_errors", form=_Form({}))
    assert [link.get("href") for link in _tree(html).findall(".//a")] == ["#id_title", "#id_days"]
    assert draw("form_errors", form=_Form()).strip() == ""


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"slots_open": 1, "slots_total": 3}, "Last slot"),
        ({"slots_open": 0, "slots_total": 3}, "No slot free now"),
        ({"slots_open": 2, "slots_total": 3}, "2 of 3 slots open"),
        ({"slots_open": 2}, "2 slots open"),
    ],
)
def test_a_listing_says_how_many_slots_are_open(draw, values, text):
    foot = _one(draw("listing_card", title="Tutor", **values), ".//div[@class='listing-foot']")
    assert "".join(foot.itertext()).strip() == text


def test_a_listing_asked_for_shows_the_state_and_no_button(draw):
    html = draw(
        "listing_card", title="Tutor", request_url="/r/", state="requested", state_label="Requested"
    )
    assert "/r/" not in html
    assert "Requested" in html


def test_a_bookmark_says_whether_it_is_set(draw):
    for saved, pressed in ((True, "true"), (False, "false")):
        html = draw("favorite", url="/save/", title="Tutor", saved=saved)
        button = _one(html, ".//button")
        assert button.get("aria-pressed") == pressed
        assert button.get("aria-label") == "Save Tutor"


def test_a_tracker_says_where_one_is(draw):
    html = draw("tracker", steps=styleguide.STEPS)
    (current,) = _tree(html).findall(".//li[@aria-current='step']")
    assert "Pursuing" in "".join(current.itertext())


def test_a_question_works_without_script(draw):
    html = draw("confirm", name="decline", url="/decline/", action="/decline/", label="Decline")
    link = next(a for a in _tree(html).findall(".//a") if a.get("data-opens") == "decline")
    assert link.get("href") == "/decline/"
    assert _one(html, ".//dialog").get("open") is None


def test_pages_keep_the_words_searched_for(draw):
    html = draw("pagination", page=Paginator(range(100), 20).page(3))
    assert [link.get("href") for link in _tree(html).findall(".//a")] == [
        "?word=vet&page=2",
        "?word=vet&page=4",
    ]


def test_more_is_a_link_and_nothing_at_the_end(draw):
    assert _one(draw("more", url="/next/"), ".//a").get("href") == "/next/"
    assert draw("more").strip() == ""


def test_a_hidden_group_shows_no_number(draw):
    drawn = charts.meters(groups=[("Migrant students", None, None)])
    text = "".join(_tree(draw("meters", meters=drawn)).itertext())
    assert "too few to show" in text
    assert not re.search(r"\d", text)


def test_a_chart_has_its_numbers_as_a_table(draw):
    chart = charts.stacked_bars(labels=["Jan 6"], series=[charts.Series("Interning", [1234])])
    html = draw("barchart", chart=chart, title="Students", heading="Week")
    assert _one(html, ".//tbody/tr/td").text.replace(",", "") == "1234"
    picture = "{http://www.w3.org/2000/svg}svg[@role='img']"
    assert _one(html, f".//{picture}").get("aria-label") == "Students"
