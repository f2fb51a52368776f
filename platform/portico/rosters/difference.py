"""What a roster would change at one school: worked out, and not yet done.

Somebody is known by their id in the roster; the first time by e-mail, and once more by
e-mail and name when the district's system gave everybody new ids. What the roster leaves
empty stays as it is. Only people a roster once named can be missed in one.
"""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Term
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.models import Entry
from portico.documents.queries import marked_concentrators
from portico.importing.plan import differences
from portico.rosters.emails import allot_emails
from portico.rosters.roster import ROSTERED, Member, Org, Roster, Session
from tenants.context import current_schema

NEW, CHANGED, BACK, MOVED, GONE = "new", "changed", "back", "moved", "gone"
KINDS = (NEW, MOVED, CHANGED, BACK, GONE)
CONCENTRATOR = "is_concentrator"  # kept in a student's record, beside the person
LARGEST_SHARE = 10  # percent of a school's people one file may take away unasked
LATELY = timedelta(hours=20)  # a night and its day, and not the night before
ORDER = {role: place for place, role in enumerate(Role.values)}


@dataclass
class Change:
    """One person to add or change. *values*: attribute → (old, new)."""

    kind: str
    person: Person
    values: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    is_new: bool = False
    where: str = ""  # the other school, when somebody moved
    line: int = 0


@dataclass(frozen=True)
class Remark:
    """What is odd about somebody; for a region's page by *source_id*, in words without a name."""

    who: str
    what: str
    source_id: str
    plain: str = ""  # *what* without names and addresses, where it has some

    def in_words(self, *, names: bool) -> str:
        if names:
            return f"{self.who}: {self.what}"
        return f"{self.source_id or '–'}: {self.plain or self.what}"


@dataclass
class Difference:
    """All that would change at one school."""

    school: str
    org: Org
    changes: list[Change] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)  # to be saved
    remarks: list[Remark] = field(default_factory=list)
    names: dict[Any, str] = field(default_factory=dict)  # of teachers, by a person's id
    same: int = 0
    active: int = 0  # students and teachers before
    lately: int = 0  # deactivated by deltas shortly before: several small ones are a large one

    @property
    def counts(self) -> Counter[str]:
        return Counter(change.kind for change in self.changes)

    @property
    def leaving(self) -> int:
        """How many people would be deactivated."""
        return sum(1 for change in self.changes if change.values.get("is_active") == (True, False))

    @property
    def takes_too_many(self) -> bool:
        gone = self.leaving + self.lately
        return self.leaving > 0 and gone * 100 > (self.active + self.lately) * LARGEST_SHARE

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.terms


def find_difference(roster: Roster, org: Org) -> Difference:
    """What *roster* would change at the current school, which it knows as *org*."""
    found = compare(
        roster,
        org,
        school=current_schema(),
        people=list(Person.objects.order_by("id")),
        terms=list(Term.objects.order_by("starts_on")),
        concentrators=frozenset(marked_concentrators()),
    )
    if not roster.complete:
        found.lately = _deactivated_lately()
    return found


def _deactivated_lately() -> int:
    """How many people rosters have sent away within LATELY, and nobody brought back."""
    sent_away = Entry.objects.filter(
        action="person_deactivated",
        actor__isnull=True,  # a person's doing was looked at by that person
        subject_type=Person._meta.label_lower,
        at__gte=timezone.now() - LATELY,
    ).values_list("subject_id", flat=True)
    return Person.objects.filter(id__in=list(sent_away), is_active=False).count()


def compare(
    roster: Roster,
    org: Org,
    *,
    school: str,
    people: list[Person],
    terms: list[Term],
    concentrators: frozenset[uuid.UUID] = frozenset(),
) -> Difference:
    """The same of any *people* and *terms*: a school that is yet to be made has none.

    *concentrators*: who of them is marked as one.
    """
    found = Difference(school, org)
    return _Comparison(roster, org, found, people, concentrators).run(terms)


