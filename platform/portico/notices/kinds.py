"""Every kind of notice: its words, its one button, and whether it is also an e-mail.

`%(name)s` are keys of the notice's data. `path` is where the button leads at the
reader's own host; `{secret}` stands for the link's secret, in the words for a code that is
typed: it is there until the e-mail has gone.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Kind:
    subject: Text
    body: Text
    button: Text
    path: str
    mail: bool = True

    @property
    def has_link(self) -> bool:
        """Whether its mail has something secret in it: a link, a code."""
        return "{secret}" in self.path or "{secret}" in str(self.body)


KINDS: dict[str, Kind] = {
    "sign_in_code": Kind(
        _("Your code to sign in"),
        _(
            "{secret} is your code. It works for ten minutes, in the browser you asked from. "
            "If it was not you, do nothing; never tell anybody the code."
        ),
        _("Type the code"),
        "/sign-in/code/type/",
    ),
    "school_link": Kind(
        _("Your school's internship portal"),
        _("Somebody, probably you, asked where to sign in. This is the place."),
        _("Sign in"),
        "/sign-in/",
    ),
    "second_step_reset": Kind(
        _("Your second step was reset"),
        _(
            "%(actor)s removed your passkeys, app and recovery codes and signed you out "
            "everywhere. If you did not ask for that, tell your school at once."
        ),
        _("Set up a new one"),
        "/account/security/",
    ),
    "invitation": Kind(
        _("Your account at %(school)s's internship portal"),
        _("%(inviter)s has opened an account for you. Choose a password to begin."),
        _("Choose a password"),
        "/invitation/{secret}/",
    ),
    "password_link": Kind(
        _("Choose a new password"),
        _("Somebody, probably you, asked for a new password. If it was not you, do nothing."),
        _("Choose a password"),
        "/invitation/{secret}/",
    ),
    "daily_mail": Kind(
        _("Today at the internship portal: %(count)s"),
        _("%(summary)s"),
        _("See your notices"),
        "/notices/",
    ),
    "substitute_appointed": Kind(
        _("%(substitute)s stands in for %(teacher)s"),
        _(
            "To the end of %(day)s %(substitute)s sees and decides for the students of "
            "%(teacher)s what %(teacher)s would."
        ),
        _("See the students"),
        "/teacher/",
    ),
    "request_new": Kind(
        _("%(student)s requests %(title)s"),
        _("%(student)s would like to intern as %(title)s at %(site)s."),
        _("See the request"),
        "/coordinator/requests/%(placement)s/",
        mail=False,
    ),
    "request_approved": Kind(
        _("Approved: %(title)s"),
        _(
            "You may pursue %(title)s at %(site)s until %(deadline)s. The mentor's contact is on "
            "the page: write or call, visit, then ask to start."
        ),
        _("See the contact"),
        "/placements/%(placement)s/",
    ),
    "request_declined": Kind(
        _("Not this time: %(title)s"),
        _("Your request for %(title)s at %(site)s was declined: %(reason)s"),
        _("Find another internship"),
        "/",
    ),
    "awaiting_owner": Kind(
        _("One more yes: %(title)s"),
        _(
            "Your coordinator approved. %(origin)s, who knows this place, is asked too. You will "
            "hear as soon as they answer."
        ),
        _("See where it stands"),
        "/placements/%(placement)s/",
    ),
    "pursuit_extended": Kind(
        _("More time for %(title)s"),
        _("You now have until %(deadline)s to ask to start."),
        _("See where it stands"),
        "/placements/%(placement)s/",
    ),
    "pursuit_reminder": Kind(
        _("Until %(deadline)s: %(title)s"),
        _(
            "Your time for %(title)s at %(site)s ends on %(deadline)s. Write or call, visit, then "
            "ask to start. If you need more time, tell your coordinator."
        ),
        _("See the contact"),
        "/placements/%(placement)s/",
    ),
    "pursuit_expired": Kind(
        _("Time is up: %(title)s"),
        _("The time to pursue %(title)s has passed and the slot is free for others again."),
        _("Find another internship"),
        "/",
    ),
    "pursuit_expired_staff": Kind(
        _("%(student)s's time for %(title)s is up"),
        _("The slot is free again. A word with %(student)s may help with the next one."),
        _("See the placement"),
        "/coordinator/placements/%(placement)s/",
        mail=False,
    ),
    "start_requested": Kind(
        _("%(student)s asks to start at %(site)s"),
        _(
            "%(student)s has pursued %(title)s at %(site)s and asks to start on %(starts_on)s. "
            "One button decides; no sign-in needed."
        ),
        _("See the request"),
        "/start/{secret}/",
    ),
    "start_approved": Kind(
        _("You may start: %(title)s"),
        _("%(decider)s approved your start at %(site)s on %(starts_on)s. Good luck!"),
        _("See your internship"),
        "/placements/%(placement)s/",
    ),
    "start_approved_staff": Kind(
        _("%(student)s starts at %(site)s"),
        _("%(decider)s approved the start of %(title)s on %(starts_on)s."),
        _("See the placement"),
        "/coordinator/placements/%(placement)s/",
        mail=False,
    ),
    "start_declined": Kind(
        _("Not yet: %(title)s"),
        _(
            "%(decider)s did not approve the start: %(reason)s "
            "Your time goes on until %(deadline)s."
        ),
        _("Change and ask again"),
        "/placements/%(placement)s/",
    ),
    "placement_withdrawn": Kind(
        _("%(student)s withdrew from %(title)s"),
        _("%(title)s at %(site)s is no longer pursued by %(student)s."),
        _("See the placement"),
        "/coordinator/placements/%(placement)s/",
        mail=False,
    ),
    "placement_ended": Kind(
        _("Your internship has ended: %(title)s"),
        _("%(decider)s recorded the end of your internship at %(site)s. %(reason)s"),
        _("See your internship"),
        "/placements/%(placement)s/",
    ),
    "owner_asked": Kind(
        _("%(school)s asks for a slot of %(title)s"),
        _(
            "A student of grade %(grade)s at %(school)s would like %(title)s. You asked to be "
            "asked first."
        ),
        _("Answer"),
        "/coordinator/questions/",
    ),
    "owner_refused": Kind(
        _("Not this time: %(title)s"),
        _("%(origin)s cannot offer the slot now: %(reason)s"),
        _("Find another internship"),
        "/",
    ),
    "attendance_worry": Kind(
        _("%(student)s says something is not right"),
        _("%(student)s wrote a few quiet words at check-out from %(site)s. Only you read them."),
        _("Read them"),
        "/hours/%(placement)s/",
    ),
    "mentor_days": Kind(
        _("%(count)s to confirm: your interns at %(site)s"),
        _("%(summary)s"),
        _("Confirm or correct"),
        "/mentor/{secret}/",
    ),
    "mentor_evaluation": Kind(
        _("%(form)s: how is %(student)s doing?"),
        _(
            "%(school)s asks you for a few words about %(student)s at %(site)s. It takes five "
            "minutes; no account needed."
        ),
        _("Answer"),
        "/mentor/{secret}/",
    ),
    "mentor_quiet": Kind(
        _("No word from %(mentor)s for two weeks"),
        _(
            "%(mentor)s at %(site)s has not answered about hours for two weeks. A call may help; "
            "until then the hours stay unconfirmed."
        ),
        _("See who is where"),
        "/coordinator/today/",
        mail=False,
    ),
    "hours_disputed": Kind(
        _("Hours of %(student)s disputed"),
        _("%(mentor)s says that %(student)s did not intern at %(site)s on %(day)s. %(comment)s"),
        _("See the hours"),
        "/hours/%(placement)s/",
        mail=False,
    ),
    "hours_changed": Kind(
        _("Your hours of %(day)s were changed"),
        _("%(who)s changed your hours at %(site)s to %(hours)s. %(comment)s"),
        _("See your hours"),
        "/hours/",
        mail=False,
    ),
    "check_in_reminder": Kind(
        _("Are you at %(site)s?"),
        _("You were expected at %(site)s at %(time)s. Check in, or tell your teacher."),
        _("Check in"),
        "/check-in/",
    ),
    "student_missing": Kind(
        _("%(student)s is not at %(site)s"),
        _("%(student)s was expected at %(site)s at %(time)s and has not checked in."),
        _("See who is where"),
        "/%(page)s/today/",
    ),
    "week_digest": Kind(
        _("Your students' week"),
        _("%(summary)s"),
        _("See who is where"),
        "/teacher/today/",
    ),
    "check_out_forgotten": Kind(
        _("When did you leave %(site)s?"),
        _(
            "You did not check out on %(day)s. We wrote down the end of your schedule; it counts "
            "once you say that it is right."
        ),
        _("Say when"),
        "/check-in/",
    ),
    "documents_wanted": Kind(
        _("%(student)s's internship: your signature or papers are needed"),
        _(
            "%(student)s would like to intern as %(title)s at %(site)s. Before the start the "
            "school needs from you:\n%(titles)s\nIt takes a few minutes on a phone; no account "
            "needed."
        ),
        _("See what is needed"),
        "/sign/{secret}/",
    ),
    "documents_missing": Kind(
        _("Still needed before you start at %(site)s"),
        _("For %(title)s at %(site)s the school still needs from you:\n%(titles)s"),
        _("See your documents"),
        "/documents/%(placement)s/",
    ),
    "documents_unanswered": Kind(
        _("%(name)s has not answered"),
        _(
            "We have written to %(name)s several times about the documents for %(title)s. "
            "Ask in person, or tell your coordinator."
        ),
        _("See your documents"),
        "/documents/%(placement)s/",
    ),
    "document_sent_back": Kind(
        _("Needed again: %(document)s"),
        _("“%(document)s” for %(title)s at %(site)s was sent back: %(reason)s"),
        _("See your documents"),
        "/documents/%(placement)s/",
    ),
    "document_ends": Kind(
        _("“%(document)s” of %(student)s ends on %(day)s"),
        _("“%(document)s” for %(title)s at %(site)s is good until %(day)s. Ask for a new one."),
        _("See the documents"),
        "/documents/%(placement)s/",
        mail=False,
    ),
    "search_matches": Kind(
        _("New for “%(name)s”: %(title)s"),
        _("%(count)s new internships match a search you saved. The newest: %(title)s, %(site)s."),
        _("See them"),
        "/?%(address)s",
    ),
    "wish_matches": Kind(
        _("On your wishlist: %(title)s"),
        _("%(title)s at %(site)s is what you wished for. New since you last heard: %(count)s."),
        _("See what matches"),
        "/?wished=1&sort=newest",
    ),
    "suggestion_new": Kind(
        _("%(student)s suggests %(site)s"),
        _("%(student)s proposes a place the school does not offer yet."),
        _("See the suggestion"),
        "/coordinator/suggestions/",
        mail=False,
    ),
    "suggestion_answered": Kind(
        _("Your suggestion: %(site)s"),
        _("%(answer)s"),
        _("See your suggestions"),
        "/suggestions/",
        mail=False,
    ),
    "webhook_failing": Kind(
        _("Webhook “%(name)s” was switched off"),
        _(
            "Nothing has got through to %(host)s for five days, so nothing more is sent there. "
            "See what it answered, then switch it on again."
        ),
        _("See the log"),
        "/webhooks/%(webhook)s/",
    ),
    "webhook_gone": Kind(
        _("Webhook “%(name)s” was switched off"),
        _("%(host)s answered that the address is gone, so nothing more is sent there."),
        _("See the log"),
        "/webhooks/%(webhook)s/",
    ),
}
