"""Settings every way of running shares. Values come from the environment.

`deploy/env.example` explains each variable.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from api.enum_names import ENUM_NAMES
from portico.settings.databases import databases
from portico.settings.document_storage import document_storage
from portico.settings.queues import PUNCTUAL, task_queues, task_routes
from portico.settings.retention import retention_bounds, retention_days
from portico.settings.schemas import PUBLIC_APPS, REGION_APPS, SCHOOL_APPS
from portico.settings.valkey import broker_options, broker_url

BASE_DIR = Path(__file__).resolve().parents[3]
env = environ.Env()

DEBUG = False
SECRET_KEY = env("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # still read, not used anew
BASE_HOST = env("BASE_HOST", default="localhost")  # tenants answer at <code>.<BASE_HOST>
PORT = env.int("PORT", default=8000)
SITE_SCHEME = env("SITE_SCHEME", default="http")
PUBLIC_PORT = env.int("PUBLIC_PORT", default=PORT)  # what people type, behind a proxy 443
TRUSTED_PROXIES = 0  # of ours before the site; each adds to X-Forwarded-For
ALLOWED_HOSTS = [f".{BASE_HOST}", BASE_HOST]

# --- tenants -------------------------------------------------------------------------
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = "kind"
PUBLIC_SCHEMA_NAME = "public"
TENANT_TYPES = {
    "public": {"APPS": PUBLIC_APPS, "URLCONF": "portico.web.urls_public"},
    "region": {"APPS": REGION_APPS, "URLCONF": "portico.web.urls_region"},
    "school": {"APPS": SCHOOL_APPS, "URLCONF": "portico.web.urls_school"},
}
DATABASE_ROUTERS = ["tenants.routers.SchemaRouter"]
TENANT_SYNC_ROUTER = "tenants.routers.SchemaRouter"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

INSTALLED_APPS = [
    "django_tenants",
    "tenants",
    "portico.accounts",
    "portico.due",
    "portico.audit",
    "portico.notices",
    "portico.webhooks",
    "portico.trust",
    "portico.signin",
    "catalog",
    "sharing",
    "portico.internships",
    "portico.attendance",
    "portico.documents",
    "portico.reports",
    "portico.rosters",
    "portico.privacy",
    "portico.web",
    "api",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_cotton",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "lucide",
    "csp",
    "leaflet",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "portico.operating.probes.ProbeMiddleware",
    "portico.telemetry.requests.RequestMiddleware",
    "portico.web.middleware.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portico.web.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "tenants.replica_reads.OwnWritesMiddleware",
    "tenants.middleware.TenantMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portico.signin.middleware.AuthenticationMiddleware",
    "portico.web.middleware.PersonMiddleware",
    "portico.web.people.viewing.ViewAsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portico.web.signin.middleware.SecondStepMiddleware",
]
ROOT_URLCONF = "portico.web.urls_public"
WSGI_APPLICATION = "portico.wsgi.application"

# --- databases -----------------------------------------------------------------------
DATABASE_URL = env("DATABASE_URL", default="postgresql://postgres@localhost:5432/portico")
WEB_DATABASE_URL = env("WEB_DATABASE_URL", default="")
REPLICA_DATABASE_URLS = env("REPLICA_DATABASE_URLS", default="")
REPLICA_MOST_LAG = env.int("REPLICA_MOST_LAG", default=30)  # seconds
DATABASES = databases(
    owner_address=DATABASE_URL,
    web_address=WEB_DATABASE_URL,
    secret=SECRET_KEY,
    replica_addresses=REPLICA_DATABASE_URLS,
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Valkey, Celery ------------------------------------------------------------------
REDIS_URL = env("REDIS_URL", default="redis://localhost:6379/0")
VALKEY_WAITS = {"socket_timeout": 1, "socket_connect_timeout": 1}  # seconds
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": [REDIS_URL],  # Django would take a text apart at its commas
        "KEY_PREFIX": "portico",
        # Counters only: a Valkey that hangs must not hold up a page.
        "OPTIONS": {**VALKEY_WAITS, "pool_class": "portico.valkey.Pool"},
    }
}
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = PUNCTUAL
CELERY_TASK_ROUTES = task_routes()
CELERY_TASK_QUEUES = task_queues(env.list("WORKER_QUEUES", default=[]))
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "portico.telemetry.jobs:BeatingScheduler"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    **broker_options(REDIS_URL),
}
# Kind of due work -> the function that does it (subject_id=…), returning None when done
# or the time to try again. settings/queues.py says which queue each kind waits in.
DUE_WORK = {
    "deliver": "portico.notices.delivery.deliver_notice",
    "daily_mail": "portico.notices.daily.write_daily",
    "wish_news": "sharing.wish_news.tell_wish_news",
    "release_held": "sharing.release_news.tell_held",
    "release_filled": "sharing.release_news.tell_filled",
    "release_freed": "sharing.release_news.tell_freed",
    "saved_search": "sharing.saved_searches.check_search",
    "webhook": "portico.webhooks.delivery.deliver_event",
    "webhook_log": "portico.webhooks.delivery.tidy_log",
    "rollup": "portico.reports.rollups.rollup",
    "seal": "portico.audit.sealing.seal_history",
    "expire": "portico.internships.jobs.expire_placement",
    "owner_asked": "portico.internships.jobs.tell_owner",
    "owner_answer": "portico.internships.jobs.apply_owner_answer",
    "close_forgotten": "portico.attendance.jobs.close_forgotten",
    "mentor_mail": "portico.attendance.jobs.mentor_mail",
    "quiet_mentor": "portico.attendance.jobs.quiet_mentor",
    "expected": "portico.attendance.jobs.expected",
    "week_digest": "portico.attendance.jobs.week_digest",
    "document_wait": "portico.documents.jobs.document_wait",
    "document_ends": "portico.documents.jobs.document_ends",
}
DUE_WORK_SECONDS = env.int("DUE_WORK_SECONDS", default=10)
# What an internship may not start without, asked by internships.actions.approve_start: each
# is called with placement=… and names what is missing. They stand here because what they
# know of lies above internships.
START_CHECKS = ["portico.documents.checklist.missing_before_start"]

# --- numbers -------------------------------------------------------------------------
SMALLEST_GROUP = env.int("SMALLEST_GROUP", default=10)  # fewer students are not shown
OVERVIEW_SECONDS = 10  # how long a region's sums are kept; see reports/at_a_glance.py
EXPORT_DIR = env("EXPORT_DIR", default=str(BASE_DIR / ".portico" / "exports"))
# Perkins V, 5S3: what your state counts as work-based learning.
WORK_BASED_LEARNING_HOURS = env.int("WORK_BASED_LEARNING_HOURS", default=40)
WORK_BASED_LEARNING_GRADE = env.int("WORK_BASED_LEARNING_GRADE", default=12)

# --- documents -----------------------------------------------------------------------
DOCUMENT_DIR = env("DOCUMENT_DIR", default=str(BASE_DIR / ".portico" / "documents"))
DOCUMENT_MAX_BYTES = env.int("DOCUMENT_MAX_MB", default=10) * 1_000_000
DOCUMENT_STORAGE = document_storage(
    folder=DOCUMENT_DIR,
    bucket=env("DOCUMENT_BUCKET", default=""),
    endpoint=env("DOCUMENT_ENDPOINT", default=""),
)

# States' rules for minors, and which state a region lies in; see portico/minors/rules.toml.
MINORS_RULES = env("MINORS_RULES", default="")

# --- people --------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail is unique without regard to case
AUTHENTICATION_BACKENDS = ["portico.accounts.backends.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
# Of django-allauth: second steps, and the stages of signing in; docs/adr/0005.
ACCOUNT_ADAPTER = "portico.web.signin.account_adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds
ACCOUNT_RATE_LIMITS = False  # its limits by address would lock schools out: accounts/throttle.py
MFA_FORMS = {"authenticate": "portico.web.signin.forms.SecondStepForm"}
MFA_ADAPTER = "portico.signin.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # phones' clocks: half a minute to either side
MFA_RATE_LIMITS = False
# Browsers make passkeys on https only, and on *.localhost: there is no other plain origin.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_SCHEME == "http"
OIDC_ALLOW_HTTP = False  # a provider on this machine: the tests'
SESSION_ENGINE = "portico.signin.session_store"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "portico_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portico.web.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LINK_DAYS = 7  # how long a link in an e-mail works
# Rosters on their way in, seen by web and worker; gone after a day.
ROSTER_DIR = env("ROSTER_DIR", default=str(BASE_DIR / ".portico" / "rosters"))
# <ROSTER_FOLDER>/<region>/: a nightly zip, or oneroster.toml; see docs/rosters.md
ROSTER_FOLDER = env("ROSTER_FOLDER", default="")
# What `portico backup` takes along: settings that name a folder, with a folder a tenant in it.
BACKED_UP_DIRS = ("ROSTER_DIR", "DOCUMENT_DIR")

# How many days each kind of a school's data is kept ("words=365,students=1825" changes some), and
# between which numbers of days a school may choose its own ("documents=1095-2555").
RETENTION_DAYS = retention_days(env.dict("RETENTION_DAYS", default={}))
RETENTION_BOUNDS = retention_bounds(env.dict("RETENTION_BOUNDS", default={}))

# --- words, time ---------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "platform" / "portico" / "locale"]
FORMAT_MODULE_PATH = "portico.locale"
LANGUAGE_COOKIE_NAME = "portico_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- pages ---------------------------------------------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "platform" / "portico" / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.messages.context_processors.messages",
                "portico.web.context.page",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "lucide.templatetags.lucide",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]
FORM_RENDERER = "portico.web.form_renderer.FormRenderer"
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "build" / "collected"
STATICFILES_DIRS = [BASE_DIR / "build" / "static"]  # made by portico.web.build_assets
TILE_URL = env("TILE_URL", default="")

# --- security ------------------------------------------------------------------------
TILE_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(TILE_URL)) if TILE_URL else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *([TILE_ORIGIN] if TILE_ORIGIN else [])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "frame-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- e-mail --------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Portico <no-reply@portico.example.org>")
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
# Where mails that cannot be delivered come back to; a pipe there calls `portico bounces`.
BOUNCE_ADDRESS = env("BOUNCE_ADDRESS", default="")
EMAIL_TIMEOUT = 10  # seconds: a mail server that hangs must not hold a worker
OUTBOX_DIR: Path | None = None  # the demo writes mail to files here and shows them on a page

# --- webhooks ------------------------------------------------------------------------
WEBHOOK_PORTS = env.list("WEBHOOK_PORTS", cast=int, default=[443, 8443])
# Development only: http://, any port, and addresses of one's own machine and network.
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)

# --- API -----------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": [],  # api.resource.Resource checks role, scope and host
    "DEFAULT_RENDERER_CLASSES": ["api.rendering.Renderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.Schema",
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "api.problems.problem_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portico API",
    "VERSION": "1",
    "DESCRIPTION": (
        "At a school's address the school's things, at a region's address the region's. "
        "Sign in, or send a token: Authorization: Bearer portico_…"
    ),
    "OAS_VERSION": "3.1.0",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.describe_problems",
    ],
}

# --- running it: docs/operating.md ---------------------------------------------------
METRICS_TOKEN = env("METRICS_TOKEN", default="")  # without it /metrics does not exist
PROMETHEUS_MULTIPROC_DIR = env("PROMETHEUS_MULTIPROC_DIR", default="")  # prometheus_client reads it
METRICS_PORT = env.int("METRICS_PORT", default=0)  # a worker's; 0: none
HEARTBEAT_DIR = env("HEARTBEAT_DIR", default=str(BASE_DIR / ".portico" / "heartbeats"))

# --- logs: ids, never names or addresses ---------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "fontTools": {"level": "WARNING"},
        "fpdf": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},  # what is below has a line of its own
        "celery.worker.strategy": {"level": "WARNING"},  # a job is told of once, when it ends
        "celery.app.trace": {"level": "ERROR"},
    },
}
