"""A school's own colour, made safe to read.

A school picks one colour. Every shade the pages need is derived from it in OKLCH, a space in
which "darker" does not change the hue, and each shade is darkened until what stands on it or
before it reaches the contrast of WCAG AA. So no choice of colour can make a page unreadable.
"""

import math
import re
from dataclasses import dataclass

AA_TEXT = 4.5
WHITE = (1.0, 1.0, 1.0)
DEFAULT_COLOR = "#0f5c56"

Rgb = tuple[float, float, float]
_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True)
class Oklch:
    """A colour as lightness (0 to 1), chroma (0 is grey) and hue (degrees)."""

    lightness: float
    chroma: float
    hue: float


def parse_hex(color: str) -> Rgb:
    """`#0f5c56` or `#abc` as red, green and blue from 0 to 1; ValueError for anything else."""
    match = _HEX.fullmatch(color.strip())
    if not match:
        raise ValueError(f"not a hex colour: {color!r}")
    digits = match[1]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    return red, green, blue


def to_hex(rgb: Rgb) -> str:
    """Red, green and blue from 0 to 1 as `#rrggbb`."""
    return "#" + "".join(f"{round(min(max(part, 0), 1) * 255):02x}" for part in rgb)


def contrast(first: Rgb, second: Rgb) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def darkened_for(color: Oklch, *, against: Rgb, ratio: float) -> Rgb:
    """*color*, made darker step by step until it has *ratio* against *against*."""
    lightness = color.lightness
    while lightness > 0:
        rgb = _rounded(to_rgb(Oklch(lightness, color.chroma, color.hue)))
        if contrast(rgb, against) >= ratio:
            return rgb
        lightness -= 0.005
    return (0.0, 0.0, 0.0)


def theme_colors(color: str) -> dict[str, str]:
    """The custom properties a school's colour sets, as name → `#rrggbb`."""
    chosen = to_oklch(parse_hex(color))
    soft = _rounded(to_rgb(Oklch(0.957, min(chosen.chroma, 0.024), chosen.hue)))
    # soft is the darkest of the surfaces the colour is written on, so the rest follows
    primary = darkened_for(chosen, against=soft, ratio=AA_TEXT)
    base = to_oklch(primary)
    hero = darkened_for(_shifted(base, lightness=-0.06), against=WHITE, ratio=9)
    deep = darkened_for(_shifted(base, lightness=-0.17, chroma=0.8), against=WHITE, ratio=13)
    # the corner of the hero that catches the light: a neighbouring hue, still fit for white text
    glow = darkened_for(
        _shifted(base, lightness=0.1, chroma=1.3, hue=-12), against=WHITE, ratio=5.2
    )
    dot = darkened_for(_shifted(to_oklch(hero), lightness=0.1), against=WHITE, ratio=5.2)
    # the second part of a bar: told from the first by lightness alone
    light = to_rgb(Oklch(0.78, min(base.chroma * 1.15, 0.1), base.hue))
    return {
        "--color-primary": to_hex(primary),
        "--color-primary-strong": to_hex(to_rgb(_shifted(base, lightness=-0.06))),
        "--color-primary-content": to_hex(WHITE),
        "--color-primary-soft": to_hex(soft),
        "--color-primary-light": to_hex(light),
        "--color-hero": to_hex(hero),
        "--color-hero-deep": to_hex(deep),
        "--color-hero-glow": to_hex(glow),
        "--color-hero-dot": to_hex(dot),
    }


def theme_css(color: str) -> str:
    """The style sheet of one school: nothing but custom properties. ValueError for a bad colour."""
    lines = [f"  {name}: {value};" for name, value in theme_colors(color).items()]
    return "\n".join([":root {", *lines, "}", ""])


def to_oklch(rgb: Rgb) -> Oklch:
    """sRGB to OKLCH (Björn Ottosson's matrices)."""
    red, green, blue = (_linear(part) for part in rgb)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)))


def to_rgb(color: Oklch) -> Rgb:
    """OKLCH to sRGB; a colour a screen cannot show loses chroma until it can."""
    chroma = color.chroma
    while chroma > 0.001:
        rgb = _unclipped_rgb(Oklch(color.lightness, chroma, color.hue))
        if all(-0.0005 <= part <= 1.0005 for part in rgb):
            return _clipped(rgb)
        chroma *= 0.97
    return _clipped(_unclipped_rgb(Oklch(color.lightness, 0, color.hue)))


def _unclipped_rgb(color: Oklch) -> Rgb:
    a = color.chroma * math.cos(math.radians(color.hue))
    b = color.chroma * math.sin(math.radians(color.hue))
    long = (color.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (color.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (color.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _encoded(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _encoded(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _encoded(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _shifted(color: Oklch, *, lightness: float, chroma: float = 1, hue: float = 0) -> Oklch:
    return Oklch(
        min(max(color.lightness + lightness, 0.05), 1), color.chroma * chroma, color.hue + hue
    )


def _rounded(rgb: Rgb) -> Rgb:
    """What is left of a colour once it is written as hex: contrast is measured on that."""
    return parse_hex(to_hex(rgb))


def _clipped(rgb: Rgb) -> Rgb:
    red, green, blue = (min(max(part, 0.0), 1.0) for part in rgb)
    return red, green, blue


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (_linear(part) for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
