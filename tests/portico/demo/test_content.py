"""The demo's content holds together: a seed that calls the real actions must never be refused."""

import re
from collections import Counter
from datetime import time
from decimal import Decimal

import pytest

from portico.demo import content

HOLDS_A_SLOT = {"pursuing", "start_requested", "active"}
OPEN = {"requested", "awaiting_owner", *HOLDS_A_SLOT}
CLOSED = {"declined", "expired", "completed", "ended_early", "withdrawn"}

SEEN_AT_EVERY_SCHOOL = {"requested", "declined", "expired", "completed", *HOLDS_A_SLOT}

SCHOOLS = {school.code: school for school in content.schools()}
PARTNERS = {partner.code: partner for partner in content.partners()}
PEOPLE = {person.email: person for person in content.people()}
STUDENTS = {email: person for email, person in PEOPLE.items() if person.roles == ("student",)}
SITES = {site.key: site for site in content.sites()}
OPPORTUNITIES = {opportunity.key: opportunity for opportunity in content.opportunities()}
PLACEMENTS = content.placements()
RELEASED = [o for o in OPPORTUNITIES.values() if o.release]


def holds(opportunity, *, own):
    return sum(
        placement.opportunity == opportunity.key
        and placement.state in HOLDS_A_SLOT
        and (STUDENTS[placement.student].tenant == opportunity.owner) is own
        for placement in PLACEMENTS
    )


def may_see(person, opportunity):
    """Today, in the one list of this person's school."""
    if opportunity.status != "published":
        return False
    if opportunity.owner in PARTNERS:
        return not opportunity.only_schools or person.tenant in opportunity.only_schools
    if opportunity.owner == person.tenant:
        return True
    release = opportunity.release
    return release is not None and (release.own_first_days is None or release.own_first_days <= 0)


# How much there is, and how unequal


def test_networks_are_unequal():
    assert Counter(o.owner for o in OPPORTUNITIES.values()) == {
        "met": 50,
        "academy": 30,
        "bridge": 20,
        "riverdale": 15,
        "soundview": 5,
    }


def test_every_cluster_is_offered_and_a_quarter_is_education():
    clusters = Counter(o.cluster for o in OPPORTUNITIES.values())
    assert set(clusters) == set(content.CLUSTERS)
    assert len(content.CLUSTERS) == 14
    assert clusters["education"] / len(OPPORTUNITIES) == pytest.approx(0.25, abs=0.02)


def test_health_care_is_wanted_by_most_and_offered_by_few():
    wishlists = content.wishlists()
    wanted = sum("health" in wishlist.fields for wishlist in wishlists) / len(wishlists)
    offered = sum(o.cluster == "health" for o in OPPORTUNITIES.values()) / len(OPPORTUNITIES)
    assert wanted > 0.5
    assert offered < 0.07
    by_field = Counter(field for wishlist in wishlists for field in wishlist.fields)
    assert by_field.most_common(1)[0][0] == "health"


def test_soundview_has_no_health_care_of_its_own():
    assert not [
        o for o in OPPORTUNITIES.values() if (o.owner, o.cluster) == ("soundview", "health")
    ]


def test_each_school_has_its_people():
    assert len(SCHOOLS) == 4
    assert len(STUDENTS) == 60
    for code in SCHOOLS:
        roles = Counter(r for p in PEOPLE.values() if p.tenant == code for r in p.roles)
        assert 1 <= roles["coordinator"] <= 2
        assert 2 <= roles["teacher"] <= 4
        assert 12 <= roles["student"] <= 18


def test_the_region_has_its_people_and_no_student():
    region = content.region()
    roles = Counter(r for p in PEOPLE.values() if p.tenant == region.code for r in p.roles)
    assert roles == {"district_admin": 1, "partner_staff": 2}


