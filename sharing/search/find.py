"""The two questions a page asks: which listings, and this one."""

from uuid import UUID

from django.utils import timezone

from portico.accounts.models import Person
from sharing.search import cursors, facets, pages
from sharing.search.asking import Asking
from sharing.search.conditions import Question, ask
from sharing.search.criteria import Criteria, Facets, Listing, Position, Results
from sharing.search.words import corrected

MOST_A_PAGE = 100
MOST_LETTERS = 200


def search_listings(
    *,
    criteria: Criteria,
    school_position: Position | None,
    student: Person | None = None,
    cursor: str | None = None,
    size: int = 20,
    with_facets: bool = True,
) -> Results:
    """A page of listings from *cursor* on, own school first, and what the filters would leave.

    *student* decides what is saved and wished for. When no listing has the words, their
    correction is searched and named in `suggestion`. A cursor of another question, or a
    spoilt one, starts over. Without facets (the pages after the first) total is what is
    on the page.
    """
    student_id = student.id if student else None
    words = criteria.words[:MOST_LETTERS]
    place = cursors.read(cursor, criteria=criteria, school_position=school_position)
    if place is None:
        place = cursors.Place(words=words, today=timezone.localdate())

    def page(
        place: cursors.Place,
    ) -> tuple[Question, Asking, list[Listing], cursors.Place | None]:
        question = ask(
            criteria=criteria,
            words=place.words,
            school_position=school_position,
            student_id=student_id,
        )
        asking = Asking(along=facets.statement(question) if with_facets else None)
        listings, following = pages.read_page(
            question, place=place, size=_size(size), asking=asking
        )
        return question, asking, listings, following

    question, asking, listings, following = page(place)
    if (
        not listings
        and words
        and place.key is None
        and (better := corrected(words, regional=question.regional))
    ):
        place = cursors.Place(words=better, today=place.today, suggestion=better)
        _question, asking, listings, following = page(place)
    counted, total, capped = Facets(), len(listings), following is not None
    if with_facets:
        counted, total, capped = facets.read(asking.along())
    return Results(
        listings=listings,
        next_cursor=cursors.write(following, criteria=criteria, school_position=school_position)
        if following
        else None,
        total=total,
        total_is_capped=capped,
        facets=counted,
        suggestion=place.suggestion,
    )


def get_listing(
    *, listing_id: UUID, student: Person | None = None, school_position: Position | None = None
) -> Listing | None:
    """A listing this school may see now, own or pooled; None otherwise."""
    question = ask(
        criteria=Criteria(),
        words="",
        school_position=school_position,
        student_id=student.id if student else None,
    )
    return pages.read_one(question, listing_id=listing_id)


def _size(size: int) -> int:
    return max(1, min(size, MOST_A_PAGE))
