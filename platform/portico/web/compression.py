"""Pages and answers are compressed by the site itself, whatever stands in front of it.

Not by the proxy: a proxy's ETag of the compressed answer is none the API knows, and its lengths
are exact. Django's middleware marks the ETag weak, which the API understands, and adds up to
100 random bytes, so that an answer's length does not tell what of a guess was in it (BREACH).
docs/security.md has the rest of that reasoning. Static files are compressed once, beforehand.
"""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

WORTH_IT = ("text/", "application/json", "application/problem+json", "application/manifest+json")


class CompressionMiddleware(GZipMiddleware):
    """gzip for text; spreadsheets, PDFs and pictures are compressed already."""

    def process_response(  # type: ignore[override]
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if not kind.startswith((*WORTH_IT, "image/svg+xml", "application/vnd.oai.openapi")):
            return response
        return super().process_response(request, response)  # type: ignore[arg-type]