def test_the_tour_shows_one_person_a_role():
    tour = Counter(person.roles[0] for person in PEOPLE.values() if person.tour)
    assert tour == {
        "student": 1,
        "teacher": 1,
        "coordinator": 1,
        "district_admin": 1,
        "partner_staff": 1,
    }


def test_the_states_of_a_placement_are_all_there():
    assert {placement.state for placement in PLACEMENTS} == OPEN | CLOSED
    assert {o.status for o in OPPORTUNITIES.values()} == {
        "draft",
        "published",
        "paused",
        "archived",
    }
    for code in SCHOOLS:
        states = {p.state for p in PLACEMENTS if STUDENTS[p.student].tenant == code}
        assert states >= SEEN_AT_EVERY_SCHOOL, code


def test_two_students_ask_for_the_same_slot():
    requests = Counter(p.opportunity for p in PLACEMENTS if p.state == "requested")
    assert sum(number > 1 for number in requests.values()) >= 4


# Nothing twice, nothing dangling


def test_keys_and_mails_are_unique():
    mails = [p.email for p in content.people()]
    mails += [m.email for s in content.sites() for m in s.mentors]
    mails += [p.email for p in content.partners()]
    for values in (
        mails,
        [s.key for s in content.sites()],
        [s.name for s in content.sites()],
        [o.key for o in content.opportunities()],
        [(o.owner, o.title) for o in content.opportunities()],
        [o.description for o in content.opportunities()],
        [w.student for w in content.wishlists()],
        [(p.student, p.opportunity) for p in PLACEMENTS],
    ):
        assert [value for value, number in Counter(values).items() if number > 1] == []


def test_references_resolve():
    for person in PEOPLE.values():
        assert person.tenant in {*SCHOOLS, content.region().code}
        assert (person.grade in range(9, 13)) is (person.roles == ("student",))
        if person.grade:
            assert "teacher" in PEOPLE[person.teacher].roles
            assert PEOPLE[person.teacher].tenant == person.tenant
        assert (person.partner in PARTNERS) is ("partner_staff" in person.roles)
    for opportunity in OPPORTUNITIES.values():
        assert opportunity.mentor in {m.email for m in SITES[opportunity.site].mentors}
        assert opportunity.cluster in content.CLUSTERS
        assert set(opportunity.only_schools) <= set(SCHOOLS)
    for wishlist in content.wishlists():
        assert wishlist.student in STUDENTS
        assert set(wishlist.fields) <= set(content.CLUSTERS)
    for suggestion in content.suggestions():
        assert suggestion.student in STUDENTS
        assert suggestion.cluster in content.CLUSTERS


def test_every_site_and_mentor_is_used():
    assert {o.site for o in OPPORTUNITIES.values()} == set(SITES)
    mentors = {m.email for s in SITES.values() for m in s.mentors}
    assert {o.mentor for o in OPPORTUNITIES.values()} == mentors


def test_some_sites_are_known_to_two_owners():
    owners: dict[str, set[str]] = {}
    for opportunity in OPPORTUNITIES.values():
        owners.setdefault(opportunity.site, set()).add(opportunity.owner)
    assert sum(len(who) > 1 for who in owners.values()) >= 3


def test_favorites_are_in_the_students_list():
    for wishlist in content.wishlists():
        for key in wishlist.favorites:
            assert may_see(STUDENTS[wishlist.student], OPPORTUNITIES[key]), (
                wishlist.student,
                key,
            )


# Believable, and safe to show


def test_mail_goes_nowhere():
    allowed = re.compile(r"[a-z.'-]+@([a-z0-9-]+\.)*example\.(org|com)")
    for mail in [*PEOPLE, *(m.email for s in SITES.values() for m in s.mentors)]:
        assert allowed.fullmatch(mail), mail
    for person in PEOPLE.values():
        if person.tenant in SCHOOLS:
            assert person.email.endswith(f"@{person.tenant}.example.org")


