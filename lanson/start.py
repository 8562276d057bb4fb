"""A start that fails over a setting: one line that says which and what to do, and a code that says not to try again."""

import json
import sys
from datetime import UTC, datetime
from typing import NoReturn

from . import journal

# EX_CONFIG of sysexits.h. systemd leaves a unit alone that ends so (RestartPreventExitStatus).
WRONG_SETTING = 78


def refuse(error: Exception) -> NoReturn:
    """End a server. The line is JSON whatever LOG_FORMAT says: that may be the setting that is wrong."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": "CRITICAL",
        "logger": "lanson.settings",
        "message": str(error),
    }
    text = json.dumps(line, ensure_ascii=False) + "\n"
    sys.stderr.write(journal.marked(text, 2) if journal.is_connected(sys.stderr) else text)
    sys.exit(WRONG_SETTING)
