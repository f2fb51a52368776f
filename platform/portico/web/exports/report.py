"""The term report as a PDF: one for a school, one for a district."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from portico.accounts import may
from portico.reports.exports.runs import note_export
from portico.reports.term_report import report_for
from portico.web.access import PortalRequest, page


@require_POST
@page(may.EXPORT)
def report(request: PortalRequest) -> HttpResponse:
    # Not at the top: it brings fontTools, a second and 20 MB of every process.
    from portico.reports.term_report_pdf import report_pdf

    numbers = report_for(kind=request.tenant.kind)
    note_export(actor=request.user, table="term_report", file_format="pdf", rows=1)
    response = HttpResponse(
        report_pdf(numbers, tenant=request.tenant), content_type="application/pdf"
    )
    name = f"{request.tenant.code}-{numbers.term}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
