"""Priorities for systemd's journal, which reads them from the beginning of a line: `<3>` is an error, `<6>` information.

Without them `journalctl -p err` shows nothing of ours, and nobody is told.
"""

import os
import re
from typing import Any, TextIO

ERROR = 3
_PRIORITIES = ((50, 2), (40, ERROR), (30, 4), (20, 6))  # from which level of logging on
_MARKED = re.compile("<[0-7]>")


def is_connected(stream: Any) -> bool:
    """Whether what is written to `stream` goes to the journal, by JOURNAL_STREAM as systemd sets it."""
    try:
        status = os.fstat(stream.fileno())
    except (AttributeError, OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def priority(level: int) -> int:
    """The priority of a level of logging, 7 for debugging."""
    return next((number for least, number in _PRIORITIES if level >= least), 7)


def marked(text: str, number: int) -> str:
    """The text with its priority before each line that has none."""
    lines = text.splitlines(keepends=True)
    return "".join(line if _MARKED.match(line) else f"<{number}>{line}" for line in lines)


class ErrorStream:
    """Standard error of a command under systemd: what it complains of is an error."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._line_begins = True

    def write(self, text: str) -> int:
        for line in text.splitlines(keepends=True):
            self._stream.write(marked(line, ERROR) if self._line_begins else line)
            self._line_begins = line.endswith("\n")
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
