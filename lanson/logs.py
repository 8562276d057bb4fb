"""How log records look and where they go: one line each, the same for the application, its commands and gunicorn."""

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import environment, journal

# What a record may tell beside its message. Everything else that a library hangs on records stays out: a request
# with its query, the parameters of a statement.
FACTS = ("request_id", "user", "method", "path", "status", "duration_ms")


class JsonLine(logging.Formatter):
    """One JSON object on one line: time (UTC), level, logger, message, what is known of FACTS, exception."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        told |= {name: value for name in FACTS if (value := getattr(record, name, None)) is not None}
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


class RefusalFilter(logging.Filter):
    """Takes the traceback from a request that was refused for safety's sake: what was wrong with it is in the message."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = record.exc_text = None
        return True


class Console(logging.StreamHandler):
    """Writes to a stream; each line with its priority where that leads to systemd's journal."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return journal.marked(text, journal.priority(record.levelno)) if journal.is_connected(self.stream) else text


def configuration(debug: bool) -> dict[str, Any]:
    """The LOGGING setting, which gunicorn takes as well (gunicorn.conf.py)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
            "json": {"()": "lanson.logs.JsonLine"},
        },
        "filters": {
            "request": {"()": "indicators.core.request_log.RequestContextFilter"},
            "refusal": {"()": "lanson.logs.RefusalFilter"},
        },
        "handlers": {
            "console": {
                "class": "lanson.logs.Console",
                "formatter": environment.log_format(debug),
                "filters": ["request", "refusal"],
                "stream": stream(sys.argv[0]),
            }
        },
        "root": {"handlers": ["console"], "level": environment.log_level()},
        # gunicorn's own line for each request would tell queries and browsers; ours says what is needed.
        # Sign-ins are in the database; of those that succeed nothing need be said here too.
        "loggers": {
            "gunicorn.error": {"propagate": True},
            "gunicorn.access": {"propagate": False, "handlers": []},
            "axes": {"level": "WARNING"},
            # Our line of the request says what was not found or refused; only failures of ours tell more.
            "django.request": {"level": "ERROR"},
            # It says of every oddity of a file that it was odd.
            "pypdf": {"level": "CRITICAL"},
        },
    }


def stream(program: str) -> str:
    """Standard output for a server; a command keeps it for what it prints, such as a report to be piped into a file."""
    return "ext://sys.stderr" if Path(program).name == "manage.py" else "ext://sys.stdout"
