"""Production's settings, but for styles: they are served from where they are made."""

from portico.settings.prod import *  # noqa: F403
from portico.settings.prod import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
EMAIL_TIMEOUT = 3  # seconds; a drill has less patience with a server that hangs
