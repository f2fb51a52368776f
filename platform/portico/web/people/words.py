"""What happened with somebody's account, in words."""

from django.utils.translation import gettext_lazy as _

from portico.web.history import Line

LINES: dict[str, Line] = {
    "person_added": Line(_("opened the account"), "user-plus", "good"),
    "person_changed": Line(_("changed what is kept about them"), "pencil"),
    "person_invited": Line(_("sent an invitation"), "send"),
    "person_deactivated": Line(_("closed the account"), "user-x", "bad"),
    "person_returned": Line(_("opened the account again"), "user-check", "good"),
    "substitute_appointed": Line(
        _("appointed them to stand in for %(teacher)s until %(until)s"), "calendar-clock", "brand"
    ),
    "substitute_ended": Line(_("ended their standing in for %(teacher)s"), "calendar-x", "warn"),
    "viewed_as": Line(_("looked at the portal as they see it"), "eye", "warn"),
    "viewed_as_ended": Line(_("stopped looking"), "eye-off"),
    "guardian_set": Line(_("recorded a guardian"), "contact"),
    "student_facts_set": Line(_("noted the date of birth and the path of study"), "pencil"),
    "student_exported": Line(_("took out the whole record"), "file-down", "warn"),
    "identity_linked": Line(_("signed in with %(provider)s for the first time"), "log-in"),
    "second_step_reset": Line(_("reset the second step"), "key-round", "warn"),
}
