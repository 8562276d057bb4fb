"""gunicorn reads this file by itself in the folder it is started in. Options on its command line come on top."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lanson import environment, logs

_OURS = "lanson-metrics-"

# A folder in which the workers put their numbers together. prometheus_client looks for it when it is first imported, so
# it has to be there before. One that another master left in the environment (a restart by USR2) goes with that master.
if environment.flag("METRICS", False) and _OURS in os.environ.get("PROMETHEUS_MULTIPROC_DIR", _OURS):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=_OURS)
_numbers = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")

logconfig_dict = logs.configuration(environment.flag("DEBUG", False))


def child_exit(server, worker):
    """What a worker that has ended had open no longer counts."""
    if _numbers:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """Remove the folder if it was made here."""
    if _OURS in _numbers:
        shutil.rmtree(_numbers, ignore_errors=True)
