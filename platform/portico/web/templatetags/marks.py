"""What stands for a thing where there is no picture: icons, initials, a tint of its own."""

import zlib
from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

register = template.Library()

TINTS = ("teal", "violet", "lime", "sky", "rose", "amber", "slate", "orange")
SMALL_WORDS = frozenset({"a", "an", "and", "at", "for", "in", "of", "the", "de", "la", "y", "&"})


@register.simple_tag
def icon(name: str, size: int = 20, stroke_width: float = 2) -> SafeString:
    """A Lucide icon as decoration: hidden from screen readers, made once and kept.

    Always write the meaning beside it as text, visible or in `sr-only`.
    """
    return _icon(str(name), size, stroke_width)


@lru_cache(maxsize=512)
def _icon(name: str, size: int, stroke_width: float) -> SafeString:
    svg = lucide(name, size=size, stroke_width=stroke_width, aria_hidden="true", focusable="false")
    return mark_safe(svg)  # noqa: S308 - the drawing comes from the Lucide package


@register.filter
def initials(name: object) -> str:
    """Two letters: `Grand Concourse Rehab` → `GC`, `Ana de la Cruz` → `AC` is a person's.

    For a place the first two words count, for `person_initials` the first and the last.
    """
    words = _words(name)
    if len(words) == 1:
        return words[0][:2].upper()
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def person_initials(name: object) -> str:
    """First and last initial of a person's name."""
    words = _words(name)
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def tint(name: object) -> str:
    """One of eight tints, always the same for the same name."""
    return TINTS[zlib.crc32(str(name).encode()) % len(TINTS)]


def _words(name: object) -> list[str]:
    words = [word for word in str(name).split() if word[0].isalnum()]
    return [word for word in words if word.lower() not in SMALL_WORDS] or words or ["?"]
