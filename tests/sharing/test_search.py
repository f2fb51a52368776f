"""The list as a student finds it."""

import datetime
import uuid

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from catalog.actions import add_wish, change_opportunity_state, set_favorite
from catalog.models import Opportunity
from sharing.actions import refresh_release
from sharing.models import PoolListing, Synonym
from sharing.search import Criteria, get_listing, search_listings
from sharing.search.synonyms import fold
from sharing.synonyms import remove_synonym, save_synonym
from tenants.errors import Refused

pytestmark = pytest.mark.django_db
SCHOOL = (40.82, -73.92)


def titles(world, student=None, position=SCHOOL, **criteria):
    with world:
        results = search_listings(
            criteria=Criteria(**criteria), school_position=position, student=student
        )
    return [listing.title for listing in results.listings]


class TestOneList:
    def test_own_school_comes_first_whatever_is_newer(self, met, academy, bronx):
        met.opportunity(title="Own Offer")
        academy.release(academy.opportunity(title="Released Offer"))
        bronx.posting(title="Posted Offer")
        assert titles(met) == ["Own Offer", "Posted Offer", "Released Offer"]

    def test_origins_are_labelled(self, met, academy, bronx):
        met.opportunity(title="Own")
        academy.release(academy.opportunity(title="Released", capacity=3), slots=2)
        bronx.posting(title="Posted")
        with met:
            found = search_listings(criteria=Criteria(), school_position=SCHOOL).listings
        assert {(one.title, one.origin_kind, one.origin_name) for one in found} == {
            ("Own", "own", ""),
            ("Released", "school", "Bronx Academy"),
            ("Posted", "partner", "Bridge Works"),
        }
        assert {one.title: one.slots for one in found}["Released"] == 2

    def test_a_slot_whose_time_ran_out_is_free_before_anybody_tidies_up(self, met, academy):
        offer = met.opportunity(title="Full")
        met.placement(offer.id, state="pursuing")
        assert titles(met, open_only=True) == []
        with met:
            Opportunity.objects.filter(id=offer.id).update(
                frees_at=timezone.now() - datetime.timedelta(seconds=1)
            )
            listing = get_listing(listing_id=offer.id)
        assert listing is not None
        assert listing.open_slots == 1
        assert titles(met, open_only=True) == ["Full"]


class TestWall:
    """What must not be in the list never is, whatever is asked."""

    def hidden(self, academy, met, bronx):
        marker = "Zebrafish Marker"
        academy.opportunity(title=marker)  # another school's own
        draft = academy.opportunity(title=marker, publish=False)
        recalled = academy.opportunity(title=marker)
        academy.release(recalled)
        with academy:
            change_opportunity_state(
                actor=academy.coordinator(), opportunity_id=recalled.id, action="pause"
            )
            recalled.refresh_from_db()
            refresh_release(opportunity=recalled)
        embargoed = academy.release(
            academy.opportunity(title=marker),
            visible_from=timezone.now() + datetime.timedelta(hours=1),
        )
        addressed = bronx.posting(title=marker, schools=["bronx__academy"])
        met.opportunity(title=marker, publish=False)
        return [draft.id, recalled.id, embargoed, addressed.id]

    def test_neither_list_facets_correction_nor_id_shows_it(self, met, academy, bronx):
        ids = self.hidden(academy, met, bronx)
        with met:
            for words in ("", "zebrafish", "zebrafsh"):
                results = search_listings(criteria=Criteria(words=words), school_position=SCHOOL)
                assert results.listings == []
                assert results.total == 0
                assert results.facets.fields == {}
                assert results.suggestion is None
            assert [get_listing(listing_id=one) for one in ids] == [None] * 4

    def test_the_addressed_school_sees_it(self, academy, bronx):
        bronx.posting(title="For You", schools=["bronx__academy"])
        assert titles(academy) == ["For You"]

    def test_the_embargo_ends_by_the_clock(self, met, academy, bronx):
        listing = academy.release(
            academy.opportunity(title="Soon"),
            visible_from=timezone.now() + datetime.timedelta(hours=1),
        )
        assert titles(met) == []
        with bronx:  # two hours later
            PoolListing.objects.filter(id=listing).update(
                visible_from=timezone.now() - datetime.timedelta(hours=1)
            )
        assert titles(met) == ["Soon"]

    def test_own_releases_are_not_listed_twice(self, met):
        met.release(met.opportunity(title="Mine", capacity=2))
        assert titles(met) == ["Mine"]

    def test_what_is_released_as_a_whole_is_no_own_offer(self, met):
        met.release(met.opportunity(title="Given away", capacity=1))
        assert titles(met) == []


