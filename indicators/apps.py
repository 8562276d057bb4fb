"""The one app: indicators, their targets, their figures, and the verdicts on them."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = _("Indicators")

    def ready(self) -> None:
        from .accounts import groups
        from .core import (
            checks,  # noqa: F401 registers itself
            place_checks,  # noqa: F401 as well
            slow_queries,
        )
        from .models import responsibility, triggers

        pre_migrate.connect(triggers.drop, sender=self)
        post_migrate.connect(triggers.create, sender=self)
        post_migrate.connect(groups.create, sender=self)
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        user_logged_in.connect(responsibility.note_login, dispatch_uid="note_login")
        if settings.SLOW_QUERY_MS:
            connection_created.connect(slow_queries.watch)
