"""report_failure NAME: tells the people in OPERATORS by mail that something failed which runs without anybody looking."""

import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = "Mail OPERATORS that a unit of systemd or a command by the clock failed. It needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what failed: lanson-backup.service, or a command")

    def handle(self, *, name: str, **options: Any) -> None:
        """Raises CommandError where the mail could not be sent."""
        if not settings.OPERATORS:
            self.stderr.write(f"{name} failed, and OPERATORS names nobody to tell.")
            return
        with translation.override(settings.LANGUAGE_CODE):
            facts = {"name": name, "site": settings.SITE_URL, "host": socket.gethostname()}
            facts["at"] = f"{timezone.localtime():%d/%m/%Y %H:%M}"
            subject = _("%(site)s: %(name)s failed") % facts
            body = _(
                "%(name)s failed on %(host)s at %(at)s. What it said: journalctl -u %(name)s, or docker compose logs tasks."
                " What to do is in docs/operations.md."
            )
            try:
                EmailMessage(subject, body % facts, to=settings.OPERATORS).send()
            except OSError as error:  # what smtplib raises is one
                raise CommandError(f"{name} failed, and nobody could be told: {error}") from error
