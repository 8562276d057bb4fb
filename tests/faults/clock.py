"""The application with a clock that can be set: seconds beside the real one stand in the file named by CLOCK."""

import os
import time
from pathlib import Path

import time_machine

from lanson.wsgi import application as real


def application(environ, start_response):
    """Answer as if it were so many seconds later, or earlier."""
    beside = float(Path(os.environ["CLOCK"]).read_text())
    with time_machine.travel(time.time() + beside, tick=True):
        return real(environ, start_response)
