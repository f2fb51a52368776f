"""Reading due work."""

from portico.due.models import DueWork
from portico.due.queues import MOST_ATTEMPTS
from tenants.context import tenant_context


def given_up_work(*, region: str) -> list[DueWork]:
    """Pieces that failed MOST_ATTEMPTS times: the log says why, an update may mend them."""
    with tenant_context(region):
        return list(DueWork.objects.filter(attempts__gte=MOST_ATTEMPTS).order_by("due_at"))
