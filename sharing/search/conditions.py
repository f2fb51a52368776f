"""Criteria as SQL conditions of a branch, one a kind so that facets can leave one out."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sharing.search.asking import Row, rows_of
from sharing.search.branches import OWN, Branch
from sharing.search.criteria import Criteria, Position
from sharing.search.pieces import Piece, any_of
from sharing.search.synonyms import of_region
from sharing.search.words import Regional, as_query, parse_words, with_synonyms

MILES_A_DEGREE = 69.093  # of latitude; of longitude times the cosine of the latitude


@dataclass(frozen=True)
class Question:
    """Criteria made ready: words as a query, the point distances are measured from.

    What the student has saved is read once: as a table it would be planned with each branch,
    of the page and of the facets.
    """

    criteria: Criteria
    query: Piece | None
    point: Position | None
    saved: tuple[UUID, ...]  # the student's favorites
    wishes: Piece
    regional: Regional  # the region's own synonyms of the words


def ask(
    *, criteria: Criteria, words: str, school_position: Position | None, student_id: UUID | None
) -> Question:
    terms = parse_words(words)
    synonyms, wishes, saved = rows_of(
        of_region(terms.typed),
        _wishes_of(criteria.wishes_of or student_id),
        _favorites_of(student_id),
    )
    regional: Regional = dict(synonyms)
    return Question(
        criteria=criteria,
        query=as_query(with_synonyms(terms, regional=regional)),
        point=criteria.near or school_position,
        saved=tuple(listing_id for (listing_id,) in saved),
        wishes=_wished(wishes),
        regional=regional,
    )


def base_conditions(question: Question, branch: Branch) -> list[Piece]:
    """What no facet counts: words, distance, times, partner."""
    criteria = question.criteria
    conditions = [Piece(branch.live)]
    if question.query:
        conditions.append("doc @@ " + question.query)
    if criteria.miles is not None and question.point:
        conditions.append(_within(criteria.miles, question.point))
    if criteria.new_since:
        conditions.append(Piece(f"{branch.appeared} > %s", (criteria.new_since,)))
    if criteria.free_from:
        conditions.append(Piece("(start_time IS NULL OR start_time >= %s)", (criteria.free_from,)))
    if criteria.free_until:
        conditions.append(Piece("(end_time IS NULL OR end_time <= %s)", (criteria.free_until,)))
    if criteria.partner:
        conditions.append(
            Piece("false") if branch is OWN else Piece("partner_id = %s", (criteria.partner,))
        )
    return conditions


def facet_conditions(question: Question, branch: Branch) -> dict[str, Piece]:
    """The condition of each facet that narrows, by the facet's name."""
    criteria = question.criteria
    found: dict[str, Piece] = {}
    if criteria.fields:
        found["fields"] = _any_fact(branch, "field", criteria.fields)
    if criteria.days:
        found["days"] = _any_fact(branch, "day", criteria.days)
    if criteria.pays:
        found["pays"] = _any_fact(branch, "pay", criteria.pays)
    if criteria.origins:
        found["origins"] = _any_fact(branch, "origin", criteria.origins)
    if criteria.grade is not None:
        found["grades"] = _any_fact(branch, "grade", (criteria.grade,))
    if criteria.remote:
        found["remote"] = Piece("remote")
    if criteria.open_only:
        found["open"] = Piece(branch.is_open)
    if criteria.saved_by:
        found["saved"] = _saved_by(criteria.saved_by)
    if criteria.wishes_of:
        found["wishes"] = question.wishes
    return found


def _any_fact(branch: Branch, kind: str, values: Iterable[str | int]) -> Piece:
    return Piece(f"{branch.facts} && %s", ([f"{kind}:{value}" for value in values],))


def _saved_by(student_id: UUID) -> Piece:
    return Piece(
        "id IN (SELECT listing_id FROM catalog_favorite WHERE student_id = %s)", (student_id,)
    )


def is_saved(question: Question) -> Piece:
    """Whether a row is among the student's favorites."""
    return Piece("id = ANY(%s)", (list(question.saved),)) if question.saved else Piece("false")


def distance(point: Position | None) -> Piece:
    """Miles as the crow flies; null for remote ones and for those without a position.

    A flat map is right to a few yards within a region.
    """
    if point is None:
        return Piece("NULL::float8")
    latitude, longitude = point
    return Piece(
        f"CASE WHEN NOT remote THEN {MILES_A_DEGREE} * sqrt("
        "(latitude - %s) ^ 2 + ((longitude - %s) * %s) ^ 2) END",
        (latitude, longitude, math.cos(math.radians(latitude))),
    )


def in_square(miles: float, point: Position) -> Piece:
    """Not further than *miles* north, south, east and west; an index of the pool answers it."""
    (latitude, longitude), (high, wide) = point, _degrees(miles, point)
    return Piece(
        "point(longitude, latitude) <@ box(point(%s, %s), point(%s, %s))",
        (longitude - wide, latitude - high, longitude + wide, latitude + high),
    )


def _degrees(miles: float, point: Position) -> tuple[float, float]:
    high = miles / MILES_A_DEGREE
    return high, high / max(math.cos(math.radians(point[0])), 0.01)


def _within(miles: float, point: Position) -> Piece:
    (latitude, longitude), (high, wide) = point, _degrees(miles, point)
    box = Piece(
        "latitude BETWEEN %s AND %s AND longitude BETWEEN %s AND %s",
        (latitude - high, latitude + high, longitude - wide, longitude + wide),
    )
    return "(remote OR (" + box + " AND " + distance(point) + Piece(" <= %s))", (miles,))


def _wishes_of(student_id: UUID | None) -> Piece | None:
    if student_id is None:
        return None
    return Piece(
        "SELECT field, job FROM catalog_wishlistitem WHERE student_id = %s ORDER BY id",
        (student_id,),
    )


def _favorites_of(student_id: UUID | None) -> Piece | None:
    if student_id is None:
        return None
    return Piece("SELECT listing_id FROM catalog_favorite WHERE student_id = %s", (student_id,))


def _wished(wishes: list[Row]) -> Piece:
    """A listing in a wished field, or with the words of a wished job."""
    fields = [field for field, job in wishes if not job]
    jobs = [parse_words(job) for _field, job in wishes if job]
    (synonyms,) = rows_of(of_region(word for job in jobs for word in job.typed))
    regional: Regional = dict(synonyms)
    queries = [as_query(with_synonyms(job, regional=regional)) for job in jobs]
    found = ["doc @@ " + query for query in queries if query]
    if fields:
        found.append(Piece("field = ANY(%s)", (fields,)))
    return any_of(found)
