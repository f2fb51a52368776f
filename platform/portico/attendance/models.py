"""Days at the internship, and what is said about them. In the school's schema.

Times are UTC; a day is the school's own calendar day. Where a student was is kept as a
verdict and a rounded distance, never as a position.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.internships.models import Placement
from tenants.ids import new_id


class Source(models.TextChoices):
    """Who or what a time comes from."""

    PHONE = "phone", _("phone")
    OFFLINE = "offline", _("phone, sent later")
    STAFF = "staff", _("school")
    ESTIMATE = "estimate", _("estimate")


class Where(models.TextChoices):
    """What the phone's position said at the tap."""

    AT_SITE = "at_site", _("at the site")
    AWAY = "away", _("not at the site")
    POOR = "poor", _("position too vague")
    REFUSED = "refused", _("position refused")
    OFF = "off", _("position switched off")
    UNAVAILABLE = "unavailable", _("no position")


class Flag(models.TextChoices):
    """What was unusual about a day. Said plainly, recorded, never in the way."""

    EARLY = "early", _("came early")
    LATE = "late", _("came late")
    LEFT_EARLY = "left_early", _("left early")
    UNSCHEDULED = "unscheduled", _("not a scheduled day")
    HOLIDAY = "holiday", _("school holiday")
    AGAIN = "again", _("checked in twice")
    NO_CHECK_IN = "no_check_in", _("no check-in")
    AFTER_END = "after_end", _("after the internship's end")
    CLOCK_OFF = "clock_off", _("the phone's clock was off")


