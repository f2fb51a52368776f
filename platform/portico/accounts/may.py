"""Who may do what: one table. Pages, the API, the navigation and docs/roles.md read it.

A permission says which kind of thing somebody may do at all; the rules of a package
(`internships.rules`, …) say to which of them. School admins and substitutes are not named
where coordinators and teachers are: they stand on them, see roles.py.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portico.accounts.roles import Role, with_those_above

S, T, C, A = Role.STUDENT, Role.TEACHER, Role.COORDINATOR, Role.SCHOOL_ADMIN
D, P = Role.DISTRICT_ADMIN, Role.PARTNER_STAFF


@dataclass(frozen=True)
class Permission:
    """One line of the table. *viewable*: shown to staff who view the portal as a student."""

    name: str
    words: str | Promise
    roles: frozenset[str]
    viewable: bool = False


PERMISSIONS: dict[str, Permission] = {}


def _line(name: str, words: str | Promise, *roles: Role, viewable: bool = False) -> Permission:
    assert name not in PERMISSIONS, name
    line = Permission(name, words, with_those_above(roles), viewable)
    PERMISSIONS[name] = line
    return line


# --- anybody with an account --------------------------------------------------------------
BE_HERE: Final = _line("be_here", _("have an account, be told, choose what comes by e-mail"), *Role)
START: Final = _line("start", _("open the first page, which leads to the own one"), *Role,
                     viewable=True)  # fmt: skip
MAKE_TOKENS: Final = _line("make_tokens", _("make tokens for programs"), T, C, D, P)

HAVE_SECOND_STEP: Final = _line(
    "have_second_step", _("have a second step when signing in"), T, C, D, P
)

# --- a student ----------------------------------------------------------------------------
SEARCH: Final = _line("search", _("search the list, save, wish, suggest a place"), S, viewable=True)
PURSUE: Final = _line(
    "pursue", _("request an internship, pursue it, ask to start, withdraw"), S, viewable=True
)
CHECK_IN: Final = _line("check_in", _("check in and out, say when"), S)  # the own phone's
SUBSCRIBE: Final = _line("subscribe", _("have the own schedule in a calendar"), S)

# --- a placement's days -------------------------------------------------------------------
FOLLOW_DAYS: Final = _line(
    "follow_days", _("see placements, hours, timeline, certificate of those one may see"), S, T, C,
    viewable=True,
)  # fmt: skip
CORRECT_DAYS: Final = _line("correct_days", _("enter and correct days, say what is expected"), T, C)

# --- documents ----------------------------------------------------------------------------
FOLLOW_DOCUMENTS: Final = _line(
    "follow_documents", _("see which documents are there and which are missing"), S, T, C,
    viewable=True,
)  # fmt: skip
GIVE_DOCUMENTS: Final = _line(
    "give_documents", _("sign, send and read documents of those one may see"), S, T, C
)
CHECK_DOCUMENTS: Final = _line(
    "check_documents", _("look at what was given; note a student's date of birth"), T, C
)
REQUIRE_DOCUMENTS: Final = _line("require_documents", _("say which documents are required"), C)

# --- a teacher ----------------------------------------------------------------------------
ADVISE: Final = _line("advise", _("see the own students and where each is today"), T)
DECIDE_STARTS: Final = _line(
    "decide_starts", _("decide on starts, end internships of those one may see"), T, C
)

# --- a coordinator ------------------------------------------------------------------------
DECIDE_REQUESTS: Final = _line(
    "decide_requests", _("decide on requests and on other schools' questions"), C
)
FOLLOW_PLACEMENTS: Final = _line(
    "follow_placements", _("see every placement of the school, the board, today, the term"), C
)
CURATE: Final = _line("curate", _("keep sites, mentors, opportunities and suggestions"), C)
SEE_OFFERS: Final = _line("see_offers", _("read sites, mentors and opportunities"), T, C)
SEE_SUGGESTIONS: Final = _line("see_suggestions", _("read suggested places"), S, C)
RELEASE: Final = _line("release", _("release slots to the region and take them back"), C)
CULTIVATE: Final = _line("cultivate", _("see what is wished for, win places, the map"), C)
WATCH_FAIRNESS: Final = _line("watch_fairness", _("see who waits, record groups"), C)
PLAN_TERMS: Final = _line("plan_terms", _("keep terms, roll one over into the next"), C)
SET_UP: Final = _line("set_up", _("change the school's settings and what is expected"), C)
SEE_PEOPLE: Final = _line("see_people", _("see the school's people and their history"), C)
VIEW_AS: Final = _line("view_as", _("see the portal as a student sees it, read-only"), C)
APPOINT: Final = _line("appoint", _("appoint a substitute for a teacher"), C)

KEEP_RECORDS: Final = _line(
    "keep_records",
    _("see to whom records were shown and what goes when, take out a student's record"),
    C,
)

# --- a school admin -----------------------------------------------------------------------
KEEP_PEOPLE: Final = _line(
    "keep_people", _("add, invite, edit and deactivate people, give roles"), A
)

# --- a school's or the region's office ----------------------------------------------------
BRING_ROSTERS: Final = _line("bring_rosters", _("bring rosters"), C, D)
EXPORT: Final = _line("export", _("take tables and reports out"), C, D)
SEE_UNDELIVERED: Final = _line("see_undelivered", _("see mails that did not go"), C, D)
KEEP_WEBHOOKS: Final = _line("keep_webhooks", _("have other systems told what happens"), C, D, P)

SET_UP_SIGN_IN: Final = _line(
    "set_up_sign_in", _("say how people sign in, reset a second step"), C, D
)

# --- the region ---------------------------------------------------------------------------
OVERSEE: Final = _line("oversee", _("see the region's numbers and its pool"), D)
KEEP_SCHOOLS: Final = _line("keep_schools", _("add schools"), D)
KEEP_SERVICES: Final = _line("keep_services", _("make and revoke tokens of services"), D)
KEEP_PARTNERS: Final = _line("keep_partners", _("add partners, invite their staff"), D)
KEEP_WORDS: Final = _line("keep_words", _("keep the search's words"), D)
POST: Final = _line("post", _("post internships, see the own numbers"), P)
