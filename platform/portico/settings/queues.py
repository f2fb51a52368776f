"""Which work waits in which queue, so that what takes long holds up nothing else.

A worker takes all of them, unless WORKER_QUEUES or Celery's `--queues` names some.
"""

from kombu import Queue

PUNCTUAL = "deadlines"  # what the clock ends, what somebody waits for, and what is not named here
QUEUES = (PUNCTUAL, "mail", "webhooks", "upkeep", "long")
# Queue → kinds of due work (settings.DUE_WORK); the rest is punctual.
WORK_QUEUES = {
    "mail": ("deliver", "daily_mail", "wish_news", "saved_search", "mentor_mail", "week_digest"),
    "webhooks": ("webhook", "webhook_log"),
    "upkeep": ("rollup", "seal"),
}
# Task → queue; `wake_region` goes to the queue whose work it wakes.
TASK_ROUTES = {
    "portico.due.tasks.wake_region": PUNCTUAL,
    "portico.due.tasks.wake_regions": PUNCTUAL,
    "portico.privacy.tasks.apply_retention": "long",
    "portico.reports.tasks.make_export": "long",
    "portico.rosters.tasks.apply_upload": "long",
    "portico.rosters.tasks.forget_old_uploads": "upkeep",
    "portico.rosters.tasks.pull_rosters": "long",
    "portico.rosters.tasks.read_upload": "long",
    "portico.signin.tasks.send_school_links": "mail",
    "sharing.tasks.make_requested_school": PUNCTUAL,
}


def task_routes() -> dict[str, dict[str, str]]:
    """CELERY_TASK_ROUTES."""
    return {task: {"queue": queue} for task, queue in TASK_ROUTES.items()}


def task_queues(wanted: list[str]) -> list[Queue]:
    """CELERY_TASK_QUEUES: what a worker takes. ValueError for a queue there is none of."""
    if unknown := set(wanted) - set(QUEUES):
        raise ValueError(f"WORKER_QUEUES: {', '.join(sorted(unknown))}; there are {QUEUES}")
    return [Queue(name, routing_key=name) for name in wanted or QUEUES]
