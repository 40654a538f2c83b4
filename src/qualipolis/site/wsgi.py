"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualipolis.site.settings")
application = get_wsgi_application()

from qualipolis.site.warming import warm  # noqa: E402 (needs the application registry)

warm()
