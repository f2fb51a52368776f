"""What one school offers and what its students want. All in the school's schema."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.fields import Field
from catalog.offers import DOC, Offer
from portico.accounts.models import Person
from tenants.ids import new_id


class Term(models.Model):
    """A semester or season."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=60, unique=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    archived_at = models.DateTimeField(null=True, editable=False)  # rolled over: nothing is left

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(name="term_order", condition=Q(ends_on__gte=F("starts_on")))
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place of work the school knows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=120)
    sector = models.CharField(_("sector"), max_length=80, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    neighborhood = models.CharField(_("neighborhood"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    zip_code = models.CharField(_("ZIP code"), max_length=10, blank=True)
    latitude = models.FloatField(
        _("latitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.FloatField(
        _("longitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    website = models.URLField(_("website"), blank=True)
    notes = models.TextField(_("notes for staff"), blank=True, max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Mentor(models.Model):
    """The adult at a site who takes the student on. No account."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="mentors")
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=7, default="en")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Opportunity(Offer):
    """An internship this school offers, with its slots.

    capacity = slots for own students + slots released to the pool; `taken` counts the
    own students' holds. The ledger's rule is a database constraint too.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        PAUSED = "paused", _("paused")
        ARCHIVED = "archived", _("archived")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="opportunities")
    mentor = models.ForeignKey(
        Mentor, null=True, blank=True, on_delete=models.SET_NULL, related_name="opportunities"
    )
    term = models.ForeignKey(
        Term, null=True, blank=True, on_delete=models.SET_NULL, related_name="opportunities"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    capacity = models.PositiveSmallIntegerField(
        _("slots"), default=1, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    released = models.PositiveSmallIntegerField(default=0, editable=False)
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    doc = models.GeneratedField(
        expression=DOC, output_field=SearchVectorField(), db_persist=True, editable=False
    )

    class Meta:
        verbose_name_plural = "opportunities"
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="opportunity_slots", condition=Q(capacity__gte=F("taken") + F("released"))
            ),
        ]
        indexes = [
            GinIndex(fields=["doc"], name="opportunity_doc"),
            GinIndex(fields=["title"], name="opportunity_title_trgm", opclasses=["gin_trgm_ops"]),
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                name="opportunity_newest",
                condition=Q(state="published"),
            ),
        ]


class Favorite(models.Model):
    """A listing a student saved: an own opportunity or a pool listing, by id."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    student = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        related_name="favorites",
        db_index=False,  # favorite_once begins with it
    )
    listing_id = models.UUIDField()  # crosses schemas: no foreign key
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "listing_id"], name="favorite_once")
        ]

    def __str__(self) -> str:
        return str(self.listing_id)


class WishlistItem(models.Model):
    """A field or a job a student would like, whether or not anybody offers it yet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    student = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        related_name="wishes",
        db_index=False,  # wish_once begins with it
    )
    field = models.CharField(_("field"), max_length=20, choices=Field, blank=True)
    job = models.CharField(_("job"), max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["student", "field", "job"], name="wish_once"),
            models.CheckConstraint(name="wish_says_something", condition=~Q(field="", job="")),
        ]

    def __str__(self) -> str:
        return self.job or str(self.get_field_display())


class SavedSearch(models.Model):
    """A search a student keeps, to be told when something new matches."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    student = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="searches")
    name = models.CharField(_("name"), max_length=80)
    criteria = models.JSONField()  # see sharing.saved_searches; never a home address
    checked_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class Suggestion(models.Model):
    """A site a student proposes; a coordinator takes it over or says why not."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        TAKEN_OVER = "taken_over", _("taken over")
        DECLINED = "declined", _("declined")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    student = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="suggestions")
    site_name = models.CharField(_("place"), max_length=120)
    address = models.CharField(_("address"), max_length=200, blank=True)
    contact = models.CharField(_("whom to ask there"), max_length=200, blank=True)
    field = models.CharField(_("field"), max_length=20, choices=Field, blank=True)
    reason = models.TextField(_("what you would like to do there"), max_length=1000)
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    site = models.ForeignKey(Site, null=True, on_delete=models.SET_NULL, related_name="suggestions")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.site_name


class Lead(models.Model):
    """A place the school would like to win: contacted, promised, or given up. For staff."""

    class State(models.TextChoices):
        LEAD = "lead", _("lead")
        CONTACTED = "contacted", _("contacted")
        WON = "won", _("won")
        DROPPED = "dropped", _("dropped")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("place"), max_length=120)
    field = models.CharField(_("field"), max_length=20, choices=Field, blank=True)
    contact = models.CharField(_("whom to ask there"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.LEAD)
    next_on = models.DateField(_("next on"), null=True, blank=True)
    notes = models.TextField(_("notes"), max_length=4000, blank=True)
    site = models.ForeignKey(Site, null=True, on_delete=models.SET_NULL, related_name="leads")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MissedSearch(models.Model):
    """A search of this month that found nothing, and how often. Never whose it was."""

    pk = models.CompositePrimaryKey("month", "field", "words")
    month = models.DateField()  # its first day
    field = models.CharField(max_length=20, choices=Field, blank=True)
    words = models.CharField(max_length=80, blank=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-count", "words"]
        verbose_name_plural = "missed searches"

    def __str__(self) -> str:
        return self.words or self.field
