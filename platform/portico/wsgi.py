"""The WSGI application. Threads, not async: a tenant is bound to a thread's connection."""

import os

from django.core.wsgi import get_wsgi_application

from portico.celery import app as celery  # tasks sent from pages go to our broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.settings.prod")
application = get_wsgi_application()
__all__ = ["application", "celery"]
