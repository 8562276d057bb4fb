#!/usr/bin/env python
"""Django's command line for the tracker."""

import os
import sys

# EX_CONFIG of sysexits.h: starting again does not help (RestartPreventExitStatus in deploy/systemd).
WRONG_SETTING = 78


def main() -> None:
    """Run the management command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lanson.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        # Django goes on without settings for a while, and then fails over something else.
        django.setup()
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"Settings: {error}\n")
        sys.exit(WRONG_SETTING)


if __name__ == "__main__":
    main()
