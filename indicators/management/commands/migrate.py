"""migrate: Django's own, one at a time.

Two servers that are upgraded in the same minute both see a migration that is missing and both apply it: the second fails over
tables that are there already. Here it waits, and then finds nothing left to do.
"""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from ...core.advisory_lock import advisory_lock


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with advisory_lock("migrate", options["database"]):
            super().handle(*args, **options)
