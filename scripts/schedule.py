"""Runs management commands by the clock, in a container of its own: `schedule.py "01:30 backup /backups" "* send_webhooks"`.

Each argument is a time and a command: HH:MM every day, HH:MM with a star (07:00*) on working days, a star alone every minute. A
command that still runs is not begun again. One that failed is told, and keeps this from being found healthy until it succeeds.
"""

import shlex
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# Touched every minute while all is well: what the health check looks at.
HEALTHY = Path("/tmp/scheduled")  # nosec B108 # its container has no other users


class Task:
    """A command and its time."""

    def __init__(self, text: str) -> None:
        self.when, *self.command = shlex.split(text)
        self.running: subprocess.Popen | None = None
        self.failed = False
        if self.when != "*":
            datetime.strptime(self.when.removesuffix("*"), "%H:%M").replace(tzinfo=ZONE)

    def is_due(self, now: datetime) -> bool:
        """Whether the command is to begin in the minute `now`."""
        if self.when == "*":
            return True
        return self.when.removesuffix("*") == f"{now:%H:%M}" and (not self.when.endswith("*") or now.weekday() < 5)

    def begin(self) -> None:
        """Start the command, unless it still runs."""
        if self.running is None:
            self.running = subprocess.Popen([sys.executable, ROOT / "manage.py", *self.command])

    def look(self) -> None:
        """Take note of a command that has ended."""
        if self.running is not None and (code := self.running.poll()) is not None:
            self.running, self.failed = None, code != 0
            if self.failed:
                print(f"{shlex.join(self.command)}: exit code {code}", file=sys.stderr, flush=True)


def main(tasks: list[Task]) -> None:
    """Go on for ever."""
    last = ""
    while True:
        now = datetime.now(ZONE)
        for task in tasks:
            task.look()
            if last != f"{now:%H:%M}" and task.is_due(now):
                task.begin()
        last = f"{now:%H:%M}"
        if not any(task.failed for task in tasks):
            HEALTHY.touch()
        time.sleep(1)


if __name__ == "__main__":
    main([Task(text) for text in sys.argv[1:]])
