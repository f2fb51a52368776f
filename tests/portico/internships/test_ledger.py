"""Every interleaving: people, partners, schools and the clock, in any order, keep the ledger."""

import datetime
import os
import uuid

from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from catalog.actions import change_opportunity_state, save_opportunity
from catalog.models import Opportunity
from portico.due.runner import run_due
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.recount import recount
from sharing.actions import (
    answer_owner_question,
    recall_slots,
    refresh_release,
    release_slots,
    save_posting,
)
from sharing.models import MentorContact, OwnerQuestion, PoolListing
from sharing.schools import remove_school
from tenants.context import OWNER, tenant_context
from tenants.errors import Refused
from tenants.models import Tenant
from tenants.provisioning.provision import provision_school
from tests.conftest import _empty_tenants
from tests.world import Region, School

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "6"))
STEPS = int(os.environ.get("LEDGER_STEPS", "30"))
GUEST = "guest"  # the school that may leave
SCHOOLS = ("met", "academy", GUEST)
STEPS_OF_A_PLACEMENT = (
    "approve",
    "decline",
    "extend",
    "withdraw",
    "request_start",
    "approve_start",
    "decline_start",
    "complete",
    "end_early",
)
any_of = st.integers(min_value=0, max_value=10_000)  # an index, taken modulo what there is


def act(placement: Placement, action: str, *, coordinator, days: int = 7) -> Placement:
    """One button, pressed by whom it is for."""
    student, wanted = placement.student, {"placement_id": placement.id}
    if action == "approve":
        return actions.approve_request(actor=coordinator, **wanted)
    if action == "decline":
        return actions.decline_request(actor=coordinator, reason="Another time.", **wanted)
    if action == "extend":
        return actions.extend_pursuit(actor=coordinator, days=days, **wanted)
    if action == "withdraw":
        return actions.withdraw_placement(actor=student, **wanted)
    if action == "request_start":
        today = timezone.localdate()
        start = actions.StartRequest(
            starts_on=today,
            ends_on=today + datetime.timedelta(days=60),
            days=[2],
            start_time=datetime.time(9),
            end_time=datetime.time(12),
            goals=["Learn the trade"],
        )
        return actions.request_start(actor=student, start=start, **wanted)
    if action == "approve_start":
        return actions.approve_start(actor=coordinator, **wanted)
    if action == "decline_start":
        return actions.decline_start(actor=coordinator, reason="Add a goal.", **wanted)
    return actions.end_placement(
        actor=coordinator, completed=action == "complete", reason="The term is over.", **wanted
    )


def let_time_pass(days: int) -> None:
    """Put every deadline *days* nearer: PostgreSQL's own clock cannot be moved."""
    columns = {
        "internships_placement": "deadline",
        "catalog_opportunity": "frees_at",
        "sharing_poollisting": "frees_at",
        "sharing_hold": "until",
        "due_duework": "due_at",
    }
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname LIKE 'bronx%%'"
            " AND tablename = ANY(%s)",
            [list(columns)],
        )
        for schema, table in cursor.fetchall():
            column = columns[table]
            cursor.execute(
                f'UPDATE "{schema}"."{table}" SET {column} = {column} - make_interval(days => %s)',
                [days],
            )


