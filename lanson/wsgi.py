"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from . import db_timeouts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lanson.settings")

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 -- loads every view, so that no visitor waits for it
db_timeouts.install()
# What is loaded by now stays: walking through it in the middle of a page takes the collector a tenth of a second.
gc.collect()
gc.freeze()
