"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from . import patience

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lanson.settings")

application = get_wsgi_application()
patience.begin()