class Attendance(models.Model):
    """One day of one placement.

    What was tapped stays as it was; a correction stands beside it (`corrected_*`) and the
    history keeps who made it and what stood there before. hours.py says what counts.
    """

    class State(models.TextChoices):
        OPEN = "open", _("checked in")
        CLOSED = "closed", _("checked out")
        ESTIMATED = "estimated", _("end estimated")  # until the student confirms it

    class MentorState(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("unconfirmed")
        CONFIRMED = "confirmed", _("confirmed")
        CORRECTED = "corrected", _("corrected")
        DISPUTED = "disputed", _("disputed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    placement = models.ForeignKey(
        Placement,
        on_delete=models.PROTECT,
        related_name="days_worked",
        db_index=False,  # attendance_once_a_day begins with it
    )
    day = models.DateField()
    scheduled_start = models.DateTimeField(null=True)  # null: not a scheduled day
    scheduled_end = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    check_in_at = models.DateTimeField(null=True)
    check_in_source = models.CharField(max_length=10, choices=Source, blank=True)
    check_out_at = models.DateTimeField(null=True)
    check_out_source = models.CharField(max_length=10, choices=Source, blank=True)
    flags = ArrayField(models.CharField(max_length=12, choices=Flag), default=list)
    where_in = models.CharField(max_length=12, choices=Where, default=Where.UNAVAILABLE)
    distance_in = models.PositiveIntegerField(null=True)  # metres, rounded
    where_out = models.CharField(max_length=12, choices=Where, blank=True)
    distance_out = models.PositiveIntegerField(null=True)
    goals = models.JSONField(default=list)  # [{"text": …, "done": false}]
    answers = models.JSONField(default=dict)  # to the school's questions, by their id
    reflection = models.CharField(max_length=1000, blank=True)
    pulse = models.PositiveSmallIntegerField(null=True)
    worry = models.CharField(max_length=1000, blank=True)  # read by coordinators only
    worry_seen_at = models.DateTimeField(null=True)
    # the mentor's word
    reach = models.ForeignKey(
        "MentorReach", null=True, on_delete=models.SET_NULL, related_name="days"
    )
    mentor_state = models.CharField(
        max_length=12, choices=MentorState, default=MentorState.UNCONFIRMED
    )
    mentor_comment = models.CharField(max_length=1000, blank=True)
    mentor_answered_at = models.DateTimeField(null=True)
    # corrected by the mentor or the school
    corrected_in_at = models.DateTimeField(null=True)
    corrected_out_at = models.DateTimeField(null=True)
    corrected_by = models.CharField(max_length=10, blank=True)  # mentor, staff
    correction_reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "-check_in_at"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "day"], name="attendance_once_a_day"),
            models.CheckConstraint(
                name="attendance_order",
                condition=Q(check_in_at__isnull=True)
                | Q(check_out_at__isnull=True)
                | Q(check_out_at__gte=F("check_in_at")),
            ),
            models.CheckConstraint(
                name="attendance_pulse",
                condition=Q(pulse__isnull=True) | Q(pulse__gte=1, pulse__lte=5),
            ),
        ]
        indexes = [
            models.Index(fields=["day"], name="attendance_day"),
            models.Index(
                fields=["reach", "day"],
                name="attendance_unanswered",
                condition=Q(mentor_state="unconfirmed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.state}"


class Tap(models.Model):
    """What a phone sent, as it sent it, and the answer it got. One row a key: a repeat finds it."""

    class Kind(models.TextChoices):
        IN = "in", _("check in")
        OUT = "out", _("check out")
        CONFIRM = "confirm_estimate", _("confirm an estimate")

    key = models.UUIDField(primary_key=True)
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="taps")
    kind = models.CharField(max_length=16, choices=Kind)
    at = models.DateTimeField()  # what we take it for; the three below are what was said
    client_time = models.DateTimeField(null=True)
    skew_ms = models.BigIntegerField(null=True)  # server's clock minus the phone's, as measured
    elapsed_ms = models.BigIntegerField(null=True)  # since the tap, by a clock nobody sets
    received_at = models.DateTimeField()
    answer = models.JSONField(default=dict)

    class Meta:
        ordering = ["received_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class AttendancePolicy(models.Model):
    """What this school expects. One row; a school that never chose has the defaults."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    required_hours = models.PositiveSmallIntegerField(_("hours required"), default=100)
    late_minutes = models.PositiveSmallIntegerField(_("late after (minutes)"), default=10)
    grace_minutes = models.PositiveSmallIntegerField(_("missing after (minutes)"), default=30)
    radius_m = models.PositiveSmallIntegerField(_("radius of a site (meters)"), default=150)
    questions = models.JSONField(default=list)  # [{"id", "text"}], asked at check-in
    holidays = models.JSONField(default=list)  # [{"from", "to", "name"}], days of the calendar
    evaluation_forms = models.JSONField(default=list)  # [{"id", "name", "questions": […]}]

    class Meta:
        constraints = [models.CheckConstraint(name="policy_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return "attendance policy"


class StudentChoice(models.Model):
    """What a student decides for good: whether the phone's position is read; a calendar's link."""

    student = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="attendance_choice"
    )
    share_location = models.BooleanField(default=True)
    calendar_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001

    def __str__(self) -> str:
        return str(self.student_id)


class MentorReach(models.Model):
    """How a mentor, who has no account, is reached, and whether they answer."""

    class Often(models.TextChoices):
        DAILY = "daily", _("at the end of each day")
        WEEKLY = "weekly", _("once a week")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=7, default="en")
    often = models.CharField(max_length=6, choices=Often, default=Often.DAILY)
    last_asked_at = models.DateTimeField(null=True)
    last_answered_at = models.DateTimeField(null=True)
    quiet_since = models.DateTimeField(null=True)  # asked then, no answer for two weeks
    bounced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="mentor_reach_email")]

    def __str__(self) -> str:
        return self.name or self.email


class MentorLink(models.Model):
    """A link in a mentor's e-mail. Only the hash of its secret is kept; it expires."""

    class Purpose(models.TextChoices):
        DAYS = "days", _("confirm days")
        EVALUATION = "evaluation", _("answer an evaluation")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reach = models.ForeignKey(MentorReach, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=10, choices=Purpose)
    subjects = ArrayField(models.UUIDField())  # attendances, or one timeline entry
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"


class TimelineEntry(models.Model):
    """Something said about a placement: feedback, progress, an evaluation, a visit, a call."""

    class Kind(models.TextChoices):
        NOTE = "note", _("feedback")
        PROGRESS = "progress", _("progress of a goal")
        EVALUATION = "evaluation", _("evaluation")
        VISIT = "visit", _("site visit")
        CALL = "call", _("call")

    class Voice(models.TextChoices):
        STUDENT = "student", _("student")
        MENTOR = "mentor", _("mentor")
        STAFF = "staff", _("school")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="timeline")
    kind = models.CharField(max_length=10, choices=Kind)
    voice = models.CharField(max_length=8, choices=Voice)
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=160)  # a mentor has no account, a person may go
    staff_only = models.BooleanField(default=False)
    day = models.DateField()
    text = models.TextField(max_length=4000, blank=True)
    goal = models.PositiveSmallIntegerField(null=True)  # which goal of the placement
    progress = models.PositiveSmallIntegerField(null=True)  # of it, in quarters: 0 to 4
    form = models.JSONField(default=dict)  # an evaluation's questions, as they were asked
    answers = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True)
    next_step = models.CharField(max_length=300, blank=True)
    next_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "-created_at"]
        verbose_name_plural = "timeline entries"
        constraints = [
            models.CheckConstraint(
                name="timeline_progress",
                condition=Q(progress__isnull=True) | Q(progress__lte=4, goal__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class Certificate(models.Model):
    """Hours as they stood when a certificate was printed; the code finds them again."""

    code = models.CharField(primary_key=True, max_length=16)
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="certificates")
    issued_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    issued_at = models.DateTimeField()
    student_name = models.CharField(max_length=170)
    minutes = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        ordering = ["-issued_at"]

    def __str__(self) -> str:
        return self.code
