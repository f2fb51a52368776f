"""Everything that can be done with days. Each within the tenant's transaction."""

from portico.attendance.actions.answering import DayAnswer, answer_day, confirm_all, set_preferences
from portico.attendance.actions.certifying import find_certificate, make_certificate
from portico.attendance.actions.choices import make_calendar_link, set_share_location
from portico.attendance.actions.closing import close_forgotten
from portico.attendance.actions.correcting import correct_day, enter_day, mark_worry_seen
from portico.attendance.actions.evaluating import answer_evaluation, send_evaluation
from portico.attendance.actions.expecting import (
    add_holiday,
    lock_policy,
    remove_evaluation_form,
    remove_holiday,
    save_evaluation_form,
    set_expectations,
    set_placement_terms,
)
from portico.attendance.actions.mentor_mail import (
    note_quiet_mentor,
    remind_mentor,
    write_to_mentor,
)
from portico.attendance.actions.reminding import remind_of_estimate, remind_to_check_in
from portico.attendance.actions.taps import Answer, NewTap, record_tap
from portico.attendance.actions.timeline import give_feedback, log_visit, note_progress
from portico.attendance.actions.watching import send_week_digest, watch_day

__all__ = [
    "Answer",
    "DayAnswer",
    "NewTap",
    "add_holiday",
    "answer_day",
    "answer_evaluation",
    "close_forgotten",
    "confirm_all",
    "correct_day",
    "enter_day",
    "find_certificate",
    "give_feedback",
    "lock_policy",
    "log_visit",
    "make_calendar_link",
    "make_certificate",
    "mark_worry_seen",
    "note_progress",
    "note_quiet_mentor",
    "record_tap",
    "remind_mentor",
    "remind_of_estimate",
    "remind_to_check_in",
    "remove_evaluation_form",
    "remove_holiday",
    "save_evaluation_form",
    "send_evaluation",
    "send_week_digest",
    "set_expectations",
    "set_placement_terms",
    "set_preferences",
    "set_share_location",
    "watch_day",
    "write_to_mentor",
]
