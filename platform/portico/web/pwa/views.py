"""What makes the portal an app on a phone."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from portico.web.manifest import web_manifest
from portico.web.pwa.precache import draw_offline, draw_shell, frame_of, precache
from tenants.models import Tenant


@require_GET
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker, at the root so that its scope is the whole site; `?language=` is its pages'.

    `?classic` is for browsers without module workers: the same, without Background Sync.
    """
    kept = precache(_tenant(request), language=_language(request))
    context = {
        "module": "classic" not in request.GET,
        "version": kept.version,
        "urls": json.dumps(kept.urls),
        "check_in": reverse("check-in"),
        "shell": kept.shell,
        "offline": kept.offline,
    }
    return HttpResponse(render_to_string("pwa/sw.js", context), content_type="text/javascript")


@require_GET
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """Name, colour, icons, and a short way to check-in from the app's icon."""
    tenant = _tenant(request)
    described: dict[str, Any] = web_manifest(
        name=tenant.name,
        short_name=tenant.short_name or tenant.name,
        color=tenant.color,
        icon_url=static("portico/icon.svg"),
        maskable_icon_url=static("portico/icon-maskable.svg"),
    )
    described["shortcuts"] = [{"name": _("Check in"), "url": reverse("check-in")}]
    return JsonResponse(described, content_type="application/manifest+json")


@require_GET
@cache_control(no_cache=True)
def check_in_shell(request: HttpRequest) -> HttpResponse:
    """The check-in page without a person; the same whoever asks."""
    return HttpResponse(draw_shell(frame_of(_tenant(request)), language=_language(request)))


@require_GET
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """What the worker shows in place of a page that needs a network."""
    return HttpResponse(draw_offline(frame_of(_tenant(request)), language=_language(request)))


def _tenant(request: HttpRequest) -> Tenant:
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    return tenant


def _language(request: HttpRequest) -> str:
    """The language in the address: the worker fetches without cookies."""
    asked = request.GET.get("language", "")
    known = asked in dict(settings.LANGUAGES) and check_for_language(asked)
    return asked if known else settings.LANGUAGE_CODE
