"""The Celery application and its clock.

Celery only wakes the work: what is due is a row in PostgreSQL, so a lost message
delays nothing by more than one beat.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.settings.prod")

from celery import Celery, Signature
from celery.schedules import crontab

from portico.telemetry.jobs import connect_jobs

app = Celery("portico")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
connect_jobs(app)


@app.on_after_finalize.connect
def plan_beats(sender: Celery, **kwargs: object) -> None:
    """Every DUE_WORK_SECONDS, look for due work in each region; nightly rosters and retention."""
    from django.conf import settings

    from portico.due.tasks import wake_regions

    sender.add_periodic_task(settings.DUE_WORK_SECONDS, wake_regions.s(), name="due work")
    # 7:10 UTC is the small hours in America; a district's export is done by then.
    sender.add_periodic_task(crontab(hour="7", minute="10"), _rosters("pull_rosters"))
    sender.add_periodic_task(crontab(minute="17"), _rosters("forget_old_uploads"))
    sender.add_periodic_task(
        crontab(hour="8", minute="40"), app.signature("portico.privacy.tasks.apply_retention")
    )


def _rosters(task: str) -> Signature:
    """By its name: `due` wakes workers through this module and may not know of rosters."""
    return app.signature(f"portico.rosters.tasks.{task}")
