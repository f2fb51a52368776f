"""A placement's way, one file a stretch of it. Each action is one transaction."""

from portico.internships.actions.deciding import approve_request, decline_request
from portico.internships.actions.ending import end_placement, withdraw_placement
from portico.internships.actions.owner import apply_owner_answer
from portico.internships.actions.pursuing import (
    expire_pursuit,
    extend_pursuit,
    remind_of_pursuit,
)
from portico.internships.actions.requesting import request_placement
from portico.internships.actions.rolling import RolledOver, roll_over_term
from portico.internships.actions.starting import (
    StartRequest,
    approve_start,
    decline_start,
    request_start,
)

__all__ = [
    "RolledOver",
    "StartRequest",
    "apply_owner_answer",
    "approve_request",
    "approve_start",
    "decline_request",
    "decline_start",
    "end_placement",
    "expire_pursuit",
    "extend_pursuit",
    "remind_of_pursuit",
    "request_placement",
    "request_start",
    "roll_over_term",
    "withdraw_placement",
]
