"""What an internship says about itself, the same at a school and in the pool.

Opportunity (a school's) and PoolListing (the region's snapshot) share these
columns, so that search reads both as one list.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.fields import Field

# Title weighs most, then where it is, skills, then the text (weights A to D of
# PostgreSQL). English stems and, for Spanish readers, Spanish ones; accents folded.
# `portico_doc` is made in the public schema: tenants/provisioning/sql/public.sql.
DOC = models.Func(
    models.F("title"),
    models.F("site_name"),
    models.F("skills"),
    models.F("description"),
    models.F("field"),
    function="public.portico_doc",
    output_field=SearchVectorField(),
)


class Weekday(models.IntegerChoices):
    """ISO days: Monday is 1."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class Pay(models.TextChoices):
    PAID = "paid", _("Paid")
    STIPEND = "stipend", _("Stipend")
    CREDIT = "credit", _("School credit")
    UNPAID = "unpaid", _("Unpaid")


GRADES = [(grade, str(grade)) for grade in range(6, 13)]


class Offer(models.Model):
    """Abstract: the describing columns of an internship."""

    title = models.CharField(_("title"), max_length=120)
    site_name = models.CharField(_("site"), max_length=120)
    neighborhood = models.CharField(_("neighborhood"), max_length=80, blank=True)
    description = models.TextField(_("description"), max_length=4000)
    field = models.CharField(_("field"), max_length=20, choices=Field)
    skills = ArrayField(
        models.CharField(max_length=40), verbose_name=_("skills"), default=list, blank=True
    )
    days = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        verbose_name=_("days"),
        default=list,
        blank=True,
    )
    start_time = models.TimeField(_("from"), null=True, blank=True)
    end_time = models.TimeField(_("until"), null=True, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    pay = models.CharField(_("pay"), max_length=10, choices=Pay, default=Pay.UNPAID)
    hourly_rate = models.DecimalField(
        _("dollars an hour"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    pay_note = models.CharField(_("about pay or credit"), max_length=120, blank=True)
    grades = ArrayField(
        models.PositiveSmallIntegerField(choices=GRADES),
        verbose_name=_("grades"),
        default=list,
        blank=True,
    )
    requirements = models.CharField(_("requirements"), max_length=300, blank=True)
    remote = models.BooleanField(_("remote"), default=False)
    latitude = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    published_at = models.DateTimeField(null=True, blank=True)
    # Earliest deadline among the holds: once it passes, a slot is free though no
    # worker has tidied up yet. The list reads it instead of counting holds.
    frees_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.start_time and self.end_time and self.end_time <= self.start_time:
            raise ValidationError({"end_time": _("The end must be after the start.")})
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day must not be before the first.")})
        if self.hourly_rate is not None and self.pay != Pay.PAID:
            raise ValidationError({"hourly_rate": _("Only paid internships have an hourly rate.")})


OFFER_COLUMNS = tuple(
    field.name
    for field in Offer._meta.local_fields
    if field.name not in ("published_at", "frees_at")
)
