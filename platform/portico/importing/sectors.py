"""Sectors, as files of partners name them, to fields. docs/importing.md shows this table."""

from catalog.fields import Field

FIELD_OF_SECTOR: dict[str, Field] = {
    "community-based organization": Field.PUBLIC_SERVICE,
    "corporate": Field.MANAGEMENT,
    "cultural": Field.ARTS,
    "financial": Field.FINANCE,
    "higher education": Field.EDUCATION,
    "hospital": Field.HEALTH,
    "nonprofit": Field.MANAGEMENT,
}
# Management & Entrepreneurship cuts across the other clusters: the mildest wrong guess.
FIELD_OF_OTHERS = Field.MANAGEMENT


def field_of_sector(sector: str) -> Field:
    """The field a site of this sector is filed under until a coordinator chooses another."""
    return FIELD_OF_SECTOR.get(" ".join(sector.split()).casefold(), FIELD_OF_OTHERS)
