"""One student's way through one internship. In the school's schema."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.fields import Field
from catalog.models import Opportunity
from catalog.offers import Weekday
from portico.accounts.models import Person
from portico.internships.states import OPEN, UNDER_WAY, State
from tenants.ids import new_id


class Source(models.TextChoices):
    OWN = "own", _("own")  # an opportunity of this school
    POOL = "pool", _("pool")  # a listing of the region


class Placement(models.Model):
    """From request to end. The offer's name is kept as it was when requested."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    student = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="placements",
        db_index=False,  # placement_student begins with it
    )
    source = models.CharField(max_length=5, choices=Source)
    opportunity = models.ForeignKey(
        Opportunity, null=True, on_delete=models.PROTECT, related_name="placements"
    )
    listing_id = models.UUIDField(null=True)  # in the region's schema: no foreign key
    # the offer, as it was
    title = models.CharField(max_length=120)
    site_name = models.CharField(max_length=120)
    field = models.CharField(max_length=20, choices=Field)
    origin_kind = models.CharField(max_length=10)  # own, school, partner
    origin_name = models.CharField(max_length=160)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    # how far from there still counts as there; null: as the school has it
    radius_m = models.PositiveSmallIntegerField(_("radius of the site (meters)"), null=True)

    state = models.CharField(max_length=16, choices=State, default=State.REQUESTED)
    message = models.TextField(_("why this one"), max_length=1000, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)  # of the last no, or the end
    requested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)  # the coordinator's yes or no
    deadline = models.DateTimeField(null=True)  # while pursuing; UTC
    time_left = models.DurationField(null=True)  # kept while the clock stands still
    revealed_at = models.DateTimeField(null=True)  # the mentor's contact, first time
    # the start, as the student asks for it
    start_requested_at = models.DateTimeField(null=True)
    starts_on = models.DateField(_("first day"), null=True)
    ends_on = models.DateField(_("last day"), null=True)
    days = ArrayField(models.PositiveSmallIntegerField(choices=Weekday), default=list)
    start_time = models.TimeField(_("from"), null=True)
    end_time = models.TimeField(_("until"), null=True)
    goals = ArrayField(models.CharField(max_length=300), default=list)
    # null: as the school has it
    required_hours = models.PositiveSmallIntegerField(_("hours required"), null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                name="placement_one_source",
                condition=Q(source="own", opportunity__isnull=False, listing_id__isnull=True)
                | Q(source="pool", opportunity__isnull=True, listing_id__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["student", "opportunity"],
                name="placement_open_once_own",
                condition=Q(state__in=sorted(OPEN), source="own"),
            ),
            models.UniqueConstraint(
                fields=["student", "listing_id"],
                name="placement_open_once_pool",
                condition=Q(state__in=sorted(OPEN), source="pool"),
            ),
            models.UniqueConstraint(
                fields=["student"],
                name="placement_one_under_way",
                condition=Q(state__in=sorted(UNDER_WAY)),
            ),
            models.CheckConstraint(
                name="placement_pursuit_has_deadline",
                condition=~Q(state="pursuing") | Q(deadline__isnull=False),
            ),
            models.CheckConstraint(
                name="placement_dates",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "requested_at"], name="placement_state"),
            models.Index(fields=["student", "-requested_at"], name="placement_student"),
            models.Index(fields=["listing_id"], name="placement_listing"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.site_name}"

    @property
    def offer_id(self):  # type: ignore[no-untyped-def]
        """The id of what was requested: the opportunity's or the listing's."""
        return self.opportunity_id or self.listing_id
