"""Celery's part of privacy: what the clock does at night."""

import logging

from celery import shared_task

from portico.privacy.retention import let_go
from tenants.context import tenant_context
from tenants.queries import region_schemas, schools_of

log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def apply_retention() -> None:
    """School by school, a transaction each; one that fails does not keep the others."""
    for region in region_schemas():
        for school in schools_of(region=region):
            try:
                with tenant_context(school.schema_name):
                    let_go(actor=None)
            except Exception:
                log.exception("retention failed in %s", school.schema_name)
