"""The demo and development: real parts on this machine, e-mail to files."""

import hashlib
import os
from pathlib import Path

from portico.settings.base import *  # noqa: F403
from portico.settings.base import (
    BASE_DIR,
    DATABASE_URL,
    PORT,
    REPLICA_DATABASE_URLS,
    WEB_DATABASE_URL,
    env,
)
from portico.settings.databases import databases
from portico.settings.document_storage import document_storage

STATE_DIR = Path(os.environ.get("PORTICO_DATA") or BASE_DIR / ".portico")  # as portico.parts does
DEBUG = env.bool("DEBUG", default=False)
# Not a secret: a demo's key must survive a restart, and a demo is reached from this machine only.
SECRET_KEY = env("SECRET_KEY", default="") or hashlib.sha256(str(STATE_DIR).encode()).hexdigest()
DATABASES = databases(
    owner_address=DATABASE_URL,
    web_address=WEB_DATABASE_URL,
    secret=SECRET_KEY,
    replica_addresses=REPLICA_DATABASE_URLS,
)

ROSTER_DIR = env("ROSTER_DIR", default=str(STATE_DIR / "rosters"))
EXPORT_DIR = env("EXPORT_DIR", default=str(STATE_DIR / "exports"))
DOCUMENT_DIR = env("DOCUMENT_DIR", default=str(STATE_DIR / "documents"))
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=True)
HEARTBEAT_DIR = env("HEARTBEAT_DIR", default=str(STATE_DIR / "heartbeats"))
OUTBOX_DIR = STATE_DIR / "outbox"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(OUTBOX_DIR)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "documents": document_storage(folder=DOCUMENT_DIR),
}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None  # files are served from where they are made
CSRF_TRUSTED_ORIGINS = [f"http://*.localhost:{PORT}", f"http://localhost:{PORT}"]
