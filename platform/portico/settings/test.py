"""Tests: real PostgreSQL and Valkey from the environment, fast hashing, mail kept in memory."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)

from portico.settings.base import *  # noqa: F403
from portico.settings.document_storage import document_storage

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = False
OVERVIEW_SECONDS = 0  # what a test has just counted, it sees
# Test processes share one Valkey: each has queues, and a database it may clear, of its own.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_NUMBER = 0 if _WORKER == "main" else 1 + int(_WORKER.removeprefix("gw"))
CACHES["default"]["LOCATION"] = (  # noqa: F405
    f"{REDIS_URL.rpartition('/')[0]}/{1 + _NUMBER % 14}"  # noqa: F405
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,  # noqa: F405
    "global_keyprefix": f"test-{_WORKER}:",
}
_DOCUMENTS = tempfile.TemporaryDirectory(prefix="portico-documents-")  # gone with the process
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "documents": document_storage(folder=_DOCUMENTS.name),
}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None  # files are served from where they are made
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405  (a thread a request in the browser tests)
OIDC_ALLOW_HTTP = True  # the tests' provider is on this machine
