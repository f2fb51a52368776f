"""The same acts by many threads of many schools at once; afterwards the recount agrees.

LEDGER_THREADS=200 LEDGER_SCHOOLS=50 is the full measure; by default it is a small one.
"""

import os
import random
import threading
from collections import Counter

import pytest
from django.db import connections

from catalog.models import Opportunity
from portico.due.models import DueWork
from portico.due.runner import run_due
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.recount import recount
from sharing.actions import answer_owner_question, recall_slots, release_slots
from sharing.models import OwnerQuestion
from tenants.context import tenant_context
from tenants.errors import Refused
from tenants.provisioning.provision import provision_school, remove_school
from tenants.retry import again_on_deadlock
from tests.conftest import _empty_tenants
from tests.portico.internships.test_ledger import STEPS_OF_A_PLACEMENT, act, let_time_pass
from tests.world import School

THREADS = int(os.environ.get("LEDGER_THREADS", "24"))
SCHOOLS = int(os.environ.get("LEDGER_SCHOOLS", "3"))
ACTS = 12
STUDENTS = 6


class Crowd:
    """What every thread may touch: few offers and many hands, so that they meet."""

    def __init__(self, schools: list[School]) -> None:
        self.schools = schools
        self.students = {one.schema: [one.student() for _ in range(STUDENTS)] for one in schools}
        self.coordinators = {one.schema: one.coordinator() for one in schools}
        self.own = {one.schema: one.opportunity(capacity=2).id for one in schools}
        self.pool = [
            one.release(one.opportunity(capacity=2), ask_owner=number % 3 == 0)
            for number, one in enumerate(schools[:4])
        ]
        self.outcomes: Counter[str] = Counter()
        self.broken: list[str] = []
        self._counting = threading.Lock()

    def run(self, number: int, gate: threading.Barrier) -> None:
        dice = random.Random(number)
        gate.wait()
        for _ in range(ACTS):
            school = self.schools[dice.randrange(len(self.schools))]
            try:
                outcome = self._one(school, dice)
            except Refused as refusal:
                outcome = refusal.code
            except Exception as error:
                outcome = "broken"
                with self._counting:
                    self.broken.append(repr(error))
            with self._counting:
                self.outcomes[outcome] += 1
        connections["default"].close()

    def _one(self, school: School, dice: random.Random) -> str:
        if dice.random() < 0.05:
            run_due(region="bronx")
            return "worker"
        with tenant_context(school.schema):
            # as a page does it: see portico.web.access
            return again_on_deadlock(lambda: self._act(school, dice))

    def _act(self, school: School, dice: random.Random) -> str:
        coordinator = self.coordinators[school.schema]
        kind = dice.choice(["request", "step", "step", "step", "release", "recall", "answer"])
        if kind == "request":
            wanted = dice.choice([self.own[school.schema], *self.pool])
            student = dice.choice(self.students[school.schema])
            actions.request_placement(student=student, listing_id=wanted)
        elif kind == "step":
            placement = Placement.objects.select_related("student").order_by("?").first()
            if placement is None:
                return "nothing yet"
            act(placement, dice.choice(STEPS_OF_A_PLACEMENT), coordinator=coordinator)
        elif kind == "answer":
            asked = OwnerQuestion.objects.filter(owner=school.schema, state="asked").first()
            if asked is None:
                return "nothing asked"
            answer_owner_question(
                actor=coordinator, question_id=asked.id, agreed=dice.random() < 0.7, reason="No."
            )
        else:
            offer = dice.choice(list(Opportunity.objects.values_list("id", flat=True)))
            if kind == "release":
                release_slots(actor=coordinator, opportunity_id=offer, slots=1)
            else:
                recall_slots(actor=coordinator, opportunity_id=offer, slots=1)
        return kind


@pytest.fixture
def schools(committed_db):
    codes = ["met", "academy", "riverdale"]
    more = [f"crowd{number}" for number in range(SCHOOLS - len(codes))]
    for code in more:
        provision_school(region="bronx", code=code, name=f"School {code}")
    yield [School(f"bronx__{code}") for code in [*codes, *more]]
    connections["default"].close()
    _empty_tenants()
    for code in more:
        remove_school(schema=f"bronx__{code}")


def test_many_hands_at_once_keep_the_ledger(schools, bronx):
    crowd = Crowd(schools)
    for _round in range(2):
        gate = threading.Barrier(THREADS)
        threads = [
            threading.Thread(target=crowd.run, args=(number, gate)) for number in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert crowd.broken == []
        assert recount(region="bronx") == []
        let_time_pass(15)  # the next round claims what has come free, beside the workers
    run_due(region="bronx")
    assert recount(region="bronx") == []
    with bronx:
        assert not DueWork.objects.filter(attempts__gt=0).exists()
    for act_done in ("request", "step", "release", "recall"):
        assert crowd.outcomes[act_done], crowd.outcomes
