"""end_sessions [NAME]: everybody, or one person, logs in anew."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ...accounts.models import Session, SignInKind, log_sign_in

BY = "manage.py"


class Command(BaseCommand):
    help = "End the sessions of everybody, or of one person: after a restore, or when a key or a machine was lost. It is noted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="the user name; everybody when absent")

    def handle(self, *, name: str | None, **options: Any) -> None:
        """Raises CommandError where nobody has this name."""
        if name is not None and not User.objects.filter(username=name).exists():
            raise CommandError(_("There is no user %(name)s. Names are case-sensitive.") % {"name": name})
        # Those without a person go too: they may hold the half of a log-in.
        ended = Session.objects.all() if name is None else Session.objects.filter(user__username=name)
        people = User.objects.filter(pk__in=ended.values("user"))
        for username in list(people.order_by("pk").values_list("username", flat=True)):
            log_sign_in(SignInKind.EVERYWHERE, username, by=BY)
        self.stdout.write(_("%(count)d sessions ended.") % {"count": ended.delete()[0]})
