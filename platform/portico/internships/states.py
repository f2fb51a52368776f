"""A placement's states and the edges between them: one table.

Tests, the docs (`docs/states.md`) and the student's step tracker are made from it.
A graph with a hole fails at import. Timeouts are edges like the others: CLOCK acts.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from portico.accounts.roles import Role


class State(models.TextChoices):
    REQUESTED = "requested", _("requested")
    AWAITING_OWNER = "awaiting_owner", _("awaiting the owner")
    PURSUING = "pursuing", _("pursuing")
    START_REQUESTED = "start_requested", _("start requested")
    ACTIVE = "active", _("active")
    COMPLETED = "completed", _("completed")
    ENDED_EARLY = "ended_early", _("ended early")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")


CLOCK = "clock"  # no person: time passed
OWNER = "owner"  # the owning school's coordinator, across the pool

OPEN = frozenset(
    {
        State.REQUESTED,
        State.AWAITING_OWNER,
        State.PURSUING,
        State.START_REQUESTED,
        State.ACTIVE,
    }
)
# States in which the placement keeps a slot from others.
HOLDING = frozenset({State.PURSUING, State.START_REQUESTED, State.ACTIVE})
# States in which the student may see the mentor's contact.
REVEALING = HOLDING
# A student is on the way with one placement at a time, besides active ones.
UNDER_WAY = frozenset({State.AWAITING_OWNER, State.PURSUING, State.START_REQUESTED})
FINAL = frozenset(State) - OPEN


@dataclass(frozen=True)
class Edge:
    """`by` does `action`, and a placement in `source` is in `target`."""

    source: State
    action: str
    by: frozenset[str]
    target: State
    reason_required: bool = False


def _edge(source: State, action: str, by: set[str], target: State, *, reason: bool = False) -> Edge:
    return Edge(source, action, frozenset(by), target, reason)


STUDENT, TEACHER, COORDINATOR = str(Role.STUDENT), str(Role.TEACHER), str(Role.COORDINATOR)
S = State

EDGES: tuple[Edge, ...] = (
    _edge(S.REQUESTED, "approve", {COORDINATOR}, S.PURSUING),
    _edge(S.REQUESTED, "ask_owner", {COORDINATOR}, S.AWAITING_OWNER),
    _edge(S.REQUESTED, "decline", {COORDINATOR}, S.DECLINED, reason=True),
    _edge(S.AWAITING_OWNER, "agree", {OWNER}, S.PURSUING),
    _edge(S.AWAITING_OWNER, "refuse", {OWNER}, S.DECLINED, reason=True),
    _edge(S.AWAITING_OWNER, "decline", {COORDINATOR}, S.DECLINED, reason=True),
    _edge(S.PURSUING, "extend", {COORDINATOR}, S.PURSUING),
    _edge(S.PURSUING, "request_start", {STUDENT}, S.START_REQUESTED),
    _edge(S.PURSUING, "expire", {CLOCK}, S.EXPIRED),
    _edge(S.START_REQUESTED, "approve_start", {TEACHER, COORDINATOR}, S.ACTIVE),
    _edge(S.START_REQUESTED, "decline_start", {TEACHER, COORDINATOR}, S.PURSUING, reason=True),
    _edge(S.ACTIVE, "complete", {TEACHER, COORDINATOR}, S.COMPLETED),
    _edge(S.ACTIVE, "end_early", {TEACHER, COORDINATOR}, S.ENDED_EARLY, reason=True),
    *(_edge(state, "withdraw", {STUDENT}, S.WITHDRAWN) for state in S if state in OPEN),
)

BY_SOURCE_AND_ACTION = {(edge.source, edge.action): edge for edge in EDGES}
ACTIONS = tuple(dict.fromkeys(edge.action for edge in EDGES))

# The steps a student sees, in order, and the states that stand on each.
STEPS: tuple[tuple[str, object, frozenset[State]], ...] = (
    ("requested", _("Requested"), frozenset({S.REQUESTED})),
    ("approved", _("Approved"), frozenset({S.AWAITING_OWNER})),
    ("pursuing", _("Pursuing"), frozenset({S.PURSUING})),
    ("start_requested", _("Start requested"), frozenset({S.START_REQUESTED})),
    ("active", _("Interning"), frozenset({S.ACTIVE})),
)


def edge_for(state: str, action: str) -> Edge | None:
    """The edge *action* takes from *state*, or None where there is none."""
    return BY_SOURCE_AND_ACTION.get((State(state), action))


def actions_from(state: str, *, roles: frozenset[str] | set[str]) -> list[str]:
    """What holders of *roles* may do with a placement in *state*, in the table's order."""
    return [edge.action for edge in EDGES if edge.source == state and not edge.by.isdisjoint(roles)]


def _check_graph() -> None:
    if len(BY_SOURCE_AND_ACTION) != len(EDGES):
        raise ValueError("two edges with the same source and action")
    reached = {State.REQUESTED}
    frontier = [State.REQUESTED]
    while frontier:
        state = frontier.pop()
        for edge in EDGES:
            if edge.source == state and edge.target not in reached:
                reached.add(edge.target)
                frontier.append(edge.target)
    if missing := set(State) - reached:
        raise ValueError(f"states nobody can reach: {sorted(missing)}")
    for state in State:
        leaves = any(edge.source == state for edge in EDGES)
        if leaves != (state in OPEN):
            raise ValueError(f"{state}: open states have a way out, final ones none")
    on_a_step = [state for _key, _label, states in STEPS for state in states]
    if set(on_a_step) != OPEN or len(on_a_step) != len(OPEN):
        raise ValueError("every open state stands on exactly one step")


_check_graph()
