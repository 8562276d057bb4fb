"""Deletes sign-ins older than SIGN_INS_KEPT_DAYS, sessions that have ended, and wrong attempts that count no more."""

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from ...accounts.models import Session, SignIn


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        kept_since, counts_since = (
            timedelta(days=settings.SIGN_INS_KEPT_DAYS),
            timedelta(minutes=settings.LOCKOUT_MINUTES),
        )
        old = {
            "sign-ins": SignIn.objects.filter(at__lt=now - kept_since),
            "sessions": Session.objects.filter(expire_date__lt=now),
            "attempts": AccessAttempt.objects.filter(attempt_time__lt=now - counts_since),
        }
        deleted = [f"{rows.delete()[0]} {name}" for name, rows in old.items()]
        self.stdout.write(f"deleted {', '.join(deleted)}")
