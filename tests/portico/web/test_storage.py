"""Static files in production: every name carries its content's hash, module imports too."""

import re

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from whitenoise.middleware import WhiteNoiseMiddleware

from portico.web.pwa.precache import modules


def test_collected_files_are_hashed_compressed_and_kept_for_ever(tmp_path, settings):
    """One test, for collecting takes a while; Leaflet and htmx are in, the API reference is not."""
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_AUTOREFRESH = False
    settings.WHITENOISE_USE_FINDERS = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "portico.web.storage.PorticoStaticStorage"},
    }
    big = ["drf_spectacular_sidecar*", "rest_framework*", "leaflet/draw*"]
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=big)

    hashed = staticfiles_storage.stored_name("portico/js/app.js")
    imports = re.findall(r'from "\./([^"]+)"', (tmp_path / hashed).read_text())
    assert len(imports) >= 4
    for name in imports:
        assert re.fullmatch(r"(checkin/)?[a-z-]+\.[0-9a-f]{12}\.js", name)
        assert (tmp_path / "portico" / "js" / name).exists()

    # what a phone keeps for check-in is what these modules load, hash for hash
    kept = {staticfiles_storage.stored_name(name) for name in modules()}
    for name in kept:
        folder = name.rpartition("/")[0]
        loaded = re.findall(r'from "\./([^"]+)"', (tmp_path / name).read_text())
        assert {f"{folder}/{module}" for module in loaded} <= kept

    served = WhiteNoiseMiddleware(lambda request: None, settings=settings).files
    whole = (tmp_path / hashed).stat().st_size
    for coding, ending in (("gzip", "gz"), ("br", "br")):
        answer = served[f"/static/{hashed}"].get_response("GET", {"HTTP_ACCEPT_ENCODING": coding})
        assert dict(answer.headers)["Content-Encoding"] == coding
        assert 0 < (tmp_path / f"{hashed}.{ending}").stat().st_size < whole / 2
    for name, for_ever in ((hashed, True), ("portico/js/app.js", False)):
        headers = dict(served[f"/static/{name}"].get_response("GET", {}).headers)
        assert ("immutable" in headers["Cache-Control"]) is for_ever