def test_telephones_ring_nowhere():
    for site in SITES.values():
        for mentor in site.mentors:
            assert re.fullmatch(r"(718|347)-555-01\d\d", mentor.phone)
            assert mentor.language in {"en", "es"}


def test_places_are_in_the_bronx():
    for place in [*SCHOOLS.values(), *PARTNERS.values(), *SITES.values()]:
        assert 40.80 <= place.latitude <= 40.91, place.name
        assert -73.93 <= place.longitude <= -73.79, place.name
        assert re.search(r", Bronx, NY 104\d\d$", place.address), place.name
    assert len({(s.latitude, s.longitude) for s in SITES.values()}) == len(SITES)


def luminance(color):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_white_text_can_be_read_on_each_schools_color():
    for school in SCHOOLS.values():
        assert 1.05 / (luminance(school.color) + 0.05) >= 4.5, school.code
    assert len({school.color for school in SCHOOLS.values()}) == len(SCHOOLS)


@pytest.mark.parametrize("opportunity", OPPORTUNITIES.values(), ids=lambda o: o.key)
def test_an_opportunity_is_worth_reading(opportunity):
    sentences = re.findall(r"[.?!](?:\s|$)", opportunity.description)
    assert len(opportunity.description) >= 60
    assert 2 <= len(sentences) <= 6
    assert 2 <= len(opportunity.skills) <= 4
    assert opportunity.grades
    assert set(opportunity.grades) <= {9, 10, 11, 12}
    assert opportunity.days == tuple(sorted(set(opportunity.days)))
    assert set(opportunity.days) <= set(range(1, 8))
    hours = opportunity.ends.hour + opportunity.ends.minute / 60
    hours -= opportunity.starts.hour + opportunity.starts.minute / 60
    assert 3 <= hours <= 6
    most = 10 if opportunity.site == "monteverde-hospital" else 4
    assert 1 <= opportunity.capacity <= most


@pytest.mark.parametrize("opportunity", OPPORTUNITIES.values(), ids=lambda o: o.key)
def test_pay_is_lawful(opportunity):
    assert opportunity.pay in {"paid", "stipend", "credit", "unpaid"}
    assert (opportunity.hourly_rate is not None) is (opportunity.pay == "paid")
    assert (opportunity.stipend is not None) is (opportunity.pay == "stipend")
    if opportunity.hourly_rate is not None:
        assert opportunity.hourly_rate >= Decimal("16.50")
        assert "Working papers" in opportunity.requirements
        # Whoever is 14 or 15 is not employed during school hours, nor before 7 or after 7.
        summer_camp = opportunity.site == "camp-clearwater-city"
        if opportunity.starts < time(15) and not summer_camp:
            assert "16 or older" in opportunity.requirements
        assert opportunity.ends <= time(19)
    if "16 or older" in opportunity.requirements:
        assert min(opportunity.grades) >= 11


def test_most_have_one_place_or_two_and_two_days():
    small = sum(o.capacity <= 2 for o in OPPORTUNITIES.values())
    two_days = sum(len(o.days) == 2 for o in OPPORTUNITIES.values())
    assert small > 0.9 * len(OPPORTUNITIES)
    assert two_days > 0.9 * len(OPPORTUNITIES)


# The ledger of slots


def test_releases_come_in_every_kind():
    assert {o.owner for o in RELEASED} == set(SCHOOLS)
    assert {o.release.ask_owner for o in RELEASED} == {True, False}
    offsets = [o.release.own_first_days for o in RELEASED]
    assert None in offsets
    assert any(days is not None and days > 0 for days in offsets)
    assert any(days is not None and days < 0 for days in offsets)


def test_own_holds_and_released_slots_fit_the_capacity():
    for opportunity in OPPORTUNITIES.values():
        if opportunity.owner in PARTNERS:
            assert opportunity.release is None
            assert holds(opportunity, own=False) <= opportunity.capacity, opportunity.key
            continue
        released = opportunity.release.slots if opportunity.release else 0
        assert holds(opportunity, own=True) + released <= opportunity.capacity, opportunity.key
        assert holds(opportunity, own=False) <= released, opportunity.key