class TestWords:
    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("gardening", True),  # stemmed
            ("garden help", False),  # every word
            ("jardín", True),  # Spanish, accents or not
            ("jardines", True),
            ("hospital", False),
            ("vegetable or hospital", True),
            ('"roof garden"', True),
            ('"garden roof"', False),
            ("garden -roof", False),
            ("garden -hospital", True),
            ("pruning", True),  # a skill
            ("kelly", True),  # the site
            ("agriculture", True),  # the field
            ("the garden with a roof", True),  # stop words
        ],
    )
    def test_found(self, met, words, found):
        met.opportunity(
            title="Gardener",
            site_name="Kelly Street",
            description="A roof garden full of vegetables. Un jardin en el techo.",
            skills=["Pruning"],
        )
        assert (titles(met, words=words) == ["Gardener"]) is found

    def test_title_weighs_more_than_text(self, met):
        met.opportunity(title="Robotics Intern", description="Build things.")
        met.opportunity(title="Office Helper", description="Answer calls near the robotics lab.")
        assert titles(met, words="robotics") == ["Robotics Intern", "Office Helper"]

    @pytest.mark.parametrize("words", ["roboticz", "ROBOTCS intern", "robtics"])
    def test_typos_are_put_right_and_said(self, met, words):
        met.opportunity(title="Robotics Intern")
        with met:
            results = search_listings(criteria=Criteria(words=words), school_position=SCHOOL)
        assert [one.title for one in results.listings] == ["Robotics Intern"]
        assert results.suggestion is not None
        assert "robotics" in results.suggestion.lower()

    def test_nonsense_finds_nothing_and_suggests_nothing(self, met):
        met.opportunity(title="Robotics Intern")
        with met:
            results = search_listings(criteria=Criteria(words="qqqxxyyz"), school_position=SCHOOL)
        assert (results.listings, results.suggestion) == ([], None)

    @pytest.mark.parametrize("typed", ["podcsat", "opdcast", "podccast", "PODCSAT"])
    def test_slips_are_put_right_from_descriptions_too(self, met, typed):
        met.opportunity(title="Studio Helper", description="Record a podcast with neighbors.")
        with met:
            results = search_listings(criteria=Criteria(words=typed), school_position=SCHOOL)
        assert [listing.title for listing in results.listings] == ["Studio Helper"]
        assert results.suggestion == "podcast"

    @pytest.mark.parametrize(
        "words", ["'", '"', "\\", "%", ":*", "a & | !", "-", "()", "\x00", "😀", "or", "a" * 5000]
    )
    def test_anything_may_be_typed(self, met, words):
        met.opportunity()
        titles(met, words=words)


