"""The second factor: who must have one, how it is set up, checked and reset. Codes of an app (TOTP) by django-otp."""

from base64 import b32encode
from dataclasses import dataclass
from math import ceil

import segno
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from ..sentences.formatting import place_name
from . import sessions
from .models import RecoveryCode, SignInKind

VERIFIED = "second_factor_given"
PENDING_KEY = "second_factor_key"


# Every right but to look: what such a person writes, or releases, can become public.
WRITING = Permission.objects.exclude(codename__startswith="view_")
REQUIRED = Q(is_superuser=True) | Q(groups__permissions__in=WRITING) | Q(user_permissions__in=WRITING)
ENABLED = Q(totpdevice__confirmed=True)


class Throttled(Exception):
    """Too many wrong codes; `seconds` says how long no code is looked at."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def is_set_up(user: User) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def is_demanded(user: User) -> bool:
    """Whether `user` comes in by password and second factor: they must have one, or chose to. One query."""
    return settings.SECOND_FACTOR and User.objects.filter(REQUIRED | ENABLED, pk=user.pk).exists()


def verify(user: User, typed: str) -> SignInKind | None:
    """How `user` may come in by what they typed, the code of the app or a recovery code; None when it is wrong.

    The device is locked meanwhile: the same code on two servers opens one of them. Raises Throttled.
    """
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().get(user=user, confirmed=True)
        allowed, details = device.verify_is_allowed()
        if not allowed:
            raise Throttled(ceil((details["locked_until"] - timezone.now()).total_seconds()))
        code = typed.replace(" ", "")
        if code.isascii() and code.isdecimal():
            return SignInKind.SIGNED_IN if device.verify_token(code) else None
        if RecoveryCode.objects.use(user, typed):
            device.throttle_reset()
            return SignInKind.RECOVERY
        device.throttle_increment()
        return None


@dataclass(frozen=True)
class PendingDevice:
    """A key that is to become the second factor of `user`: shown as a picture to scan and as text to type."""

    user: User
    key: str

    @classmethod
    def of(cls, user: User, session: SessionBase) -> "PendingDevice":
        """The one that was begun in this session, or a new one. The key waits in the session until a code proves it."""
        if PENDING_KEY not in session:
            session[PENDING_KEY] = random_hex(20)
        return cls(user, session[PENDING_KEY])

    @property
    def text(self) -> str:
        """The key as apps take it, in groups of four letters."""
        key = b32encode(bytes.fromhex(self.key)).decode()
        return " ".join(key[start : start + 4] for start in range(0, len(key), 4))

    @property
    def picture(self) -> str:
        """The QR code as the address of a picture, black on white in dark pages too: cameras want it so."""
        return segno.make(self._device().config_url, error="m").svg_data_uri(scale=4, border=4, light="white")

    def confirm(self, code: str) -> list[str] | None:
        """Make this the second factor of the user, in place of the one before; the recovery codes, or None when the code
        is not that of the key."""
        with transaction.atomic():
            User.objects.select_for_update().get(pk=self.user.pk)
            device = self._device()
            device.save()
            code = code.replace(" ", "")
            if not (code.isascii() and code.isdecimal() and device.verify_token(code)):
                transaction.set_rollback(True)
                return None
            TOTPDevice.objects.filter(user=self.user).exclude(pk=device.pk).delete()
            return RecoveryCode.objects.replace(self.user)

    def _device(self) -> TOTPDevice:
        name = _("%(place)s targets") % {"place": place_name()}
        return TOTPDevice(user=self.user, name=name, key=self.key)


def reset(user: User) -> None:
    """Take the second factor and its recovery codes from `user`, and end their sessions."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        RecoveryCode.objects.filter(user=user).delete()
        sessions.end_all(user)
