"""The region's tables. No student's data: a hold names the school and an opaque id.

Schools reach these tables only as far as the grants, the two views and row-level
security let them (sharing/migrations/0002_wall.py); a region's own staff reach them
directly.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.offers import DOC, Offer
from tenants.ids import new_id

# Filters' side of a listing, indexed together with its words (tenants/…/public.sql).
FACTS = models.Func(
    F("field"),
    F("days"),
    F("pay"),
    F("grades"),
    F("origin_kind"),
    function="public.portico_facts",
    output_field=ArrayField(models.TextField()),
)
# What a mistyped word is compared with.
NAMES = models.Func(
    F("title"),
    F("site_name"),
    F("skills"),
    function="public.portico_names",
    output_field=models.TextField(),
)


class OriginKind(models.TextChoices):
    SCHOOL = "school", _("school")
    PARTNER = "partner", _("partner")


class Partner(models.Model):
    """A nonprofit that posts internships it cultivated."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=120, unique=True)
    about = models.TextField(_("about"), blank=True, max_length=2000)
    website = models.URLField(_("website"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PooledOffer(Offer):
    """Abstract: an offer with the label of its origin and its slots in the pool."""

    origin_kind = models.CharField(max_length=10, choices=OriginKind)
    origin_schema = models.CharField(max_length=63, blank=True)  # a school's, else empty
    origin_name = models.CharField(max_length=160)
    slots = models.PositiveSmallIntegerField(
        _("slots"), default=1, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    ask_owner = models.BooleanField(
        _("ask us before another school's student is approved"), default=False
    )

    class Meta:
        abstract = True


class PoolListing(PooledOffer):
    """An internship in the pool: the released snapshot, or a partner's posting."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="listings"
    )
    opportunity_id = models.UUIDField(
        null=True, blank=True
    )  # the origin's opportunity, in its own schema
    schools = ArrayField(models.TextField(), null=True, blank=True)  # null: all
    visible_from = models.DateTimeField(null=True, blank=True)  # "our students first until"
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    doc = models.GeneratedField(
        expression=DOC, output_field=SearchVectorField(), db_persist=True, editable=False
    )

    facts = models.GeneratedField(
        expression=FACTS,
        output_field=ArrayField(models.TextField()),
        db_persist=True,
        editable=False,
    )

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(name="pool_slots", condition=Q(slots__gte=F("taken"))),
            models.UniqueConstraint(
                fields=["origin_schema", "opportunity_id"],
                name="pool_release_once",
                condition=Q(origin_kind="school"),
            ),
            models.CheckConstraint(
                name="pool_origin",
                condition=Q(
                    origin_kind="school", partner__isnull=True, opportunity_id__isnull=False
                )
                | Q(origin_kind="partner", partner__isnull=False, origin_schema=""),
            ),
        ]
        indexes = [
            GinIndex(fields=["doc", "facts"], name="pool_words"),
            GinIndex(OpClass(NAMES, name="gin_trgm_ops"), name="pool_names"),
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                name="pool_newest",
                condition=Q(state="open"),
            ),
            models.Index(
                fields=["starts_on", "id"], name="pool_closing", condition=Q(state="open")
            ),
        ]


class Synonym(models.Model):
    """A word people search with, and what it means in the offers of this region.

    Beside the ones every region has (sharing/search/synonyms.py); a row without meanings
    switches one of those off.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    word = models.CharField(_("word"), max_length=60, unique=True)  # folded: no case, no accents
    means = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word


class VisibleListing(PooledOffer):
    """What a school may see of the pool (a view): open, addressed to it, not its own."""

    id = models.UUIDField(primary_key=True)
    partner_id = models.UUIDField(null=True)
    doc = SearchVectorField()

    class Meta:
        managed = False
        db_table = "sharing_visible_listing"


class OwnListing(PooledOffer):
    """A school's own releases (a view): how many slots are in use, never by whom."""

    id = models.UUIDField(primary_key=True)
    state = models.CharField(max_length=10, choices=PoolListing.State)
    opportunity_id = models.UUIDField()
    visible_from = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "sharing_own_listing"


class MentorContact(models.Model):
    """Whom to call. A school reads it only while it holds a slot of the listing."""

    listing = models.OneToOneField(
        PoolListing, primary_key=True, on_delete=models.CASCADE, related_name="contact"
    )
    site_address = models.CharField(_("address"), max_length=200, blank=True)
    name = models.CharField(_("mentor"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=7, default="en")

    def __str__(self) -> str:
        return self.name


class Hold(models.Model):
    """A slot of a listing taken for one placement of one school."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        FILLED = "filled", _("filled")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.ForeignKey(PoolListing, on_delete=models.CASCADE, related_name="holds")
    school = models.CharField(max_length=63)
    placement_id = models.UUIDField()  # opaque here: it means something only to the school
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    until = models.DateTimeField(null=True)  # null: the clock does not run
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listing", "placement_id"], name="hold_once")
        ]
        indexes = [models.Index(fields=["school", "listing"], name="hold_school")]

    def __str__(self) -> str:
        return f"{self.school} {self.state}"


class OwnerQuestion(models.Model):
    """“May a student of ours take your slot?” Grade and interest, no name."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        AGREED = "agreed", _("agreed")
        DECLINED = "declined", _("declined")
        DROPPED = "dropped", _("no longer asked")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.ForeignKey(PoolListing, on_delete=models.CASCADE, related_name="questions")
    school = models.CharField(max_length=63)  # who asks
    school_name = models.CharField(max_length=160)
    owner = models.CharField(max_length=63)  # who is asked
    placement_id = models.UUIDField(unique=True)
    grade = models.PositiveSmallIntegerField(null=True)
    interest = models.CharField(max_length=20, blank=True)  # a field of the wishlist
    days = models.PositiveSmallIntegerField()  # to pursue, once agreed
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["owner", "state"], name="question_owner")]

    def __str__(self) -> str:
        return f"{self.school} asks {self.owner}"


class Rollup(models.Model):
    """What one school (or the region, for its partners) counts of itself. Never a person.

    A row a thing counted by: *kind* says what *key* is. Each school writes its own rows and
    sees no other's; the region reads all of them (row-level security, migration 0004).
    """

    class Kind(models.TextChoices):
        WHOLE = "whole", _("all of it")  # key: empty
        FIELD = "field", _("field")  # key: a Field
        GRADE = "grade", _("grade")  # key: "11"; empty where unknown
        TERM = "term", _("term")  # key: "2026-1", a half of a year
        WEEK = "week", _("week")  # key: its Monday, "2026-11-23"
        ORIGIN = "origin", _("origin")  # key: a school's schema or a partner's id

    pk = models.CompositePrimaryKey("kind", "school", "key")
    kind = models.CharField(max_length=8, choices=Kind)
    school = models.CharField(max_length=63)  # who counts: a tenant's schema
    key = models.CharField(max_length=63, blank=True)
    counted_at = models.DateTimeField()
    # supply
    sites = models.PositiveIntegerField(default=0)
    opportunities = models.PositiveIntegerField(default=0)  # drafts too, archived ones not
    published = models.PositiveIntegerField(default=0)
    slots = models.PositiveIntegerField(default=0)  # of the published
    free = models.PositiveIntegerField(default=0)  # for own students
    released = models.PositiveIntegerField(default=0)  # in the pool, used or not
    # demand
    students = models.PositiveIntegerField(default=0)
    never_placed = models.PositiveIntegerField(default=0)  # of the students
    wishing = models.PositiveIntegerField(default=0)  # students with a wish
    favorites = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)  # searches that found nothing
    # placements by where they stand now
    waiting = models.PositiveIntegerField(default=0)
    pursuing = models.PositiveIntegerField(default=0)
    interning = models.PositiveIntegerField(default=0)
    finished = models.PositiveIntegerField(default=0)
    turned_away = models.PositiveIntegerField(default=0)  # declined or run out of time
    withdrawn = models.PositiveIntegerField(default=0)
    # placements by what happened
    requested = models.PositiveIntegerField(default=0)
    started = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)  # of the started

    class Meta:
        indexes = [
            models.Index(fields=["school"], name="rollup_school"),
            models.Index(fields=["kind", "key"], name="rollup_key"),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.kind} {self.key}"
