"""The WSGI application. Threads, not async: a tenant is bound to a thread's connection."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.settings.prod")
application = get_wsgi_application()
