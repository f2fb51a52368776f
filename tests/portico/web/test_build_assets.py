"""The build: real fonts, real Tailwind, real catalogues, and no work done twice."""

import gettext
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from portico.web import build_assets
from portico.web.build_assets import Build

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Mentor"
msgstr "Mentoría"
"""


def test_fonts_hold_the_letters_of_english_and_spanish():
    build_assets.build_fonts(Build(build_assets.BUILT))  # nothing to do after `make assets`
    for font in build_assets.FONTS:
        file = build_assets.BUILT / "fonts" / f"{font.name}.woff2"
        letters = TTFont(file).getBestCmap()
        assert {ord(letter) for letter in "Aaz09áéíóúüñÑ¿¡–—’“”…→"} <= set(letters)
        assert file.stat().st_size < 60_000


def test_styles_are_made_once_and_again_when_an_input_changes(tmp_path, monkeypatch, capsys):
    build_assets.build_styles(Build(tmp_path))
    sheet = (tmp_path / "app.css").read_text()
    for written in (".listing-card", ".tracker", "fonts/figtree.woff2", "prefers-reduced-motion"):
        assert written in sheet
    assert "up to date" not in capsys.readouterr().out

    build_assets.build_styles(Build(tmp_path))
    assert "up to date" in capsys.readouterr().out

    # another Tailwind is another input, as a changed template would be
    monkeypatch.setattr(build_assets, "version", lambda package: "another")
    build_assets.build_styles(Build(tmp_path))
    assert "up to date" not in capsys.readouterr().out


def test_a_broken_style_sheet_is_told_in_words(tmp_path, monkeypatch):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "app.css").write_text('@import "./missing.css";')
    monkeypatch.setattr(build_assets, "WEB", tmp_path)
    with pytest.raises(build_assets.BuildError, match=r"Tailwind stopped:(.|\n)*missing\.css"):
        build_assets.build_styles(Build(tmp_path / "out"))


def test_translations_are_compiled_where_gettext_finds_them(tmp_path):
    folder = tmp_path / "locale" / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO, encoding="utf-8")
    build_assets.build_translations(Build(tmp_path / "out"), tmp_path / "locale")
    spanish = gettext.translation("django", tmp_path / "locale", ["es"])
    assert spanish.gettext("Mentor") == "Mentoría"


def test_a_broken_catalogue_names_its_file(tmp_path):
    folder = tmp_path / "locale" / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text("this is no catalogue\n")
    with pytest.raises(build_assets.BuildError, match=r"django\.po"):
        build_assets.build_translations(Build(tmp_path / "out"), tmp_path / "locale")


def test_force_makes_again(tmp_path):
    made: list[Path] = []
    target = tmp_path / "one.txt"

    def make() -> None:
        made.append(target)
        target.write_text("one")

    assert Build(tmp_path).step(target, "inputs", make)
    assert not Build(tmp_path).step(target, "inputs", make)
    assert Build(tmp_path, force=True).step(target, "inputs", make)
    assert len(made) == 2


def test_what_was_deleted_is_made_again(tmp_path):
    target = tmp_path / "one.txt"
    Build(tmp_path).step(target, "inputs", lambda: target.write_text("one") and None)
    target.unlink()
    assert Build(tmp_path).step(target, "inputs", lambda: target.write_text("one") and None)
