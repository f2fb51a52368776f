"""The Celery application and its clock.

Celery only wakes the work: what is due is a row in PostgreSQL, so a lost message
delays nothing by more than one beat.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.settings.prod")

app = Celery("portico")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def plan_beats(sender: Celery, **kwargs: object) -> None:
    """Every DUE_WORK_SECONDS, look for due work in each region."""
    from django.conf import settings

    from portico.due.tasks import wake_regions

    sender.add_periodic_task(settings.DUE_WORK_SECONDS, wake_regions.s(), name="due work")
