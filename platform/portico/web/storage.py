"""Where static files go in production: every name carries a hash of its content.

WhiteNoise sees the hash in the name and sends `Cache-Control: max-age=315360000, immutable`,
so a browser fetches each version once; gzip and brotli copies are made beside each file.
"""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_MODULES = "portico/*.js"
# Django keeps the rules private; the storage test notices if a new version moves them
_, _IMPORT_RULES = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]


class PorticoStaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, also inside the `import` lines of our own ES modules.

    Django's switch for that (`support_js_module_import_aggregation`) reads every JavaScript
    file there is. A comment in one of django-htmx's extensions names a module that does not
    exist, and collectstatic would stop there: so the rule is for our own folder only.
    """

    patterns = (*HashedFilesMixin.patterns, (OWN_MODULES, _IMPORT_RULES))