class Ledger(RuleBasedStateMachine):
    """Three schools, a partner, their students; every rule is a button somebody may press."""

    @initialize()
    def people_and_offers(self) -> None:
        if not Tenant.objects.filter(schema_name=f"bronx__{GUEST}").exists():
            provision_school(region="bronx", code=GUEST, name="Guest School")
        self.region = Region("bronx")
        self.schools = {code: School(f"bronx__{code}") for code in SCHOOLS}
        self.students = {
            code: [school.student() for _ in range(3)] for code, school in self.schools.items()
        }
        self.offers: list[tuple[str, uuid.UUID]] = [
            (code, school.opportunity(capacity=2).id) for code, school in self.schools.items()
        ]
        self.partner = self.region.partner_staff()
        self.pool = [self.region.posting(staff=self.partner, slots=1).id]
        for code, offer in self.offers[:2]:
            with self.schools[code] as school:
                self.pool.append(self._release(school, offer, slots=1, ask_owner=code == "met"))
        self.placements: list[tuple[str, uuid.UUID]] = []

    def teardown(self) -> None:
        connections["default"].close()
        _empty_tenants()

    def _release(self, school: School, offer: uuid.UUID, **terms) -> uuid.UUID:
        return release_slots(actor=school.coordinator(), opportunity_id=offer, **terms)

    def _pick_offer(self, number: int) -> tuple[School, uuid.UUID]:
        code, offer = self.offers[number % len(self.offers)]
        return self.schools[code], offer

    @rule(number=any_of, slots=st.integers(1, 2), ask_owner=st.booleans())
    def release(self, number: int, slots: int, ask_owner: bool) -> None:
        school, offer = self._pick_offer(number)
        try:
            with school:
                listing = self._release(school, offer, slots=slots, ask_owner=ask_owner)
        except Refused:
            return
        if listing not in self.pool:
            self.pool.append(listing)

    @rule(number=any_of, slots=st.one_of(st.none(), st.integers(1, 3)))
    def recall(self, number: int, slots: int | None) -> None:
        school, offer = self._pick_offer(number)
        with school:
            recall_slots(actor=school.coordinator(), opportunity_id=offer, slots=slots)

    @rule(number=any_of, action=st.sampled_from(["publish", "pause", "archive"]))
    def change_state(self, number: int, action: str) -> None:
        school, offer = self._pick_offer(number)
        try:
            with school:
                changed = change_opportunity_state(
                    actor=school.coordinator(), opportunity_id=offer, action=action
                )
                refresh_release(opportunity=changed)
        except Refused:
            return

    @rule(number=any_of, capacity=st.integers(1, 4))
    def change_capacity(self, number: int, capacity: int) -> None:
        school, offer = self._pick_offer(number)
        try:
            with school:
                opportunity = Opportunity.objects.get(id=offer)
                opportunity.capacity = capacity
                saved = save_opportunity(actor=school.coordinator(), opportunity=opportunity)
                refresh_release(opportunity=saved)
        except Refused:
            return

    @rule(slots=st.integers(1, 3), state=st.sampled_from(["open", "closed"]))
    def partner_edits(self, slots: int, state: str) -> None:
        try:
            with self.region:
                listing = PoolListing.objects.get(id=self.pool[0])
                listing.slots, listing.state = slots, state
                contact = MentorContact.objects.get(listing=listing)
                save_posting(actor=self.partner, listing=listing, contact=contact)
        except Refused:
            return

    @rule(who=any_of, what=any_of)
    def request(self, who: int, what: int) -> None:
        code = list(self.schools)[who % len(self.schools)]
        mine = [offer for origin, offer in self.offers if origin == code]
        wanted = [*mine, *self.pool]
        try:
            with self.schools[code]:
                placement = actions.request_placement(
                    student=self.students[code][who % 3], listing_id=wanted[what % len(wanted)]
                )
        except Refused:
            return
        self.placements.append((code, placement.id))

    @precondition(lambda self: self.placements)
    @rule(number=any_of, action=st.sampled_from(STEPS_OF_A_PLACEMENT), days=st.integers(1, 30))
    def step(self, number: int, action: str, days: int) -> None:
        code, placement_id = self.placements[number % len(self.placements)]
        school = self.schools[code]
        try:
            with school:
                placement = Placement.objects.select_related("student").get(id=placement_id)
                act(placement, action, coordinator=school.coordinator(), days=days)
        except Refused:
            return

    @precondition(lambda self: self.placements)
    @rule(number=any_of)
    def the_next_step(self, number: int) -> None:
        """Whatever comes next on the way, so that long ways are walked often."""
        following = {
            "requested": "approve",
            "pursuing": "request_start",
            "start_requested": "approve_start",
            "active": "complete",
        }
        code, placement_id = self.placements[number % len(self.placements)]
        with self.schools[code]:
            state = Placement.objects.get(id=placement_id).state
        if state in following:
            self.step(number=number, action=following[state], days=7)

    @rule(agreed=st.booleans())
    def owner_answers(self, agreed: bool) -> None:
        with self.region:
            question = OwnerQuestion.objects.filter(state="asked").first()
        if question is None:
            return
        owner = School(question.owner)
        try:
            with owner:
                answer_owner_question(
                    actor=owner.coordinator(),
                    question_id=question.id,
                    agreed=agreed,
                    reason="" if agreed else "Not this season.",
                )
        except Refused:
            return

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        let_time_pass(days)

    @rule()
    def worker(self) -> None:
        run_due(region="bronx")

    @precondition(lambda self: GUEST in self.schools)
    @rule(surely=st.integers(1, 4))
    def guest_leaves(self, surely: int) -> None:
        if surely > 1:
            return
        connections["default"].close()
        try:
            remove_school(region="bronx", code=GUEST)
        except Refused:
            return
        del self.schools[GUEST]
        self.offers = [one for one in self.offers if one[0] != GUEST]
        self.placements = [one for one in self.placements if one[0] != GUEST]

    @invariant()
    def the_ledger_is_what_its_rows_say(self) -> None:
        assert recount(region="bronx") == []


def test_any_order_of_acts_keeps_the_ledger(committed_db):
    try:
        run_state_machine_as_test(
            Ledger,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                derandomize="LEDGER_EXAMPLES" not in os.environ,
                database=None,
            ),
        )
    finally:
        if Tenant.objects.filter(schema_name=f"bronx__{GUEST}").exists():
            remove_school(region="bronx", code=GUEST)


def test_a_recount_finds_what_does_not_add_up(committed_db, met, academy):
    """It can fail: each total spoilt by hand is named."""
    listing = met.release(met.opportunity(capacity=2))
    academy.placement(listing, state="pursuing")
    own = met.placement(met.opportunity().id, state="pursuing")
    assert recount(region="bronx") == []
    spoilt = {
        "UPDATE bronx.sharing_poollisting SET slots = 5, taken = 0": "taken",
        "UPDATE bronx__met.catalog_opportunity SET taken = 0": "taken",
        "DELETE FROM bronx.due_duework WHERE kind = 'expire'": "planned to expire",
        "UPDATE bronx__met.internships_placement SET state = 'active'": "state by history",
        "DELETE FROM bronx.sharing_hold": "hold",
    }
    for statement, word in spoilt.items():
        with connections[OWNER].cursor() as cursor:
            cursor.execute(statement)
        assert any(word in difference.about for difference in recount(region="bronx")), statement
    with tenant_context(met.schema):
        assert Placement.objects.get(id=own.id).state == "active"
