"""Which programs may read the approved figures, and what is still to be told to those that listen."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .base import Recorded, beginning
from .figures import Figure, State

# After so many tries a receiver counts as gone; the last pause is about three days long.
MOST_TRIES = 12


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def bearer(self, secret: str) -> "ApiToken | None":
        """The active token whose secret this is; the day it was last used is kept."""
        token = self.filter(digest=digest(secret), active=True).first()
        today = timezone.localdate()
        if token and token.last_used_on != today:
            # Not by `save`: reading is no change of the record.
            self.filter(pk=token.pk).update(last_used_on=today)
        return token


def digest(secret: str) -> str:
    """What is kept of a secret. It is 256 random bits long, so a plain hash tells nothing about it."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiToken(Recorded):
    """Lets a program read what is approved. The secret itself is shown once and kept nowhere."""

    name = models.CharField(_("used by"), max_length=120, help_text=_("The program, and who answers for it."))
    digest = models.CharField(_("fingerprint"), max_length=64, unique=True, editable=False)
    active = models.BooleanField(
        _("active"), default=True, help_text=_("Clear this to revoke the token: its next request is refused.")
    )
    last_used_on = models.DateField(_("last used on"), null=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def issue(cls, name: str) -> "tuple[ApiToken, str]":
        """A new token, not stored yet, and its secret."""
        secret = f"lst_{secrets.token_urlsafe(32)}"
        return cls(name=name, digest=digest(secret)), secret


class DeliveryQuerySet(models.QuerySet):
    def due(self) -> "DeliveryQuerySet":
        """What is to be sent now, oldest first. A figure that was taken back waits until it is approved again."""
        waiting = self.filter(delivered_at=None, next_try_at__lte=timezone.now(), figure__state=State.APPROVED)
        return waiting.select_related("figure__indicator").order_by("next_try_at", "pk")


class Delivery(models.Model):
    """A receiver is to be told that a figure was approved. `next_try_at` is empty when nothing will be tried any more."""

    figure = models.ForeignKey(Figure, models.CASCADE, related_name="deliveries", verbose_name=_("figure"))
    url = models.URLField(_("address"), max_length=500)
    approved_at = models.DateTimeField(_("approved at"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try at"), null=True, db_index=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.figure} → {self.url}"

    def claim(self) -> bool:
        """Take this try; False when another process has just taken it. Should this one die, the next try comes anyway."""
        tries = self.tries + 1
        pause = None if tries >= MOST_TRIES else timezone.now() + timedelta(minutes=2**tries)
        # Two processes that read the same number of tries cannot both find it unchanged.
        unclaimed = Delivery.objects.filter(pk=self.pk, tries=self.tries, delivered_at=None)
        claimed = unclaimed.update(tries=tries, next_try_at=pause) == 1
        self.tries, self.next_try_at = tries, pause
        return claimed

    def settle(self, error: str) -> None:
        """Keep what became of the try; an empty `error` means that it was taken."""
        outcome: dict[str, Any] = {"error": error[:300]}
        if not error:
            outcome |= {"delivered_at": timezone.now(), "next_try_at": None}
        Delivery.objects.filter(pk=self.pk).update(**outcome)


def queue_deliveries(figures: Iterable[Figure], approved_at: datetime) -> None:
    """Write the approval of each of `figures` down for every receiver; `send_webhooks` sends it later.

    A figure that is to be published on a later day is told on that day.
    """
    begins_at = {figure: beginning(figure.published_on) for figure in figures}
    Delivery.objects.bulk_create(
        Delivery(figure=figure, url=url, approved_at=approved_at, next_try_at=max(approved_at, day))
        for figure, day in begins_at.items()
        for url in settings.WEBHOOK_URLS
    )
