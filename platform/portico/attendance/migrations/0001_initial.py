import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import tenants.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_tokens"),
        ("internships", "0002_site_and_hours"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StudentChoice",
            fields=[
                (
                    "student",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="attendance_choice",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("share_location", models.BooleanField(default=True)),
                ("calendar_hash", models.CharField(max_length=64, null=True, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="AttendancePolicy",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "required_hours",
                    models.PositiveSmallIntegerField(default=100, verbose_name="hours required"),
                ),
                (
                    "late_minutes",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="late after (minutes)"
                    ),
                ),
                (
                    "grace_minutes",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="missing after (minutes)"
                    ),
                ),
                (
                    "radius_m",
                    models.PositiveSmallIntegerField(
                        default=150, verbose_name="radius of a site (meters)"
                    ),
                ),
                ("questions", models.JSONField(default=list)),
                ("holidays", models.JSONField(default=list)),
                ("evaluation_forms", models.JSONField(default=list)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="policy_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("code", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("issued_at", models.DateTimeField()),
                ("student_name", models.CharField(max_length=170)),
                ("minutes", models.PositiveIntegerField()),
                ("days", models.PositiveSmallIntegerField()),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="internships.placement",
                    ),
                ),
            ],
            options={
                "ordering": ["-issued_at"],
            },
        ),
        migrations.CreateModel(
            name="MentorReach",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("language", models.CharField(default="en", max_length=7)),
                (
                    "often",
                    models.CharField(
                        choices=[("daily", "at the end of each day"), ("weekly", "once a week")],
                        default="daily",
                        max_length=6,
                    ),
                ),
                ("last_asked_at", models.DateTimeField(null=True)),
                ("last_answered_at", models.DateTimeField(null=True)),
                ("quiet_since", models.DateTimeField(null=True)),
                ("bounced_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="mentor_reach_email"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MentorLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("days", "confirm days"), ("evaluation", "answer an evaluation")],
                        max_length=10,
                    ),
                ),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "reach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="attendance.mentorreach",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("scheduled_start", models.DateTimeField(null=True)),
                ("scheduled_end", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "checked in"),
                            ("closed", "checked out"),
                            ("estimated", "end estimated"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("check_in_at", models.DateTimeField(null=True)),
                (
                    "check_in_source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "phone"),
                            ("offline", "phone, sent later"),
                            ("staff", "school"),
                            ("estimate", "estimate"),
                        ],
                        max_length=10,
                    ),
                ),
                ("check_out_at", models.DateTimeField(null=True)),
                (
                    "check_out_source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "phone"),
                            ("offline", "phone, sent later"),
                            ("staff", "school"),
                            ("estimate", "estimate"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "flags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("early", "came early"),
                                ("late", "came late"),
                                ("left_early", "left early"),
                                ("unscheduled", "not a scheduled day"),
                                ("holiday", "school holiday"),
                                ("again", "checked in twice"),
                                ("no_check_in", "no check-in"),
                                ("after_end", "after the internship's end"),
                                ("clock_off", "the phone's clock was off"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "where_in",
                    models.CharField(
                        choices=[
                            ("at_site", "at the site"),
                            ("away", "not at the site"),
                            ("poor", "position too vague"),
                            ("refused", "position refused"),
                            ("off", "position switched off"),
                            ("unavailable", "no position"),
                        ],
                        default="unavailable",
                        max_length=12,
                    ),
                ),
                ("distance_in", models.PositiveIntegerField(null=True)),
                (
                    "where_out",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("at_site", "at the site"),
                            ("away", "not at the site"),
                            ("poor", "position too vague"),
                            ("refused", "position refused"),
                            ("off", "position switched off"),
                            ("unavailable", "no position"),
                        ],
                        max_length=12,
                    ),
                ),
                ("distance_out", models.PositiveIntegerField(null=True)),
                ("goals", models.JSONField(default=list)),
                ("answers", models.JSONField(default=dict)),
                ("reflection", models.CharField(blank=True, max_length=1000)),
                ("pulse", models.PositiveSmallIntegerField(null=True)),
                ("worry", models.CharField(blank=True, max_length=1000)),
                ("worry_seen_at", models.DateTimeField(null=True)),
                (
                    "mentor_state",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "unconfirmed"),
                            ("confirmed", "confirmed"),
                            ("corrected", "corrected"),
                            ("disputed", "disputed"),
                        ],
                        default="unconfirmed",
                        max_length=12,
                    ),
                ),
                ("mentor_comment", models.CharField(blank=True, max_length=1000)),
                ("mentor_answered_at", models.DateTimeField(null=True)),
                ("corrected_in_at", models.DateTimeField(null=True)),
                ("corrected_out_at", models.DateTimeField(null=True)),
                ("corrected_by", models.CharField(blank=True, max_length=10)),
                ("correction_reason", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField()),
                (
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days_worked",
                        to="internships.placement",
                    ),
                ),
                (
                    "reach",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="days",
                        to="attendance.mentorreach",
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "-check_in_at"],
            },
        ),
        migrations.CreateModel(
            name="Tap",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("in", "check in"),
                            ("out", "check out"),
                            ("confirm_estimate", "confirm an estimate"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("client_time", models.DateTimeField(null=True)),
                ("skew_ms", models.BigIntegerField(null=True)),
                ("elapsed_ms", models.BigIntegerField(null=True)),
                ("received_at", models.DateTimeField()),
                ("answer", models.JSONField(default=dict)),
                (
                    "attendance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taps",
                        to="attendance.attendance",
                    ),
                ),
            ],
            options={
                "ordering": ["received_at"],
            },
        ),
        migrations.CreateModel(
            name="TimelineEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("note", "feedback"),
                            ("progress", "progress of a goal"),
                            ("evaluation", "evaluation"),
                            ("visit", "site visit"),
                            ("call", "call"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "voice",
                    models.CharField(
                        choices=[("student", "student"), ("mentor", "mentor"), ("staff", "school")],
                        max_length=8,
                    ),
                ),
                ("author_name", models.CharField(max_length=160)),
                ("staff_only", models.BooleanField(default=False)),
                ("day", models.DateField()),
                ("text", models.TextField(blank=True, max_length=4000)),
                ("goal", models.PositiveSmallIntegerField(null=True)),
                ("progress", models.PositiveSmallIntegerField(null=True)),
                ("form", models.JSONField(default=dict)),
                ("answers", models.JSONField(default=dict)),
                ("answered_at", models.DateTimeField(null=True)),
                ("next_step", models.CharField(blank=True, max_length=300)),
                ("next_on", models.DateField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="timeline",
                        to="internships.placement",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "timeline entries",
                "ordering": ["-day", "-created_at"],
            },
        ),
        migrations.AddIndex(
            model_name="attendance",
            index=models.Index(fields=["day"], name="attendance_day"),
        ),
        migrations.AddIndex(
            model_name="attendance",
            index=models.Index(
                condition=models.Q(("mentor_state", "unconfirmed")),
                fields=["reach", "day"],
                name="attendance_unanswered",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                fields=("placement", "day"), name="attendance_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("check_in_at__isnull", True),
                    ("check_out_at__isnull", True),
                    ("check_out_at__gte", models.F("check_in_at")),
                    _connector="OR",
                ),
                name="attendance_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pulse__isnull", True),
                    models.Q(("pulse__gte", 1), ("pulse__lte", 5)),
                    _connector="OR",
                ),
                name="attendance_pulse",
            ),
        ),
        migrations.AddConstraint(
            model_name="timelineentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("progress__isnull", True),
                    models.Q(("goal__isnull", False), ("progress__lte", 4)),
                    _connector="OR",
                ),
                name="timeline_progress",
            ),
        ),
    ]
