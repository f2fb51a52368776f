"""What Prometheus is told about the database and the queues, asked when it asks.

One short query a region, by the index of what is due; never one a school.
"""

import contextlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db import Error as DatabaseError
from django.db import connections
from django.db.models import Count, Min
from django.utils import timezone
from kombu.exceptions import OperationalError
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from portico.due.models import DueWork
from portico.due.queues import MOST_ATTEMPTS, live_at, messages_waiting
from portico.operating.health import OK, check_health
from tenants.context import current_alias, public_context, tenant_context
from tenants.models import Tenant
from tenants.queries import region_schemas

DELIVER = "deliver"  # the kind of due work that is a notice waiting to be sent


class Gauges(Collector):
    """Work that is due, notices that wait, connections, tenants; and which part is well."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        health = check_health()
        well = GaugeMetricFamily("portico_part_ok", "1 when a part is well.", labels=["part"])
        for part in ("database", "migrations", "valkey"):
            well.add_metric([part], float(getattr(health, part) == OK))
        yield well
        if health.valkey == OK:
            yield _queues()
        try:
            yield from _due_work()
            yield from _connections()
            yield _tenants()
        except DatabaseError:
            return  # the gauge above says it


def _queues() -> GaugeMetricFamily:
    """Which line grows because too few workers, or none, take from it."""
    family = GaugeMetricFamily(
        "portico_queue_waiting", "Messages no worker has taken yet.", labels=["queue"]
    )
    with contextlib.suppress(RedisError, OperationalError):  # gone since it was asked
        for queue, count in messages_waiting().items():
            family.add_metric([queue], count)
    return family


def _due_work() -> Iterator[GaugeMetricFamily]:
    now = timezone.now()
    due: Counter[str] = Counter()
    waiting = given_up = 0
    oldest: datetime | None = None
    for region in region_schemas():
        with tenant_context(region):
            planned = DueWork.objects.all()
            live = planned.filter(live_at(now))
            for kind, count, first in live.values_list("kind").annotate(Count("id"), Min("due_at")):
                due[kind] += count
                oldest = min(oldest or first, first)
            waiting += planned.filter(kind=DELIVER).count()
            given_up += planned.filter(attempts__gte=MOST_ATTEMPTS).count()
    waits = GaugeMetricFamily(
        "portico_due_work", "Pieces of work that are due and not done.", labels=["kind"]
    )
    for kind, count in due.items():
        waits.add_metric([kind], count)
    yield waits
    yield GaugeMetricFamily(
        "portico_due_work_oldest_seconds",
        "How long the oldest piece has been due.",
        value=(now - oldest).total_seconds() if oldest else 0,
    )
    yield GaugeMetricFamily(
        "portico_due_work_given_up", "Pieces that failed too often.", value=given_up
    )
    yield GaugeMetricFamily("portico_notices_waiting", "E-mails to be sent.", value=waiting)


def _connections() -> Iterator[GaugeMetricFamily]:
    """The site's own; PostgreSQL does not show it the state of others'."""
    with public_context(), connections[current_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = session_user GROUP BY 1"
        )
        states = cursor.fetchall()
        cursor.execute("SELECT current_setting('max_connections')::int")
        (most,) = cursor.fetchone()
    held = GaugeMetricFamily(
        "portico_database_connections", "The site's connections to PostgreSQL.", labels=["state"]
    )
    for state, count in states:
        held.add_metric([state], count)
    yield held
    yield GaugeMetricFamily(
        "portico_database_connections_limit", "How many PostgreSQL allows.", value=most
    )


def _tenants() -> GaugeMetricFamily:
    with public_context():
        kinds = dict(
            Tenant.objects.exclude(kind="public").values_list("kind").annotate(Count("id"))
        )
    family = GaugeMetricFamily("portico_tenants", "Regions and schools.", labels=["tenant_kind"])
    for kind in ("region", "school"):
        family.add_metric([kind], kinds.get(kind, 0))
    return family
