"""A person's words: as a query in English and Spanish, and corrected when nothing has them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connections

from sharing.search.branches import BRANCHES
from sharing.search.pieces import Piece, any_of, join
from sharing.search.synonyms import fold, meaning
from tenants.context import current_alias

MOST_TERMS = 12
ALIKE = 0.4  # trigrams in common, of all that two words have
SHORTEST, LONGEST = 4, 24  # letters of a guess: of three, every guess is some word
_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_WORD = re.compile(r"[^\W_]+")
Regional = Mapping[str, Iterable[str]]  # a region's own synonyms: sharing.search.synonyms


@dataclass(frozen=True)
class Terms:
    """`wanted`: each needs one of its alternatives. `unwanted`: none may occur."""

    wanted: tuple[tuple[str, ...], ...]
    unwanted: tuple[str, ...]

    @property
    def typed(self) -> list[str]:
        """All that is looked for, in one list."""
        return [word for words in self.wanted for word in words]


def parse_words(words: str) -> Terms:
    """Web search's habits: "a phrase", -without, one or other."""
    wanted: list[tuple[str, ...]] = []
    unwanted: list[str] = []
    joined = False
    for minus, phrase, bare in _TERM.findall(words)[:MOST_TERMS]:
        term = " ".join(_WORD.findall(phrase or bare))
        if bare.casefold() in ("or", "o") and wanted:
            joined = True
            continue
        if not term:
            continue
        if minus:
            unwanted.append(term)
        elif joined:
            wanted[-1] = (*wanted[-1], term)
        else:
            wanted.append((term,))
        joined = False
    return Terms(tuple(wanted), tuple(unwanted))


def with_synonyms(terms: Terms, *, regional: Regional) -> Terms:
    """Each wanted term may also be found as what it means here."""
    wanted = tuple(
        tuple(
            dict.fromkeys(
                [*words, *(one for word in words for one in meaning(word, regional=regional))]
            )
        )
        for words in terms.wanted
    )
    return Terms(wanted, terms.unwanted)


def as_query(terms: Terms) -> Piece | None:
    """A tsquery: wanted terms in either language, unwanted ones in neither. None when empty."""
    if not terms.wanted and not terms.unwanted:
        return None
    parts = []
    if terms.wanted:
        parts.append(
            "("
            + join(" || ", (_in_language(language, terms.wanted) for language in _LANGUAGES))
            + ")"
        )
    parts += [
        Piece(f"!!({_alternative(language)})", (term,))
        for term in terms.unwanted
        for language in _LANGUAGES
    ]
    return "(" + join(" && ", parts) + ")"


_LANGUAGES = ("english", "spanish")


def _alternative(language: str) -> str:
    return f"phraseto_tsquery('pg_catalog.{language}', public.portico_fold(%s))"


def _in_language(language: str, wanted: tuple[tuple[str, ...], ...]) -> Piece:
    """All terms in one language: its stop words drop out, and only its own."""
    needs = (
        "(" + join(" || ", (Piece(_alternative(language), (word,)) for word in words)) + ")"
        for words in wanted
    )
    return "(" + join(" && ", needs) + ")"


def corrected(words: str, *, regional: Regional) -> str | None:
    """*words* with every word that no listing has put right; None when nothing can be done."""
    changed = words
    for alternatives in parse_words(words).wanted:
        for term in alternatives:
            if " " in term or _is_known(term, regional):
                continue
            closest = _known_of(swapped(term)) or _closest(term) or _known_of(shortened(term))
            if closest is None:
                return None
            changed = re.sub(rf"(?<!\w){re.escape(term)}(?!\w)", closest, changed)
    return None if changed == words else changed


def _is_known(term: str, regional: Regional) -> bool:
    query = as_query(with_synonyms(Terms(((term,),), ()), regional=regional))
    assert query is not None
    known = any_of(
        f"EXISTS (SELECT 1 FROM {branch.source} WHERE {branch.live} AND doc @@ " + query + ")"
        for branch in BRANCHES
    )
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(f"SELECT {known.text}", known.params)
        return bool(cursor.fetchone()[0])


def swapped(term: str) -> list[str]:
    """*term* with two neighboring letters swapped back, each pair in turn: `podcsat`.

    Of seven letters with two swapped less than half the trigrams stay, so trigrams alone
    do not find these.
    """
    word = fold(term)
    return [
        word[:n] + word[n + 1] + word[n] + word[n + 2 :]
        for n in range(len(word) - 1)
        if word[n] != word[n + 1]
    ]


def shortened(term: str) -> list[str]:
    """*term* without one of its letters, each in turn: `podccast`."""
    word = fold(term)
    return list(dict.fromkeys(word[:n] + word[n + 1 :] for n in range(len(word))))


def _known_of(candidates: list[str]) -> str | None:
    """The first that a listing has, be it in its description."""
    if not candidates or not SHORTEST <= len(candidates[0]) <= LONGEST:
        return None
    query = join(" || ", (Piece(_alternative(one).replace("%s", "meant")) for one in _LANGUAGES))
    found = any_of(
        f"EXISTS (SELECT 1 FROM {branch.source} WHERE {branch.live} AND doc @@ (" + query + "))"
        for branch in BRANCHES
    )
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT meant FROM unnest(%s::text[]) WITH ORDINALITY AS typed (meant, place)"
            f" WHERE {found.text} ORDER BY place LIMIT 1",
            (candidates, *found.params),
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _closest(term: str) -> str | None:
    """The word of titles, sites and skills that is most like it (trigrams)."""
    names = "public.portico_names(title, site_name, skills)"
    alike = join(
        " UNION ",
        (
            Piece(
                f"SELECT {names} AS name FROM {branch.source}"
                f" WHERE {branch.live} AND {names} %%> %s",
                (fold(term),),
            )
            for branch in BRANCHES
        ),
    )
    with connections[current_alias()].cursor() as cursor:
        # for this transaction: at 0.6, the default, one wrong letter in seven is too many
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE)]
        )
        cursor.execute(
            f"""
            SELECT word FROM (
                SELECT regexp_split_to_table(name, '[^[:alnum:]]+') AS word, count(*) AS often
                FROM ({alike.text}) alike GROUP BY 1
            ) words
            WHERE length(word) > 2 AND similarity(word, %s) >= %s
            ORDER BY similarity(word, %s) DESC, often DESC, word LIMIT 1
            """,
            (*alike.params, fold(term), ALIKE, fold(term)),
        )
        row = cursor.fetchone()
    return row[0] if row else None
