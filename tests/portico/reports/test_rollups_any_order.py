"""Whatever people do, in any order: a minute later the rollups are what is there."""

import os
from datetime import timedelta

import time_machine
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from catalog.actions import add_wish, remove_wish, set_favorite
from catalog.fields import Field
from catalog.models import WishlistItem
from portico.due.runner import run_due
from sharing.models import PoolListing, Rollup
from sharing.rollups import COUNTS
from sharing.schools import remove_school
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.portico.internships.test_ledger import GUEST, Ledger, any_of
from tests.portico.reports.by_hand import Counts, counted_by_hand

EXAMPLES = int(os.environ.get("ROLLUP_EXAMPLES", "4"))
STEPS = int(os.environ.get("ROLLUP_STEPS", "30"))


def kept(schema: str) -> Counts:
    with tenant_context("bronx"):
        rows = list(Rollup.objects.filter(school=schema))
    found = {
        (row.kind, row.key): {name: number for name in COUNTS if (number := getattr(row, name))}
        for row in rows
    }
    return {key: counts for key, counts in found.items() if counts}


class Counted(Ledger):
    """The ledger's buttons, wishes and favorites; and a minute that passes."""

    @rule(who=any_of, field=st.sampled_from(["", *Field.values]), job=st.sampled_from(["", "Vet"]))
    def wish(self, who: int, field: str, job: str) -> None:
        code = list(self.schools)[who % len(self.schools)]
        if field or job:
            with self.schools[code]:
                add_wish(student=self.students[code][who % 3], field=field, job=job)

    @rule(who=any_of)
    def wish_no_more(self, who: int) -> None:
        code = list(self.schools)[who % len(self.schools)]
        student = self.students[code][who % 3]
        with self.schools[code]:
            wish = WishlistItem.objects.filter(student=student).first()
            if wish is not None:
                remove_wish(student=student, wish_id=wish.id)

    @rule(who=any_of, what=any_of, saved=st.booleans())
    def save(self, who: int, what: int, saved: bool) -> None:
        code = list(self.schools)[who % len(self.schools)]
        mine = [offer for origin, offer in self.offers if origin == code]
        wanted = [*mine, *self.pool]
        with self.schools[code]:
            set_favorite(
                student=self.students[code][who % 3],
                listing_id=wanted[what % len(wanted)],
                saved=saved,
            )

    @rule()
    def a_minute_passes(self) -> None:
        with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
            run_due(region="bronx")
        self.rollups_are_what_is_there()

    def teardown(self) -> None:
        try:
            self.a_minute_passes()
        finally:
            super().teardown()

    def rollups_are_what_is_there(self) -> None:
        for code in self.schools:
            schema = f"bronx__{code}"
            with timezone.override("America/New_York"):
                assert kept(schema) == counted_by_hand(schema, region="bronx")
        with tenant_context("bronx"):
            posted = PoolListing.objects.filter(origin_kind="partner", state="open")
            slots = sum(posted.values_list("slots", flat=True))
        assert kept("bronx").get(("whole", ""), {}).get("released", 0) == slots


def test_a_minute_later_the_rollups_are_what_is_there(committed_db):
    try:
        run_state_machine_as_test(
            Counted,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                derandomize="ROLLUP_EXAMPLES" not in os.environ,
                database=None,
            ),
        )
    finally:
        connections["default"].close()
        if Tenant.objects.filter(schema_name=f"bronx__{GUEST}").exists():
            remove_school(region="bronx", code=GUEST)
