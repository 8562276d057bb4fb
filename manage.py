#!/usr/bin/env python
"""Django's command line for the tracker."""

import os
import sys

from lanson import journal
from lanson.start import WRONG_SETTING


def main() -> None:
    """Run the management command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lanson.settings")
    if journal.is_connected(sys.stderr):
        sys.stderr = journal.ErrorStream(sys.stderr)
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        # Django goes on without settings for a while, and then fails over something else.
        django.setup()
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"Settings: {error}\n")
        sys.exit(WRONG_SETTING)
    except (OSError, OperationalError, ProgrammingError) as error:
        if "--traceback" in sys.argv or not (sentence := of_the_place(error)):
            raise
        sys.exit(f"{sentence} (--traceback shows where it was needed.)")


def of_the_place(error: Exception) -> str:
    """What is wrong with a path that somebody named, or with their database; nothing where it may be our own mistake."""
    if isinstance(error, OSError):
        path = error.filename
        return f"{path}: {error.strerror}. Name one that the user of this command may read and write." if path else ""
    return f"Database: {str(error).strip()}. Look at DATABASE_URL; a new database needs manage.py migrate first."


if __name__ == "__main__":
    main()
