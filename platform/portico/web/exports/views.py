"""Taking tables out: what there is, making a file, how far it is, fetching it."""

import uuid
from itertools import islice

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from portico.accounts import may
from portico.reports.exports import Table, tables_here
from portico.reports.exports.runs import (
    DONE,
    FAILED,
    MOST_AT_ONCE,
    find_run,
    note_export,
)
from portico.reports.exports.starting import start_export
from portico.reports.exports.writing import FORMATS
from portico.reports.work_based_learning import graduates_who_took_part
from portico.web.access import PortalRequest, page
from tenants.replica_reads import reads_replica

PRINT = "print"


@require_GET
@reads_replica
@page(may.EXPORT)
def exports(request: PortalRequest) -> HttpResponse:
    kind = request.tenant.kind
    tables = tables_here(kind).values()
    context = {
        "nav": "exports",
        "rows": [{"table": table, "count": table.count()} for table in tables],
        "took_part": graduates_who_took_part() if kind == "school" else None,
    }
    return render(request, "exports/page.html", context)


@require_POST
@page(may.EXPORT)
def make(request: PortalRequest) -> HttpResponse:
    """A short table at once, a long one by the worker; or a page to print."""
    table = tables_here(request.tenant.kind).get(request.POST.get("table", ""))
    wanted = request.POST.get("format", "")
    if table is None or wanted not in (*FORMATS, PRINT):
        raise Http404
    if wanted == PRINT:
        return _print(request, table)
    run = start_export(actor=request.user, table=table, file_format=wanted)
    return redirect("export-file" if run.state == DONE else "export-run", run_id=run.id)


def _print(request: PortalRequest, table: Table) -> HttpResponse:
    count = table.count()
    note_export(
        actor=request.user, table=table.key, file_format=PRINT, rows=min(count, MOST_AT_ONCE)
    )
    context = {
        "nav": "exports",
        "table": table,
        "rows": list(islice(table.rows(), MOST_AT_ONCE)),
        "left_out": max(0, count - MOST_AT_ONCE),
    }
    return render(request, "exports/print.html", context)


@require_GET
@page(may.EXPORT)
def run(request: PortalRequest, run_id: uuid.UUID) -> HttpResponse:
    """How far it is. htmx asks for the part that changes; without script one reloads."""
    found = find_run(run_id=run_id, person=request.user)
    if found is None:
        return render(request, "exports/gone.html", {"nav": "exports"}, status=404)
    table = tables_here(request.tenant.kind)[found.table]
    context = {
        "nav": "exports",
        "run": found,
        "table": table,
        "done": found.state == DONE,
        "failed": found.state == FAILED,
    }
    template = "exports/progress.html" if request.htmx else "exports/run.html"
    return render(request, template, context)


@require_GET
@page(may.EXPORT)
def file(request: PortalRequest, run_id: uuid.UUID) -> HttpResponse | FileResponse:
    """The file, for the one who asked, while its hour lasts."""
    found = find_run(run_id=run_id, person=request.user)
    if found is None or found.state != DONE or not found.path.exists():
        return render(request, "exports/gone.html", {"nav": "exports"}, status=404)
    response = FileResponse(
        found.path.open("rb"),
        as_attachment=True,
        filename=f"{request.tenant.code}-{found.table}.{found.file_format}",
        content_type=FORMATS[found.file_format],
    )
    response["Cache-Control"] = "no-store"
    return response
