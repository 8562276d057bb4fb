"""reset_second_factor: for an administrator whose telephone and recovery codes are lost, where no other one is left."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ...accounts import mfa
from ...accounts.models import SignInKind, log_sign_in

BY = "manage.py"


class Command(BaseCommand):
    help = "Take the second factor and its recovery codes from a person, and end their sessions. It is noted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the user name")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        """Raises CommandError where nobody has this name."""
        try:
            person = User.objects.get(username=name)
        except User.DoesNotExist:
            raise CommandError(_("There is no user %(name)s. Names are case-sensitive.") % {"name": name}) from None
        mfa.reset(person)
        log_sign_in(SignInKind.FACTOR_RESET, name, by=BY)
        self.stdout.write(_("%(name)s sets up a new second factor at the next log-in.") % {"name": name})
