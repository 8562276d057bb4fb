"""demo_accounts: the three people of a demonstration, each with a random password, told once."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission, User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

ENTRY = ("add_figure", "change_figure", "add_source")


class Command(BaseCommand):
    help = "Create the accounts of a demonstration on this machine: quantri, nhaplieu and xem. Passwords are told once."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        if settings.HTTPS:
            raise CommandError(
                _("Demo accounts are for a demonstration on this machine only. On a server use createsuperuser.")
            )
        for name, superuser, permissions in accounts():
            if not get_user_model().objects.filter(username=name).exists():
                password = secrets.token_urlsafe(12)
                create(name, password, superuser, permissions)
                self.stdout.write(f"{name:10} {password}")


def accounts() -> list[tuple[str, bool, Iterable[Permission]]]:
    """Name, whether everything is allowed, and otherwise what: an administrator, an entry clerk, a reader."""
    looking, entering = permissions_to_look(), Permission.objects.filter(codename__in=ENTRY)
    return [
        ("quantri", True, ()),
        ("nhaplieu", False, [*looking, *entering]),
        ("xem", False, looking),
    ]


def permissions_to_look() -> Iterable[Permission]:
    """The permissions to view every record, though not the tables of their history."""
    kept = [
        model._meta.model_name for model in apps.get_app_config("indicators").get_models() if hasattr(model, "history")
    ]
    codenames = Q(codename__in=[f"view_{name}" for name in kept])
    return Permission.objects.filter(codenames, content_type__app_label="indicators")


def create(name: str, password: str, superuser: bool, permissions: Iterable[Permission]) -> User:
    """A member of staff with the given rights."""
    user = get_user_model().objects.create_user(name, password=password, is_staff=True, is_superuser=superuser)
    user.user_permissions.set(permissions)
    return user