class TestFilters:
    def test_each(self, met, bronx):
        met.opportunity(
            title="Farm",
            field="agriculture",
            days=[2, 4],
            pay="paid",
            grades=[9, 10],
            start_time=datetime.time(9),
            end_time=datetime.time(14),
        )
        posted = bronx.posting(title="Bank", field="finance", days=[1], remote=True)
        assert titles(met, fields=("finance", "arts")) == ["Bank"]
        assert titles(met, days=(4, 5)) == ["Farm"]
        assert titles(met, pays=("paid",)) == ["Farm"]
        assert titles(met, origins=("own",)) == ["Farm"]
        assert titles(met, origins=("partner", "school")) == ["Bank"]
        assert titles(met, partner=posted.partner_id) == ["Bank"]
        assert titles(met, grade=12) == ["Bank"]  # names no grades: takes all
        assert titles(met, grade=9) == ["Farm", "Bank"]
        assert titles(met, remote=True) == ["Bank"]
        assert titles(met, free_from=datetime.time(10)) == ["Bank"]
        assert titles(met, free_until=datetime.time(14)) == ["Farm", "Bank"]

    def test_distance_is_from_the_school_or_a_place_typed_in(self, met, bronx):
        bronx.posting(title="A mile north", latitude=40.82 + 1 / 69.093, longitude=-73.92)
        bronx.posting(title="A mile west", latitude=40.82, longitude=-73.92 - 1 / 52.29)
        bronx.posting(title="Far", latitude=41.5, longitude=-73.92)
        bronx.posting(title="Nowhere")
        bronx.posting(title="Anywhere", remote=True)
        assert set(titles(met, miles=1.01)) == {"A mile north", "A mile west", "Anywhere"}
        assert titles(met, miles=0.99) == ["Anywhere"]
        assert set(titles(met, miles=1, near=(41.5, -73.92))) == {"Far", "Anywhere"}
        assert titles(met, sort="nearest", near=(40.83, -73.92))[:3] == [
            "A mile north",
            "A mile west",
            "Far",
        ]
        with met:
            listing = search_listings(
                criteria=Criteria(miles=1.01), school_position=SCHOOL
            ).listings[-1]
        assert listing.miles == pytest.approx(1, abs=0.01)

    def test_without_a_position_distance_narrows_nothing(self, met, bronx):
        bronx.posting(title="Far", latitude=41.5, longitude=-73.92)
        assert titles(met, position=None, miles=1, sort="nearest") == ["Far"]

    def test_saved_and_wished(self, met, bronx):
        student = met.student()
        own = met.opportunity(title="Farm", field="agriculture")
        posted = bronx.posting(title="Nurse Shadow", field="health")
        bronx.posting(title="Bank", field="finance")
        with met:
            set_favorite(student=student, listing_id=posted.id, saved=True)
            add_wish(student=student, field="agriculture")
            add_wish(student=student, job="nursing")
        assert titles(met, student, saved_by=student.id) == ["Nurse Shadow"]
        assert titles(met, student, wishes_of=student.id) == ["Farm", "Nurse Shadow"]
        with met:
            results = search_listings(criteria=Criteria(), school_position=SCHOOL, student=student)
            assert get_listing(listing_id=own.id, student=student).is_saved is False
        assert [one.is_saved for one in results.listings if one.id == posted.id] == [True]
        assert (results.facets.saved, results.facets.wishes) == (1, 2)

    def test_a_page_with_its_facets_is_two_messages(self, met, django_assert_num_queries):
        """However many wishes there are: their words' synonyms take one more, all together."""
        student = met.student()
        met.opportunity(title="Farm Hand")
        with met, django_assert_num_queries(2):
            results = search_listings(
                criteria=Criteria(words="farm"), school_position=SCHOOL, student=student
            )
        assert (len(results.listings), results.total) == (1, 1)
        with met:
            add_wish(student=student, job="nursing")
            add_wish(student=student, job="farm")
            with django_assert_num_queries(3):
                results = search_listings(
                    criteria=Criteria(words="farm"), school_position=SCHOOL, student=student
                )
        assert results.facets.wishes == 1

    def test_counts_with_a_filter_of_every_kind(self, met):
        """No row is left that is gathered for all kinds: each has a gathering of its own."""
        student = met.student()
        for grades in ([9], [9, 10], []):
            own = met.opportunity(field="arts", days=[2, 4], pay="paid", grades=grades, remote=True)
            with met:
                set_favorite(student=student, listing_id=own.id, saved=True)
        with met:
            add_wish(student=student, field="arts")
            results = search_listings(
                criteria=Criteria(
                    fields=("arts",), days=(2,), pays=("paid",), origins=("own",), grade=9,
                    remote=True, open_only=True, saved_by=student.id, wishes_of=student.id,
                ),
                school_position=SCHOOL,
                student=student,
            )  # fmt: skip
        facets = results.facets
        assert (results.total, facets.remote, facets.open) == (3, 3, 3)
        assert (facets.saved, facets.wishes) == (3, 3)
        assert (facets.fields, facets.pays, facets.origins) == (
            {"arts": 3},
            {"paid": 3},
            {"own": 3},
        )
        assert facets.days == {2: 3, 4: 3}
        assert facets.grades == {6: 1, 7: 1, 8: 1, 9: 3, 10: 2, 11: 1, 12: 1}

    def test_closing_soon(self, met):
        today = timezone.localdate()
        day = datetime.timedelta(days=1)
        met.opportunity(title="Begun", starts_on=today - day)
        met.opportunity(title="Some day")
        met.opportunity(title="Later", starts_on=today + 5 * day)
        met.opportunity(title="Tomorrow", starts_on=today + day)
        assert titles(met, sort="closing")[:2] == ["Tomorrow", "Later"]


