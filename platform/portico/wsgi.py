"""The WSGI application. Threads, not async: a tenant is bound to a thread's connection."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from portico.celery import app as celery  # tasks sent from pages go to our broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.settings.prod")
application = get_wsgi_application()
for kind in ("school", "region"):
    # Now: else the first who ask a new process wait while it reads every page's code.
    _ = get_resolver(f"portico.web.urls_{kind}").url_patterns
# What is loaded by now stays: looking through it for garbage holds a request up by 0.1 s or more.
gc.collect()
gc.freeze()
__all__ = ["application", "celery"]
