"""What is counted, for Prometheus. docs/operating.md has the table.

Labels are kinds of tenant, routes, kinds of work: few, known beforehand, and never a
school's, a person's or a thing's. Processes count each into files of their own in
PROMETHEUS_MULTIPROC_DIR; whoever reads adds them up.
"""

from django.db import transaction
from prometheus_client import Counter, Histogram

FAST_TO_SLOW = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds

REQUESTS = Counter(
    "portico_requests",
    "Requests answered, by kind of tenant, method, route and status.",
    ["tenant_kind", "method", "route", "status"],
)
REQUEST_SECONDS = Histogram(
    "portico_request_seconds",
    "Time from a request to its answer, in seconds.",
    ["tenant_kind", "route"],
    buckets=FAST_TO_SLOW,
)
JOBS = Counter("portico_jobs", "Jobs of the workers that ended.", ["job", "outcome"])
JOB_SECONDS = Histogram(
    "portico_job_seconds", "Time a job took, in seconds.", ["job"], buckets=(*FAST_TO_SLOW, 60, 300)
)
DUE_WORK_DONE = Counter(
    "portico_due_work_done",
    "Pieces of due work taken up: done, failed, or halted because what they need is away.",
    ["kind", "outcome"],
)
NOTICES = Counter(
    "portico_notices", "E-mails the mail server took, put off, or refused for good.", ["outcome"]
)
CHECK_INS = Counter("portico_check_ins", "Taps at the site: in, out, confirm.", ["kind"])
POOL_CLAIMS = Counter(
    "portico_pool_claims", "Asking for a slot of a pool listing: taken, or none free.", ["outcome"]
)

REPLICA_READS = Counter(
    "portico_replica_reads",
    "Pages and jobs that may be read from a replica: replica, or why the primary was.",
    ["outcome"],
)


def count_after_commit(counter: Counter, *, using: str, **labels: str) -> None:
    """Count one once the transaction on alias *using* is committed; nothing if it never is."""
    transaction.on_commit(lambda: counter.labels(**labels).inc(), using=using)