def test_an_unknown_listing_is_none(met):
    with met:
        assert get_listing(listing_id=uuid.uuid4()) is None


class TestSynonyms:
    @pytest.fixture
    def admin(self, bronx):
        return bronx.person("district_admin")

    def test_what_everybody_means_is_known(self, met):
        met.opportunity(title="Veterinary Assistant")
        met.opportunity(title="Physical Therapy Aide", field="health")
        assert titles(met, words="vet") == ["Veterinary Assistant"]
        assert titles(met, words="PT") == ["Physical Therapy Aide"]
        assert titles(met, words="vet -assistant") == []

    def test_a_region_adds_changes_and_switches_off(self, met, bronx, admin):
        met.opportunity(title="Zamboni Driver", field="hospitality")
        met.opportunity(title="Veterinary Assistant")
        assert titles(met, words="ice") == []
        with bronx:
            ice = save_synonym(actor=admin, word="  ÍCE ", means=["zamboni", "", "zamboni"])
            save_synonym(actor=admin, word="vet", means=[])
        assert (ice.word, ice.means) == ("ice", ["zamboni"])
        assert titles(met, words="ice") == ["Zamboni Driver"]
        assert titles(met, words="vet") == []
        with bronx:
            remove_synonym(actor=admin, synonym_id=ice.id)
        assert titles(met, words="ice") == []

    def test_who_may_and_what_is_refused(self, met, bronx, admin):
        with bronx:
            save_synonym(actor=admin, word="ice", means=["zamboni"])
            for word, means, code in (
                ("Ice", ["x"], "taken"),
                ("b", list("abcdefghi"), "too_many"),
            ):
                with pytest.raises(Refused) as refusal:
                    save_synonym(actor=admin, word=word, means=means)
                assert refusal.value.code == code
            with pytest.raises(Refused):
                save_synonym(actor=bronx.partner_staff(), word="x", means=["y"])

    def test_the_schools_only_read_them(self, met):
        with met, pytest.raises(ProgrammingError), transaction.atomic():
            Synonym.objects.create(word="x", means=["y"])

    @pytest.mark.parametrize("word", ["Jardín", "NIÑOS", "  two   words ", "3-D"])
    def test_words_are_folded_as_in_the_database(self, met, word):
        with met, connection.cursor() as cursor:
            cursor.execute("SELECT public.portico_fold(%s)", [" ".join(word.split())])
            assert fold(word) == cursor.fetchone()[0]
