"""Words people type for things offers say otherwise; a region adds its own."""

import unicodedata
from collections.abc import Iterable

from django.db import connections

from tenants.context import current_alias

# Short for a long word, or a young person's word for a trade's. Stems and accents are
# the search's business; so only what stemming cannot know is here. Spanish included.
EVERYWHERE: dict[str, tuple[str, ...]] = {
    "vet": ("veterinary", "veterinarian", "animal clinic"),
    "doctor": ("physician", "medical", "clinic", "hospital"),
    "nurse": ("nursing", "patient care"),
    "emt": ("ambulance", "paramedic"),
    "pt": ("physical therapy",),
    "cop": ("police",),
    "lawyer": ("law", "legal", "attorney"),
    "coding": ("programming", "software", "developer"),
    "code": ("programming", "software", "developer"),
    "tech": ("technology", "computer", "software"),
    "it": ("help desk", "information technology"),
    "pc": ("computer",),
    "ai": ("artificial intelligence", "machine learning"),
    "car": ("automotive", "auto", "mechanic"),
    "cars": ("automotive", "auto", "mechanic"),
    "3d": ("3-D",),
    "kids": ("children", "pre-k", "preschool", "after-school"),
    "daycare": ("child care", "pre-k"),
    "gym": ("fitness",),
    "cooking": ("culinary", "kitchen", "pastry", "chef"),
    "movies": ("film", "cinema"),
    "radio": ("podcast", "audio"),
    "money": ("finance", "bank", "accounting"),
    "plants": ("garden", "farm", "botanical"),
    "nature": ("environment", "river", "park"),
    "movie": ("film", "cinema"),
    "shop": ("retail", "store"),
    "hair": ("salon", "barber", "cosmetology"),
    "abogado": ("law", "legal"),
    "medico": ("medical", "clinic", "hospital"),
    "enfermera": ("nursing",),
    "veterinario": ("veterinary",),
    "cocina": ("culinary", "kitchen"),
    "ninos": ("children",),
    "carro": ("automotive", "mechanic"),
}


def fold(word: str) -> str:
    """*word* without case, accents and doubled spaces, as PostgreSQL's `portico_fold` has it."""
    plain = unicodedata.normalize("NFKD", word)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).lower().split())


def meanings(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What each of *words* also means here; the region's own row replaces everybody's."""
    folded = {fold(word) for word in words}
    found = {word: EVERYWHERE[word] for word in folded & EVERYWHERE.keys()}
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT word, means FROM sharing_synonym WHERE word = ANY(%s)", [list(folded)]
        )
        found |= {word: tuple(means) for word, means in cursor.fetchall()}
    return {word: means for word, means in found.items() if means}