class _Comparison:
    def __init__(
        self,
        roster: Roster,
        org: Org,
        difference: Difference,
        people: list[Person],
        concentrators: frozenset[uuid.UUID],
    ) -> None:
        self.concentrators = concentrators
        self.marks: dict[Any, bool] = {}  # student's id -> shall be a concentrator
        self.roster, self.org, self.found, self.people = roster, org, difference, people
        self.by_id = {person.source_id: person for person in people if person.source_id}
        self.by_email = {person.email.lower(): person for person in people if person.email}
        self.wanted: dict[Any, dict[str, Any]] = {}  # person's id -> attributes as they shall be
        self.all: dict[Any, Person] = {person.id: person for person in people}
        self.lines: dict[Any, int] = {}

    def run(self, terms: list[Term]) -> Difference:
        self.found.active = sum(1 for person in self.people if person.has_role(*ROSTERED))
        pairs = self._match(list(self._members()))
        for person, member in pairs:
            self.wanted[person.id] = self._as_listed(person, member)
            self.lines[person.id] = member.line
        for person, email in allot_emails(pairs, self.people, self._remark):
            self.wanted[person.id]["email"] = email
        self._send_away({person.id for person, _member in pairs})
        self._assign_teachers(pairs)
        self._collect()
        self.found.terms = _terms_to_save(terms, self.roster.sessions.get(self.org.id, []))
        return self.found

    # --- who is who ---------------------------------------------------------------------

    def _members(self) -> Iterable[Member]:
        """Those the roster names here, and those of a delta who are here already."""
        named = self.roster.members.get(self.org.id, [])
        yield from named
        here = {member.id for member in named}
        for source_id, member in self.roster.elsewhere.items():
            person = self.by_id.get(source_id)
            # A name in a delta does not bring back whoever left this school before.
            if source_id not in here and person is not None and person.is_active:
                yield Member(**{**vars(member), "exact": False})

    def _match(self, members: list[Member]) -> list[tuple[Person, Member]]:
        """Each member's person, made where there is none; ids first, then e-mails."""
        found: dict[int, Person] = {}
        taken: set[Any] = set()
        listed = {member.id for member in members if member.id}
        for by_id in (True, False):
            for at, member in enumerate(members):
                if at in found:
                    continue
                person = self.by_id.get(member.id) if by_id else self._by_email(member, listed)
                if person is not None and person.id not in taken:
                    found[at] = person
                    taken.add(person.id)
        pairs = []
        for at, member in enumerate(members):
            person = found.get(at)
            if person is None and self._can_begin(member):
                person = Person(is_active=True)
                self.all[person.id] = person
            if person is not None:
                pairs.append((person, member))
        return pairs

    def _by_email(self, member: Member, listed: set[str]) -> Person | None:
        person = self.by_email.get(member.email) if member.email else None
        if person is None or self.roster.known_by_email or not person.source_id:
            return person
        same_name = person.full_name.casefold() == member.full_name.casefold()
        return person if same_name and person.source_id not in listed else None

    def _can_begin(self, member: Member) -> bool:
        if member.leaves:
            return False
        if not member.full_name or not member.roles:
            self._remark(
                member.id, _("is not known here, and the file does not say who it is"), member.id
            )
            return False
        return True

    # --- what they shall be ----------------------------------------------------------------

    def _as_listed(self, person: Person, member: Member) -> dict[str, Any]:
        kinds = set(self.roster.kinds)
        had = set(person.roles)
        roles = (had - kinds if member.exact else had - member.lost) | member.roles
        if member.leaves or not roles:
            return {"is_active": False} if self._may_go(person) else {}
        wanted: dict[str, Any] = {"is_active": True}
        if roles != had:
            wanted["roles"] = sorted(roles, key=ORDER.__getitem__)
        if member.id:
            wanted["source_id"] = member.id
        for name in ("given_name", "family_name"):
            if getattr(member, name):
                wanted[name] = getattr(member, name)
        if member.grade is not None and Role.STUDENT in roles:
            wanted["grade"] = member.grade
        if member.concentrator is not None and Role.STUDENT in roles:
            self.marks[person.id] = member.concentrator
        return wanted

    def _may_go(self, person: Person) -> bool:
        """Whoever holds a role that no roster gives is a person's to send away."""
        own = [role for role in person.roles if role not in ROSTERED]
        if own and person.is_active:
            self._remark(
                person.full_name,
                _("is gone from the roster, but is kept: holds another role here"),
                person.source_id,
            )
        return not own

    def _send_away(self, here: set[Any]) -> None:
        if not self.roster.complete:
            return
        for person in self.people:
            missed = bool(person.source_id) or self.roster.known_by_email
            if person.id in here or not missed or not person.has_role(*self.roster.kinds):
                continue
            if self._may_go(person):
                self.wanted[person.id] = {"is_active": False}

    def _assign_teachers(self, pairs: list[tuple[Person, Member]]) -> None:
        here = {member.id: person for person, member in pairs if member.id}
        leaving = {pk for pk, wanted in self.wanted.items() if wanted.get("is_active") is False}
        for person, member in pairs:
            if not self._shall(person, "is_active") or Role.STUDENT not in self._roles(person):
                continue
            teacher = None
            if member.teacher:
                teacher = self._teacher_called(member.teacher, pairs)
                if teacher is None:
                    self._remark(
                        member.full_name,
                        _("is with %(teacher)s, who is no teacher here") % vars(member),
                        member.id,
                        _("is with somebody who is no teacher here"),
                    )
            elif ranks := self.roster.teachers.get((self.org.id, member.id)):
                teacher = self._best(ranks, here, person)
            if teacher is not None:
                self.wanted[person.id]["teacher_id"] = teacher.id
            elif person.teacher_id in leaving:
                self.wanted[person.id]["teacher_id"] = None
        self._assign_by_delta(here)

    def _assign_by_delta(self, here: dict[str, Person]) -> None:
        """A delta may say whom somebody is with and nothing else of them."""
        for (org, source_id), ranks in self.roster.teachers.items():
            student = self.by_id.get(source_id)
            if org != self.org.id or source_id in here or student is None:
                continue
            teacher = self._best(ranks, here, student)
            if teacher is not None and student.has_role(Role.STUDENT):
                self.wanted.setdefault(student.id, {})["teacher_id"] = teacher.id

    def _best(
        self, ranks: dict[str, int], here: dict[str, Person], student: Person
    ) -> Person | None:
        """The most fitting teacher; among equals the present one, else the first by id."""
        fitting = []
        for source_id, rank in ranks.items():
            teacher = here.get(source_id) or self.by_id.get(source_id)
            if teacher is not None and self._teaches(teacher):
                fitting.append((rank, teacher.id != student.teacher_id, source_id, teacher))
        return min(fitting, key=lambda one: one[:3])[3] if fitting else None

    def _teacher_called(self, name: str, pairs: list[tuple[Person, Member]]) -> Person | None:
        """By e-mail, id or full name; None when nobody or several are called so."""
        wanted = name.casefold()
        called = {
            person.id: person
            for person in self.all.values()
            if self._teaches(person)
            and wanted
            in (
                str(self._shall(person, "email")).casefold(),
                str(self._shall(person, "source_id")).casefold(),
                self._name(person).casefold(),
            )
        }
        return next(iter(called.values())) if len(called) == 1 else None

    def _name(self, person: Person) -> str:
        return f"{self._shall(person, 'given_name')} {self._shall(person, 'family_name')}".strip()

    def _teaches(self, person: Person) -> bool:
        return bool(self._shall(person, "is_active")) and Role.TEACHER in self._roles(person)

    def _roles(self, person: Person) -> list[str]:
        return list(self._shall(person, "roles"))

    def _shall(self, person: Person, name: str) -> Any:
        """What an attribute will be."""
        wanted = self.wanted.get(person.id, {})
        return wanted[name] if name in wanted else getattr(person, name)

    # --- the changes ---------------------------------------------------------------------

    def _collect(self) -> None:
        known = {person.id for person in self.people}
        for person in self.all.values():
            if person.id not in self.wanted:
                continue
            values = differences(person, self.wanted[person.id])
            marked = person.id in self.concentrators
            if self.marks.get(person.id, marked) != marked:
                values[CONCENTRATOR] = (marked, not marked)
            is_new = person.id not in known
            if not values and not is_new:
                self.found.same += 1
                continue
            for teacher_id in values.get("teacher_id", ()):
                if teacher_id in self.all:
                    self.found.names[teacher_id] = self._name(self.all[teacher_id])
            change = Change(CHANGED, person, values, is_new, line=self.lines.get(person.id, 0))
            self._set_kind(change)
            self.found.changes.append(change)

    def _set_kind(self, change: Change) -> None:
        if change.is_new:
            change.kind = NEW
        elif "is_active" in change.values:
            change.kind = BACK if change.values["is_active"][1] else GONE
        if change.kind == GONE:
            others = [o for o in self.roster.orgs_of(change.person.source_id) if o != self.org]
            if others:
                change.kind, change.where = MOVED, _("to %s") % others[0].name

    def _remark(self, who: str, what: str, source_id: str, plain: str = "") -> None:
        self.found.remarks.append(Remark(who, what, source_id, plain))


def _terms_to_save(there: list[Term], sessions: list[Session]) -> list[Term]:
    """Terms to make or to give other days. By name first; else by days: one may rename a term."""
    by_name = {term.name: term for term in there}
    used = {session.name for session in sessions if session.name in by_name}
    by_days = {(term.starts_on, term.ends_on): term for term in there if term.name not in used}
    found = []
    for session in sessions:
        term = by_name.get(session.name)
        if term is None:
            if (session.starts_on, session.ends_on) in by_days:
                continue
            term = Term(name=session.name)
        if (term.starts_on, term.ends_on) != (session.starts_on, session.ends_on):
            term.starts_on, term.ends_on = session.starts_on, session.ends_on
            found.append(term)
    return found
