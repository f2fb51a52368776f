"""What a roster says, whatever it was read from."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from portico.accounts.roles import Role
from portico.rosters.faults import Note

# What a roster gives and takes. Any other role is a person's to give, and stays.
ROSTERED: tuple[str, ...] = (Role.STUDENT, Role.TEACHER)

YES_OR_NO = {
    "yes": True, "y": True, "true": True, "1": True, "sí": True, "si": True,
    "no": False, "n": False, "false": False, "0": False,
}  # fmt: skip


@dataclass(frozen=True)
class Org:
    """A school as the roster knows it: its id there, and the number people know it by."""

    id: str
    name: str
    number: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.number or self.id})"


@dataclass
class Member:
    """Somebody at one school. What is empty says nothing: what is known stays."""

    id: str  # "" in a list without ids
    given_name: str
    family_name: str
    file: str
    line: int
    email: str = ""
    grade: int | None = None
    roles: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()  # roles a delta takes away
    exact: bool = True  # *roles* are all they have of those a roster gives
    leaves: bool = False  # the roster says outright that they are gone
    teacher: str = ""  # in a list: the teacher's e-mail, id or name
    concentrator: bool | None = None  # CTE: two courses or more in one program; None: not said

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class Session:
    """A term as the roster has it."""

    name: str
    starts_on: datetime.date
    ends_on: datetime.date


@dataclass
class Roster:
    """Schools, who is at each of them, whom students are with, and terms."""

    orgs: dict[str, Org] = field(default_factory=dict)
    members: dict[str, list[Member]] = field(default_factory=dict)  # by org
    # people of a delta by id: what it says of them at a school it does not name
    elsewhere: dict[str, Member] = field(default_factory=dict)
    # (org, student) -> teachers, and how fitting each is: 0 is best
    teachers: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    sessions: dict[str, list[Session]] = field(default_factory=dict)  # by org
    complete: bool = True  # who is not in it has gone
    known_by_email: bool = False  # a list without ids
    kinds: tuple[str, ...] = ROSTERED  # the roles it lists: others are not missed in it
    notes: list[Note] = field(default_factory=list)
    _index: dict[str, list[str]] | None = field(default=None, repr=False)

    def orgs_of(self, member_id: str) -> Iterator[Org]:
        """The schools somebody is at."""
        for org in self._orgs_by_member().get(member_id, ()):
            yield self.orgs[org]

    def _orgs_by_member(self) -> dict[str, list[str]]:
        if self._index is None:
            self._index = {}
            for org, members in self.members.items():
                for member in members:
                    if member.id and not member.leaves:
                        self._index.setdefault(member.id, []).append(org)
        return self._index
