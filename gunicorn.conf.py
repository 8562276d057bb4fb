"""gunicorn reads this file by itself in the folder it is started in. Options on its command line come on top."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from django.core.exceptions import ImproperlyConfigured
from gunicorn.http import wsgi

# A reload (HUP) may follow an upgrade: the settings are read by the code of now, not by what this process has loaded.
for _name in [name for name in sys.modules if name.partition(".")[0] == "lanson"]:
    del sys.modules[_name]

from lanson import start  # noqa: E402

try:
    from lanson import logs, settings
except ImproperlyConfigured as error:
    start.refuse(error)

_OURS = "lanson-metrics-"

# A folder in which the workers put their numbers together. prometheus_client looks for it when it is first imported, so
# it has to be there before. One that another master left in the environment (a restart by USR2) goes with that master.
if settings.METRICS and _OURS in os.environ.get("PROMETHEUS_MULTIPROC_DIR", _OURS):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=_OURS)
_numbers = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")

workers = settings.WORKERS
threads = 4
# Two threads more answer questions about health; a request that takes longer than REQUEST_TIMEOUT is ended.
worker_class = "lanson.gunicorn_worker.Worker"
# Workers report that they are alive through a file; in memory it cannot wait for a slow disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
# A proxy passes such headers on as they come: a client must not choose the path under which it is served.
forwarder_headers = ""
# Nobody steers a running server but by signals.
control_socket_disable = True


def _unnamed(headers):
    """The same headers without the name of the server, which gunicorn has no setting for."""
    return lambda response: [line for line in headers(response) if not line.startswith("Server:")]


wsgi.Response.default_headers = _unnamed(wsgi.Response.default_headers)

logconfig_dict = logs.configuration(settings.DEBUG)


def child_exit(server, worker):
    """What a worker that has ended had open no longer counts."""
    if _numbers:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """Remove the folder if it was made here."""
    if _OURS in _numbers:
        shutil.rmtree(_numbers, ignore_errors=True)
