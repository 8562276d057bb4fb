"""An app of its own, because its tables have nothing to do with indicators."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_save, pre_delete
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "indicators.accounts"
    label = "accounts"
    verbose_name = _("Signing in")

    def ready(self) -> None:
        from django.contrib.auth.models import User

        from . import signals

        user_logged_in.connect(signals.signed_in)
        user_login_failed.connect(signals.failed)
        user_logged_out.connect(signals.signed_out)
        post_save.connect(signals.switched_off, sender=User)
        pre_delete.connect(signals.keep, sender=User)
