"""Whatever colour a school picks, its pages stay readable."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico import web
from tenants import theme

COLORS = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")
ASSETS = Path(web.__file__).parent / "assets"


@given(color=COLORS)
def test_every_colour_reaches_aa_where_text_stands(color):
    shades = {name: theme.parse_hex(value) for name, value in theme.theme_colors(color).items()}
    white = shades["--color-primary-content"]
    for surface in (
        "--color-primary",
        "--color-primary-strong",
        "--color-hero",
        "--color-hero-deep",
        "--color-hero-glow",
        "--color-hero-dot",
    ):
        assert theme.contrast(white, shades[surface]) >= 4.5, surface
    assert theme.contrast(shades["--color-primary"], shades["--color-primary-soft"]) >= 4.5


def test_a_colour_that_is_readable_already_is_kept():
    assert theme.theme_colors("#0f5c56")["--color-primary"] == "#0f5c56"


def test_a_light_colour_is_darkened_and_keeps_its_hue():
    before = theme.to_oklch(theme.parse_hex("#ffd700"))
    after = theme.to_oklch(theme.parse_hex(theme.theme_colors("#ffd700")["--color-primary"]))
    assert after.lightness < before.lightness - 0.2
    assert abs(after.hue - before.hue) < 4


@pytest.mark.parametrize(
    "color", ["", "red", "#12", "#12345g", "#0f5c56;}body{display:none", "0x0"]
)
def test_what_is_not_a_colour_is_refused(color):
    with pytest.raises(ValueError, match="not a hex colour"):
        theme.theme_css(color)


def test_the_sheet_holds_custom_properties_only():
    sheet = theme.theme_css("#5b3ab0")
    assert re.fullmatch(r":root \{\n(  --color-[a-z-]+: #[0-9a-f]{6};\n)+\}\n", sheet)


@given(color=COLORS)
def test_to_oklch_and_back_is_the_same_colour(color):
    rgb = theme.parse_hex(color)
    back = theme.to_rgb(theme.to_oklch(rgb))
    assert max(abs(one - other) for one, other in zip(rgb, back, strict=True)) < 0.01


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [("#000", "#fff", 21.0), ("#777777", "#ffffff", 4.48), ("#fff", "#fff", 1.0)],
)
def test_contrast_is_the_one_of_wcag(first, second, ratio):
    measured = theme.contrast(theme.parse_hex(first), theme.parse_hex(second))
    assert measured == pytest.approx(ratio, abs=0.01)


def test_the_style_sheet_starts_from_the_default_colour():
    """assets/theme.css repeats the default's shades, so that a page without a school has them."""
    sheet = (ASSETS / "theme.css").read_text()
    for name, value in theme.theme_colors(theme.DEFAULT_COLOR).items():
        assert f"{name}: {value};" in sheet
