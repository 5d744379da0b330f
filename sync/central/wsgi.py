"""The door through which any WSGI server can run central."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sync.central.settings")

application = get_wsgi_application()
