"""send_digest [--as-of YYYY-MM-DD] [--dry-run]: mails each person what is due, late, came back or inbox for approval."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ...workflow.inbox import OpenWork, open_work
from ..arguments import add_as_of


class Command(BaseCommand):
    help = "Mail each person what is due, late, came back or inbox for approval; nobody gets a mail with nothing in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_as_of(parser, "as if it were this day; today when absent")
        parser.add_argument("--dry-run", action="store_true", help="print the mails, send none")

    def handle(self, *, as_of: date | None, dry_run: bool, **options: Any) -> None:
        """Raises CommandError with the addresses that got no mail."""
        with translation.override(settings.LANGUAGE_CODE):
            messages = list(self.digests(open_work(as_of or timezone.localdate())))
        if dry_run:
            for message in messages:
                self.stdout.write(f"{message.to[0]}\n{message.subject}\n\n{message.body}")
            return
        failed = [message.to[0] for message in messages if not self.send(message)]
        self.stdout.write(_("%(count)d mails sent.") % {"count": len(messages) - len(failed)})
        if failed:
            raise CommandError(_("Not sent: %(people)s.") % {"people": ", ".join(failed)})

    def digests(self, open_now: OpenWork) -> Iterator[EmailMessage]:
        """A mail for each active person for whom something inbox; those without an address are named."""
        for person in User.objects.filter(is_active=True).order_by("pk"):
            inbox = open_now.inbox_of(person)
            if not inbox.has_news:
                continue
            if not person.email:
                self.stderr.write(_("%(person)s has no e-mail address.") % {"person": person.get_username()})
                continue
            context = {
                "name": person.get_full_name() or person.get_username(),
                "inbox": inbox,
                "as_of": open_now.as_of,
                "site": settings.SITE_URL,
                "sheet": settings.SITE_URL + reverse("staff:sheet"),
            }
            subject = render_to_string("email/digest_subject.txt", context).strip()
            yield EmailMessage(subject, render_to_string("email/digest.txt", context), to=[person.email])

    def send(self, message: EmailMessage) -> bool:
        """Send one mail; a server that refuses it keeps nobody else from theirs."""
        try:
            return bool(get_connection().send_messages([message]))
        except OSError as error:  # what smtplib raises is one
            self.stderr.write(f"{message.to[0]}: {error}")
            return False
