"""demo_accounts: the people of a demonstration, one for each role, each with a random password, told once."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ...models import Agency, Membership
from ...queries.responsible_agency import responsibility

# Its figures are those that most people can judge; other data begins with another agency.
FIRST_AGENCY = "finance"


class Command(BaseCommand):
    help = (
        "Create the accounts of a demonstration on this machine: quantri, nhaplieu, nhaplieu2 (of another agency), duyet,"
        " chitieu (keeps the catalogue) and xem. Passwords are told once."
    )

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        """Raises CommandError on a server."""
        if settings.HTTPS:
            raise CommandError(
                _("Demo accounts are for a demonstration on this machine only. On a server use createsuperuser.")
            )
        for name, group, agency in accounts():
            if not User.objects.filter(username=name).exists():
                password = secrets.token_urlsafe(12)
                create(name, password, group, agency)
                self.stdout.write(f"{name:10} {password}")


def accounts() -> list[tuple[str, str, Agency | None]]:
    """Name, group and agency: an administrator, two clerks, an approver, a keeper of the catalogue, a reader."""
    first, second, *_others = [*busy_agencies(), None, None]
    return [
        ("quantri", "", None),
        ("nhaplieu", "Nhập liệu", first),
        ("nhaplieu2", "Nhập liệu", second),
        ("duyet", "Duyệt số liệu", None),
        ("chitieu", "Quản trị chỉ tiêu", None),
        ("xem", "Xem", None),
    ]


def busy_agencies() -> list[Agency]:
    """The agencies that answer for indicators today, the one to demonstrate with first."""
    agencies = set(responsibility(timezone.localdate()).agencies.values())
    return sorted(agencies, key=lambda agency: (agency.code != FIRST_AGENCY, agency.pk))


def create(name: str, password: str, group: str, agency: Agency | None) -> None:
    """A member of staff in this group, working for this agency; without a group everything is allowed."""
    # Mails of a demonstration go to the console or a mailbox of this machine, never further.
    user = User.objects.create_user(name, f"{name}@localhost", password, is_staff=True, is_superuser=not group)
    if group:
        user.groups.add(Group.objects.get(name=group))
    if agency:
        Membership.objects.create(user=user, agency=agency)
