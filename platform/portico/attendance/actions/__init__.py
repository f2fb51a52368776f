"""Everything that can be done with days. Each within the tenant's transaction."""

from portico.attendance.actions.closing import close_forgotten
from portico.attendance.actions.taps import Answer, NewTap, record_tap

__all__ = ["Answer", "NewTap", "close_forgotten", "record_tap"]
