"""Sessions that know whose they are, recovery codes, and what happened when somebody signed in or tried to."""

import hashlib
import secrets
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

HOW_MANY_CODES = 10
# Neither 0 and o nor 1 and l: codes are typed from paper.
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
CODE_LENGTH = 16  # of 32 letters: 80 random bits


class Session(AbstractBaseSession):
    """A session with its user, so that all sessions of a person can be ended without reading everybody's."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()

    def __str__(self) -> str:
        """Not its key, as Django's own: the page that asks whether a person is to be deleted names their sessions."""
        return f"{self.user}, {self.expire_date:%d/%m/%Y %H:%M}"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        # By its setting, as Django finds it: the store imports this model.
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store


class RecoveryCodeQuerySet(models.QuerySet):
    def replace(self, user: User) -> list[str]:
        """Ten new codes for `user`, to be shown once; those before them count no more."""
        codes = ["".join(secrets.choice(LETTERS) for _each in range(CODE_LENGTH)) for _code in range(HOW_MANY_CODES)]
        self.filter(user=user).delete()
        self.bulk_create([self.model(user=user, digest=digest(code)) for code in codes])
        return ["-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4)) for code in codes]

    def use(self, user: User, typed: str) -> bool:
        """Whether `typed` is an unused code of `user`. It is used up by this, also when two try it at the same time."""
        code = "".join(letter for letter in typed.lower() if letter.isalnum())
        return bool(self.unused(user).filter(digest=digest(code)).update(used_at=timezone.now()))

    def unused(self, user: User) -> "RecoveryCodeQuerySet":
        return self.filter(user=user, used_at=None)


def digest(code: str) -> str:
    """What is kept of a code. It is 80 random bits long, so a plain hash tells nothing about it."""
    return hashlib.sha256(code.encode()).hexdigest()


class RecoveryCode(models.Model):
    """Stands in once for the code of a lost telephone. The code itself is kept nowhere."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_key")]

    def __str__(self) -> str:
        return f"{self.user}, {self.pk}"


class SavedFilter(models.Model):
    """A list of records as a person narrowed it, under a name of theirs."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    path = models.CharField(max_length=100)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        default_permissions = ()
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "path", "name"], name="saved_filter_key")]

    def __str__(self) -> str:
        return f"{self.user}, {self.name}"


class SignInKind(models.TextChoices):
    """What happened."""

    SIGNED_IN = "signed_in", _("signed in")
    PASSWORD = "password", _("password right, second factor asked for")
    RECOVERY = "recovery", _("signed in by a recovery code")
    FAILED = "failed", _("wrong name or password")
    CODE_FAILED = "code_failed", _("wrong code")
    LOCKED = "locked", _("locked out")
    UNLOCKED = "unlocked", _("lock lifted")
    SIGNED_OUT = "signed_out", _("signed out")
    EVERYWHERE = "everywhere", _("signed out everywhere")
    PASSWORD_CHANGED = "password_changed", _("password changed")
    FACTOR_SET = "factor_set", _("second factor set up")
    FACTOR_RESET = "factor_reset", _("second factor reset")
    CODES_MADE = "codes_made", _("new recovery codes")
    MAIL_CHANGED = "mail_changed", _("e-mail address changed")


class SignIn(models.Model):
    """Somebody signed in or out, tried to, or changed what they sign in with.

    Names are text: they may be of nobody, or of somebody who is gone.
    """

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    kind = models.CharField(_("what"), max_length=20, choices=SignInKind.choices)
    name = models.CharField(_("user name as typed"), max_length=150, blank=True, db_index=True)
    address = models.GenericIPAddressField(_("address"), null=True, db_index=True)
    by = models.CharField(_("by whom"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%d/%m/%Y %H:%M} {self.get_kind_display()} {self.name}"


def log_sign_in(kind: SignInKind, name: str, address: str = "", by: Any = "") -> None:
    """Record what happened. Texts that somebody typed or forged are cut to what a column holds."""
    name = name.replace("\0", "")[:150]
    SignIn.objects.create(kind=kind, name=name, address=address or None, by=str(by))
