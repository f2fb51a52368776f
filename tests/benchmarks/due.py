"""Due work: the same work in a region of few schools (limit) and of many.

Looking school by school would cost with each school there is; one index costs what is due.
"""

import statistics
import time

from django.core import mail
from django.db import connections

from portico.accounts.models import Person
from portico.due.models import DueWork
from portico.due.runner import run_due
from portico.notices.actions import tell
from tenants.context import tenant_context
from tenants.provisioning.provision import provision_region, provision_school
from tenants.setup import set_up_database
from tests.benchmarks.case import Case

FEW = 10
MANY = {"small": 200, "full": 1000}
BUSY = 10  # schools with mail to send, the same number in both regions
MAILS = 20  # in each of them
RUNS = 5
DATA = {"title": "Urban Farm Apprentice", "origin": "Bronx Academy", "reason": "Full."}


def measure(scale: str) -> list[Case]:
    set_up_database()
    sizes = {"few": FEW, "many": MANY[scale]}
    for region, count in sizes.items():
        provision_region(code=region, name=region.title())
        for number in range(count):
            provision_school(region=region, code=f"school{number}", name=f"School {number}")
    seconds: dict[str, list[float]] = {"few": [], "many": []}
    idle: dict[str, list[float]] = {"few": [], "many": []}
    for _ in range(RUNS):  # in turn, so that a busy machine is busy for both
        for region in sizes:
            _write_mails(region)
            seconds[region].append(_run(region, expect=BUSY * MAILS))
            idle[region].append(_run(region, expect=0))
    few, many = (statistics.median(seconds[region]) for region in sizes)
    few_idle, many_idle = (statistics.median(idle[region]) for region in sizes)
    return [
        Case(
            case=f"{BUSY * MAILS} mails due, {MANY[scale]} schools beside {FEW}",
            unit="s",
            ours=many,
            limit=few,
            aim="≤ 1.5 × limit",
            ok=many <= 1.5 * few,
        ),
        Case(
            case=f"nothing due, {MANY[scale]} schools beside {FEW}",
            unit="s",
            ours=many_idle,
            limit=few_idle,
            aim="≤ 1.5 × limit",
            ok=many_idle <= 1.5 * few_idle,
        ),
    ]


def _write_mails(region: str) -> None:
    for number in range(BUSY):
        with tenant_context(f"{region}__school{number}"):
            person, _made = Person.objects.get_or_create(
                email=f"student{number}@example.org",
                defaults={"given_name": "Pat", "family_name": "Learner", "roles": ["student"]},
            )
            for _ in range(MAILS):
                tell(kind="owner_refused", person=person, data=DATA)
    with tenant_context(region):
        DueWork.objects.exclude(kind="deliver").delete()


def _run(region: str, *, expect: int) -> float:
    """One visit of a worker whose connection is open already."""
    mail.outbox = []
    with tenant_context(region):
        connections["default"].ensure_connection()
    began = time.perf_counter()
    run_due(region=region)
    took = time.perf_counter() - began
    if len(mail.outbox) != expect:
        raise RuntimeError(f"{len(mail.outbox)} mails were sent, not {expect}")
    return took
