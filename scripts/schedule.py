"""Runs management commands by the clock, in a container of its own: `schedule.py "01:30 backup /backups" "* send_webhooks"`.

Each argument is a time and a command: HH:MM every day, HH:MM with a star (07:00*) on working days, a star alone every minute,
a star with the name of a setting (*WEBHOOK_URLS) every minute where that is set. A command that still runs is not begun again.
One whose time went by in a pause runs once afterwards; `--state FILE` remembers the time beyond a restart. One that failed is
told to OPERATORS, and keeps this from being found healthy until it succeeds.
"""

import argparse
import os
import shlex
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# Touched every minute while all is well: what the health check looks at.
HEALTHY = Path("/tmp/scheduled")  # nosec B108 # its container has no other users
LONGEST_PAUSE = timedelta(days=7)


class Task:
    """A command and its time."""

    def __init__(self, text: str) -> None:
        self.when, *self.command = shlex.split(text)
        self.running: subprocess.Popen | None = None
        self.failed = False
        if not self.when.startswith("*"):
            datetime.strptime(self.when.removesuffix("*"), "%H:%M").replace(tzinfo=ZONE)

    def is_due(self, last: datetime, now: datetime) -> bool:
        """Whether the command's time lies after `last` and not after `now`."""
        if self.when.startswith("*"):
            setting = self.when[1:]
            return f"{last:%F %H:%M}" != f"{now:%F %H:%M}" and (not setting or bool(os.environ.get(setting)))
        hour, minute = map(int, self.when.removesuffix("*").split(":"))
        days = (now - timedelta(days=number) for number in range(LONGEST_PAUSE.days + 1))
        times = (day.replace(hour=hour, minute=minute, second=0, microsecond=0) for day in days)
        return any(last < moment <= now and (not self.when.endswith("*") or moment.weekday() < 5) for moment in times)

    def begin(self) -> None:
        """Start the command, unless it still runs."""
        if self.running is None:
            self.running = manage(*self.command)

    def look(self) -> None:
        """Take note of a command that has ended; where it failed for the first time, somebody is told."""
        if self.running is not None and (code := self.running.poll()) is not None:
            was_well = not self.failed
            self.running, self.failed = None, code != 0
            if self.failed:
                print(f"{shlex.join(self.command)}: exit code {code}", file=sys.stderr, flush=True)
                if was_well:
                    manage("report_failure", shlex.join(self.command)).wait()


def manage(*arguments: str) -> subprocess.Popen:
    """A management command that was begun."""
    return subprocess.Popen([sys.executable, ROOT / "manage.py", *arguments])


def last_time(state: Path | None, now: datetime) -> datetime:
    """Until when commands were begun before this start; now, where nobody remembers or what is remembered cannot be."""
    try:
        last = datetime.fromtimestamp(float(state.read_text()), ZONE) if state else now
    except (OSError, ValueError, OverflowError):
        return now
    return max(min(last, now), now - LONGEST_PAUSE)


def remember(state: Path, last: datetime) -> None:
    """Write down until when commands were begun. Without room for it they run all the same."""
    try:
        state.write_text(str(last.timestamp()))
    except OSError as error:
        print(f"{state}: {error.strerror}", file=sys.stderr, flush=True)


def begin_due(tasks: list[Task], last: datetime, now: datetime) -> datetime:
    """Begin what is due since `last`; from when to look on the next time. A clock that was put back begins nothing again."""
    for task in tasks:
        task.look()
        if task.is_due(last, now):
            task.begin()
    # A clock that was wrong by more than a day is believed: else nothing would run until that day.
    return now if now > last or last - now > timedelta(days=1) else last


def main(tasks: list[Task], state: Path | None) -> None:
    """Go on for ever."""
    last = last_time(state, datetime.now(ZONE))
    while True:
        before, last = last, begin_due(tasks, last, datetime.now(ZONE))
        if state and before.minute != last.minute:
            remember(state, last)
        if not any(task.failed for task in tasks):
            HEALTHY.touch()
        time.sleep(1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("tasks", type=Task, nargs="+")
    parser.add_argument("--state", type=Path)
    arguments = parser.parse_args()
    main(arguments.tasks, arguments.state)
