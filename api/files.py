"""Answers that are files."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes

PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}


def pdf_answer(body: bytes, *, name: str) -> HttpResponse:
    """A PDF to be kept under *name*."""
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer
