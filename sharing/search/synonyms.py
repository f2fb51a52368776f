"""Words people type for things offers say otherwise; a region adds its own."""

import unicodedata
from collections.abc import Iterable, Mapping

from sharing.search.pieces import Piece

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


def of_region(words: Iterable[str]) -> Piece | None:
    """The statement that reads the region's own rows (word, means) for *words*."""
    folded = {fold(word) for word in words}
    if not folded:
        return None
    return Piece("SELECT word, means FROM sharing_synonym WHERE word = ANY(%s)", (list(folded),))


def meaning(word: str, *, regional: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """What *word* also means here; the region's own row replaces everybody's."""
    folded = fold(word)
    return tuple(regional.get(folded, EVERYWHERE.get(folded, ())))
