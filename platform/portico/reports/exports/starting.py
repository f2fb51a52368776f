"""Taking a table out: a short one is written at once, a long one by the worker."""

import uuid

from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from portico.accounts.models import Person
from portico.reports.exports.runs import MOST_AT_ONCE, Run, file_run, find_run, make_file
from portico.reports.exports.table import Table
from portico.reports.tasks import make_export
from tenants.errors import Refused


def start_export(*, actor: Person, table: Table, file_format: str) -> Run:
    """The run of *table* as a file, done already when it is short (find_run says how far).

    Refused: `no_worker` when a long one has nobody to make it.
    """
    run = file_run(actor=actor, table=table, file_format=file_format)
    if run.total > MOST_AT_ONCE:
        try:
            make_export.delay(run.schema, run.id)
        except OperationalError as gone:
            raise Refused(
                "no_worker", _("The worker cannot be reached. Please try again later.")
            ) from gone
        return run
    make_file(schema=run.schema, run_id=run.id)
    return find_run(run_id=uuid.UUID(run.id), person=actor) or run
