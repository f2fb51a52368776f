"""Production: everything from the environment, nothing guessed."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from portico.settings.base import *  # noqa: F403
from portico.settings.base import (
    BASE_HOST,
    DOCUMENT_STORAGE,
    LOGGING,
    METRICS_PORT,
    METRICS_TOKEN,
    PROMETHEUS_MULTIPROC_DIR,
    SECRET_KEY,
    SITE_SCHEME,
    env,
)

for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "BASE_HOST", "EMAIL_URL"):
    if not env(name, default=""):
        raise ImproperlyConfigured(f"Set {name} in the environment.")
if len(SECRET_KEY) < 40:
    raise ImproperlyConfigured("SECRET_KEY must have 40 characters or more.")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portico.web.storage.PorticoStaticStorage"},
    "documents": DOCUMENT_STORAGE,
}
# Without it everybody behind the proxy would be one address, to the limits and to history.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if SITE_SCHEME == "https" else 0)
if SITE_SCHEME == "https":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
if PROMETHEUS_MULTIPROC_DIR:  # prometheus_client does not make it
    Path(PROMETHEUS_MULTIPROC_DIR).mkdir(parents=True, exist_ok=True)
elif METRICS_TOKEN or METRICS_PORT:
    raise ImproperlyConfigured("Metrics need a folder: set PROMETHEUS_MULTIPROC_DIR too.")
LOGGING = {
    **LOGGING,
    "formatters": {"line": {"()": "portico.telemetry.json_lines.JsonLines"}},
}
CSRF_TRUSTED_ORIGINS = [f"{SITE_SCHEME}://*.{BASE_HOST}", f"{SITE_SCHEME}://{BASE_HOST}"]
