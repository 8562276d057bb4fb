"""send_digest [--as-of YYYY-MM-DD] [--dry-run]: mails each person what is due, late, came back or waits for approval."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from ...workflow.digest import digests
from ..arguments import add_as_of


class Command(BaseCommand):
    help = "Mail each person what is due, late, came back or waits for approval; nobody gets a mail with nothing in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_as_of(parser, "as if it were this day; today when absent")
        parser.add_argument("--dry-run", action="store_true", help="print the mails, send none")

    def handle(self, *, as_of: date | None, dry_run: bool, **options: Any) -> None:
        """Raises CommandError with the addresses that got no mail."""
        messages = []
        for person, message in digests(as_of or timezone.localdate()):
            if message.to:
                messages.append(message)
            else:
                self.stderr.write(_("%(person)s has no e-mail address.") % {"person": person.get_username()})
        if dry_run:
            for message in messages:
                self.stdout.write(f"{message.to[0]}\n{message.subject}\n\n{message.body}")
            return
        failed = [message.to[0] for message in messages if not self.send(message)]
        self.stdout.write(_("%(count)d mails sent.") % {"count": len(messages) - len(failed)})
        if failed:
            raise CommandError(_("Not sent: %(people)s.") % {"people": ", ".join(failed)})

    def send(self, message: EmailMessage) -> bool:
        """Send one mail; a server that refuses it keeps nobody else from theirs."""
        try:
            return bool(get_connection().send_messages([message]))
        except OSError as error:  # what smtplib raises is one
            self.stderr.write(f"{message.to[0]}: {error}")
            return False
