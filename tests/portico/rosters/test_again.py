"""Whatever a roster holds and whoever is there: applied once more, it changes nothing."""

import datetime
import tempfile
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Term
from portico.accounts.models import Person
from portico.rosters.actions import apply_roster
from portico.rosters.difference import find_difference
from portico.rosters.oneroster import read_oneroster
from portico.rosters.roster import Roster
from tests.portico.rosters.exports import Export
from tests.world import School

TODAY = datetime.date(2026, 11, 24)
IDS = ["a", "b", "c", "d", "e"]
EMAILS = ["", "", "one@example.org", "two@example.org", "three@example.org"]
NAMES = ["Luz", "Kofi", "Robin"]
DAYS = [("2026-09-01", "2027-01-31"), ("2027-02-01", "2027-06-30"), ("2026-09-01", "2027-06-30")]

users = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["student", "teacher"]),
        "email": st.sampled_from(EMAILS),
        "givenName": st.sampled_from(NAMES),
        "familyName": st.just("Vale"),
        "grades": st.sampled_from(["", "09", "12"]),
        "metadata.cteConcentrator": st.sampled_from(["", "true", "false"]),
        "enabledUser": st.sampled_from(["true", "true", "true", "false"]),
    }
)
there = st.fixed_dictionaries(
    {
        "roles": st.sampled_from(
            [["student"], ["teacher"], ["coordinator"], ["teacher", "coordinator"]]
        ),
        "email": st.sampled_from(EMAILS[2:]),
        "given_name": st.sampled_from(NAMES),
        "is_active": st.booleans(),
    }
)


@st.composite
def exports(draw: st.DrawFn) -> Export:
    export = (
        Export(version=draw(st.sampled_from(["1.1", "1.2"]))).org("o-met").org("o-aca", "Other")
    )
    export.rows.setdefault("roles", []) if export.version == "1.2" else None
    for source_id, facts in draw(st.dictionaries(st.sampled_from(IDS), users, min_size=1)).items():
        org = draw(st.sampled_from(["o-met", "o-met", "o-met", "o-aca"]))
        export.user(source_id, org, **facts)
    here = [row["sourcedId"] for row in export.rows["users"]]
    for group in draw(st.sets(st.sampled_from(["g1", "g2"]))):
        export.group(group, "o-met", classType=draw(st.sampled_from(["homeroom", "scheduled"])))
        for user in draw(st.sets(st.sampled_from(here))):
            export.enroll(group, user, draw(st.sampled_from(["student", "teacher"])))
    for number, days in enumerate(draw(st.lists(st.sampled_from(DAYS), max_size=3))):
        export.term(f"x{number}", draw(st.sampled_from(["Fall 2026", "Spring 2027"])), *days)
    return export


def roster_of(export: Export) -> Roster:
    with tempfile.TemporaryDirectory() as folder:
        return read_oneroster(export.write(Path(folder)), today=TODAY)


def bring_in(roster: Roster) -> None:
    apply_roster(
        roster=roster, org=roster.orgs["o-met"], school="bronx__met", label="test", allow=True
    )


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    people=st.lists(there, max_size=3, unique_by=lambda facts: facts["email"]),
    first=exports(),
    second=exports(),
)
def test_once_more_changes_nothing(
    people: list[dict], first: Export, second: Export, met: School
) -> None:
    with met:
        for facts in people:
            Person.objects.create(family_name="Vale", **facts)
        Term.objects.create(
            name="Fall 2026", starts_on=datetime.date(2026, 7, 1),
            ends_on=datetime.date(2026, 12, 31),
        )  # fmt: skip
        seen: set[object] = set()
        for export in (first, second, first):
            own = set(
                Person.objects.filter(is_active=True, roles__contains=["coordinator"]).values_list(
                    "id", flat=True
                )
            )
            roster = roster_of(export)
            bring_in(roster)
            again = find_difference(roster, roster.orgs["o-met"])
            assert again.is_empty, again.changes or again.terms
            now = set(Person.objects.values_list("id", flat=True))
            assert seen <= now, "nobody is deleted"
            assert own <= set(Person.objects.filter(is_active=True).values_list("id", flat=True)), (
                "who coordinates is not sent away"
            )
            seen = now
        transaction.set_rollback(True)
