"""What a phone needs to install the portal: a name, a colour, icons."""

from typing import Any


def web_manifest(
    *, name: str, short_name: str, color: str, icon_url: str, maskable_icon_url: str
) -> dict[str, Any]:
    """The web app manifest of one school or region, ready for JsonResponse.

    Serve it as application/manifest+json under the URL name `manifest`, and base.html links it.
    """
    svg = {"sizes": "any", "type": "image/svg+xml"}
    return {
        "id": "/",
        "name": name,
        "short_name": short_name[:12],
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf8f5",
        "theme_color": color,
        "icons": [
            {"src": icon_url, "purpose": "any", **svg},
            {"src": maskable_icon_url, "purpose": "maskable", **svg},
        ],
    }