def test_released_after_it_was_written_and_only_when_published():
    for opportunity in RELEASED:
        assert opportunity.status == "published"
        assert opportunity.release.slots >= 1
        assert opportunity.release.released_days_ago < opportunity.created_days_ago


# Placements a real school could have


def test_a_student_has_at_most_one_placement_under_way():
    under_way = Counter(p.student for p in PLACEMENTS if p.state in OPEN)
    assert [student for student, number in under_way.items() if number > 1] == []


@pytest.mark.parametrize("placement", PLACEMENTS, ids=lambda p: f"{p.student}-{p.opportunity}")
def test_a_placement_could_have_happened(placement):
    student = STUDENTS[placement.student]
    opportunity = OPPORTUNITIES[placement.opportunity]
    assert may_see(student, opportunity)
    assert student.grade in opportunity.grades
    assert opportunity.created_days_ago > placement.requested_days_ago
    if opportunity.release and opportunity.owner != student.tenant:
        opened = opportunity.release.released_days_ago
        if opportunity.release.own_first_days is not None:
            opened = -opportunity.release.own_first_days
        assert opened >= placement.requested_days_ago
    if placement.state in OPEN and opportunity.owner == student.tenant and opportunity.release:
        assert opportunity.release.slots < opportunity.capacity
    assert len(placement.message) >= 20


REACHED = {
    "requested": [],
    "awaiting_owner": ["approved"],
    "pursuing": ["approved"],
    "start_requested": ["approved", "start_requested"],
    "active": ["approved", "start_requested", "started"],
    "completed": ["approved", "start_requested", "started", "closed"],
    "ended_early": ["approved", "start_requested", "started", "closed"],
    "expired": ["approved", "closed"],
    "declined": ["closed"],
    "withdrawn": ["closed"],
}


@pytest.mark.parametrize("placement", PLACEMENTS, ids=lambda p: f"{p.student}-{p.opportunity}")
def test_the_steps_of_a_placement_come_in_order(placement):
    steps = {
        "approved": placement.approved_days_ago,
        "start_requested": placement.start_requested_days_ago,
        "started": placement.started_days_ago,
        "closed": placement.closed_days_ago,
    }
    assert [name for name, days in steps.items() if days is not None] == REACHED[placement.state]
    days = [placement.requested_days_ago, *(d for d in steps.values() if d is not None)]
    assert days == sorted(days, reverse=True)

    start_was_asked = placement.start_requested_days_ago is not None
    assert bool(placement.goals) is start_was_asked
    assert (placement.first_day_in is not None) is start_was_asked
    if placement.first_day_in is not None and placement.last_day_in is not None:
        assert placement.first_day_in < placement.last_day_in
        assert (placement.first_day_in > 0) is (placement.state == "start_requested")
    closed_by_a_person = placement.state in CLOSED - {"expired"}
    assert bool(placement.reason) is closed_by_a_person


@pytest.mark.parametrize("state", ["pursuing", "expired", "start_requested"])
def test_the_clock_agrees_with_the_state(state):
    for placement in PLACEMENTS:
        if placement.state != state:
            continue
        limit = SCHOOLS[STUDENTS[placement.student].tenant].pursuit_days
        if state == "expired":
            assert placement.approved_days_ago - placement.closed_days_ago == limit
        elif state == "pursuing":
            assert placement.approved_days_ago < limit
        else:
            assert placement.approved_days_ago - placement.start_requested_days_ago < limit


def test_nobody_is_named_in_another_students_record():
    """A reason or a message is an education record of one student."""
    for placement in PLACEMENTS:
        words = set(re.findall(r"\w+", f"{placement.message} {placement.reason}"))
        others = {s.first_name for s in STUDENTS.values() if s.email != placement.student}
        assert not words & others, placement.student
