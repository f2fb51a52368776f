"""Production's settings, but static files are served from where they are made: a test collects
none. What collecting makes is tests/portico/web/test_storage.py's matter.
"""

from portico.settings.prod import *  # noqa: F403
from portico.settings.prod import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
