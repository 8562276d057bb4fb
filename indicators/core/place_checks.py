"""Whether the place where the application runs has what it needs: shown by `manage.py check --deploy`, each with what to do.

Settings alone are looked at by checks.py. What cannot be known here, such as the clock inside some containers, is passed over.
"""

import ctypes
import json
import os
import smtplib
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as DjangoWarning
from django.core.mail import get_connection
from django.db import DatabaseError, connection

from . import migration_state
from .backup.create import OUR_NAME

# A nightly backup that began late and took long is still one of this night.
OLDEST_BACKUP = timedelta(hours=26)
MAIL_TIMEOUT = 5  # seconds
CLOCK_DIFFERENCE = 5  # seconds
_TIME_ERROR = 5  # what adjtimex(2) answers where nothing keeps the clock in step
_ROOM_FOR_TIMEX = 1024  # bytes, more than the structure has on any machine


@register(Tags.security, deploy=True)
def check_place(**_options: Any) -> list[CheckMessage]:
    """A message for everything that is missing."""
    return [message for check in (static_files, folders, backups, mail, database, clock) for message in check()]


def static_files() -> Iterator[CheckMessage]:
    """Whether collectstatic has run for this version."""
    if not isinstance(staticfiles_storage, ManifestStaticFilesStorage):
        return
    try:
        collected = json.loads(staticfiles_storage.read_manifest() or "{}").get("paths", {})
    except (OSError, ValueError):
        collected = {}
    files = (file for finder in finders.get_finders() for file in finder.list(StaticFilesConfig.ignore_patterns))
    names = {str(Path(getattr(storage, "prefix", None) or "", name)) for name, storage in files}
    if missing := sorted(names - set(collected)):
        yield _warning(
            "W015",
            f"{len(missing)} static files are not in STATIC_ROOT, such as {missing[0]}: pages have no style, or fail.",
            "Run manage.py collectstatic --no-input.",
        )


def folders() -> Iterator[CheckMessage]:
    """Whether files can be written where they have to."""
    named = {"TMPDIR": tempfile.gettempdir(), "BACKUP_FOLDER": settings.BACKUP_FOLDER}
    if settings.STORAGES["default"]["BACKEND"].endswith("FileSystemStorage"):
        named["MEDIA_ROOT"] = settings.MEDIA_ROOT
    for name, folder in named.items():
        if folder and not _writable(Path(folder)):
            yield _warning(
                "W016",
                f"{name}: {folder} cannot be written by this user.",
                f"Make the folder and give it to the user of the application: install -d -o lanson -m 700 {folder}.",
            )


def backups() -> Iterator[CheckMessage]:
    """Whether the newest backup is of this night."""
    if not settings.BACKUP_FOLDER:
        if settings.HTTPS:
            message = "BACKUP_FOLDER is not set: nobody is told when the nightly backup stops coming."
            yield _warning("W020", message, "Set it to the folder that the nightly backup writes to.")
        return
    try:
        made = [
            path.stat().st_mtime for path in Path(settings.BACKUP_FOLDER).iterdir() if OUR_NAME.fullmatch(path.name)
        ]
    except OSError:
        made = []
    if not made or time.time() - max(made) > OLDEST_BACKUP.total_seconds():
        message = f"There is no backup of the last {OLDEST_BACKUP.total_seconds() / 3600:.0f} hours in BACKUP_FOLDER."
        yield _warning("W018", message, "Look why: journalctl -u lanson-backup, or docker compose logs tasks.")


def mail() -> Iterator[CheckMessage]:
    """Whether the mail server takes us in. No mail is sent."""
    if not getattr(settings, "EMAIL_HOST", "") or not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return
    try:
        with get_connection(timeout=MAIL_TIMEOUT):
            pass
    except (OSError, smtplib.SMTPException) as error:
        message = f"The mail server does not take us in: {error}."
        yield _warning("W019", message, "Look at EMAIL_URL, and whether this machine may reach that host and port.")


def database() -> Iterator[CheckMessage]:
    """Whether the database answers, and is of this version."""
    try:
        applied = migration_state.applied()
    except DatabaseError as error:
        message = f"The database does not answer: {str(error).strip()}"
        yield Error(message, hint="Look at DATABASE_URL, and whether it runs.", id="indicators.E001")
        return
    known = migration_state.known()
    if unknown := sorted(applied - known):
        yield _warning(
            "W021",
            f"The database was migrated by a newer version ({', '.join(unknown)}): backups of it do not come back here.",
            "Install that version, or restore a backup of before it.",
        )
    if missing := sorted(known - applied):
        message = f"{len(missing)} migrations are not applied, the first of them {missing[0]}."
        yield _warning("W022", message, "Run manage.py migrate --no-input.")


def clock() -> Iterator[CheckMessage]:
    """Whether the clock is kept in step: days of publication, codes of a telephone and deadlines go by it."""
    hint = "Switch synchronisation on: apt-get install systemd-timesyncd, timedatectl set-ntp true."
    if _adjtimex() == _TIME_ERROR:
        yield _warning("W017", "Nothing keeps the clock of this machine in step.", hint)
    difference = _difference_to_database()
    if abs(difference) > CLOCK_DIFFERENCE:
        yield _warning("W017", f"The clock is {difference:+.0f} s from that of the database.", hint)


def _adjtimex() -> int:
    """What the kernel knows of its clock; -1 where it does not tell."""
    try:
        return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_ROOM_FOR_TIMEX)))
    except (OSError, AttributeError):
        return -1


def _difference_to_database() -> float:
    """By how many seconds our clock is ahead of the database's; 0 where it has none of its own."""
    if connection.vendor != "postgresql":
        return 0
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            return time.time() - float(cursor.fetchone()[0])
    except DatabaseError:
        return 0


def _writable(folder: Path) -> bool:
    """Whether this user may write into the folder, or make it."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)


def _warning(number: str, message: str, hint: str) -> CheckMessage:
    return DjangoWarning(message, hint=hint, id=f"indicators.{number}")
