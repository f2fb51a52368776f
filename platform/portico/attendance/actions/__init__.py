"""Everything that can be done with days. Each within the tenant's transaction."""

from portico.attendance.actions.answering import (
    DayAnswer,
    answer_day,
    confirm_all,
    set_preferences,
)
from portico.attendance.actions.choices import make_calendar_link, set_share_location
from portico.attendance.actions.closing import close_forgotten
from portico.attendance.actions.evaluating import answer_evaluation, send_evaluation
from portico.attendance.actions.mentor_mail import note_quiet_mentor, write_to_mentor
from portico.attendance.actions.taps import Answer, NewTap, record_tap
from portico.attendance.actions.watching import send_week_digest, watch_day

__all__ = [
    "Answer",
    "DayAnswer",
    "NewTap",
    "answer_day",
    "answer_evaluation",
    "close_forgotten",
    "confirm_all",
    "make_calendar_link",
    "note_quiet_mentor",
    "record_tap",
    "send_evaluation",
    "send_week_digest",
    "set_preferences",
    "set_share_location",
    "watch_day",
    "write_to_mentor",
]
