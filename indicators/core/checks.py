"""Settings that are allowed and yet seldom right on a server: shown by `manage.py check --deploy`, each with what to do.

What can never be right stops the start (lanson/environment.py); what Django looks at itself (DEBUG, cookies, HSTS) is not
looked at again.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Info, Tags, register
from django.core.checks import Warning as DjangoWarning

FOR_OTHERS = 0o077
FOR_EVERYBODY = 0o007


class SettingWarning(NamedTuple):
    """A condition of the settings, the message where it holds, and what to do then."""

    id: str
    applies: Callable[[], object]
    message: str
    hint: str
    kind: type[DjangoWarning] | type[Info] = DjangoWarning


@register(Tags.security, deploy=True)
def check_settings(**_options: Any) -> list[CheckMessage]:
    """A message for every warning that applies to these settings."""
    return [
        warning.kind(warning.message, hint=warning.hint, id=f"indicators.{warning.id}")
        for warning in SETTING_WARNINGS
        if warning.applies()
    ]


def files_open() -> bool:
    """Whether others on this machine may look into the folder of evidence files."""
    return _grants(Path(settings.MEDIA_ROOT), FOR_OTHERS)


def database_open() -> bool:
    """Whether everybody on this machine may read a SQLite database."""
    return _is_sqlite() and _grants(Path(settings.DATABASES["default"]["NAME"]), FOR_EVERYBODY)


def _grants(path: Path, to: int) -> bool:
    return path.exists() and bool(path.stat().st_mode & to)


def _is_sqlite() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


def sqlite_for_several() -> bool:
    """Whether a cache that servers share stands beside a database that they cannot share."""
    return _is_sqlite() and not settings.CACHES["default"]["BACKEND"].endswith("LocMemCache")


def unprotected(origins: list[str]) -> list[str]:
    """The origins without TLS, or of which the name is left open."""
    return [origin for origin in origins if not origin.startswith("https://") or "*" in origin]


def password_in_clear() -> bool:
    """Whether the password of the mail server goes over the net as it is."""
    protected = getattr(settings, "EMAIL_USE_TLS", False) or getattr(settings, "EMAIL_USE_SSL", False)
    return bool(getattr(settings, "EMAIL_HOST_PASSWORD", "")) and not protected


def links_lead_elsewhere() -> bool:
    """Whether the address in mails and feeds is not one of this site by https."""
    url = urlsplit(settings.SITE_URL)
    hosts = settings.ALLOWED_HOSTS
    known = url.hostname in hosts or any(host[:1] == "." and str(url.hostname).endswith(host) for host in hosts)
    return settings.HTTPS and not (url.scheme == "https" and known)


SETTING_WARNINGS = (
    SettingWarning(
        "W001",
        lambda: settings.APPROVE_OWN,
        "APPROVE_OWN is on: one person can enter a figure and publish it, unseen by a second one.",
        "Remove APPROVE_OWN, unless this office has one person only.",
    ),
    SettingWarning(
        "W002",
        lambda: settings.SAMPLE_DATA and settings.HTTPS,
        "SAMPLE_DATA is on although this is a server: every page says that its numbers are invented.",
        "Remove SAMPLE_DATA, or keep it where the numbers are indeed invented.",
    ),
    SettingWarning(
        "W003",
        files_open,
        "Other users of this machine may look into MEDIA_ROOT, where the evidence files lie.",
        "Give the folder to the user of the application alone: chmod 700.",
    ),
    SettingWarning(
        "W004",
        database_open,
        "Every user of this machine may read the SQLite database, with sessions and password hashes.",
        "Take that right away: chmod o-rwx, for the file and those beside it that end in -wal and -shm.",
    ),
    SettingWarning(
        "W005",
        sqlite_for_several,
        "CACHE_URL names a cache for several servers, but DATABASE_URL a SQLite file, which they cannot share safely.",
        "Set DATABASE_URL=postgresql://…, or remove CACHE_URL where one machine serves alone.",
    ),
    SettingWarning(
        "W006",
        lambda: settings.HTTPS and settings.EMAIL_BACKEND.endswith("console.EmailBackend"),
        "Mails are printed on the console and reach nobody.",
        "Set EMAIL_URL=smtp+tls://user:password@host:587 and DEFAULT_FROM_EMAIL.",
    ),
    SettingWarning(
        "W007",
        password_in_clear,
        "EMAIL_URL sends the password of the mail server unencrypted.",
        "Write smtp+tls://… (port 587) or smtp+ssl://… (port 465).",
    ),
    SettingWarning(
        "W008",
        lambda: settings.HTTPS and unprotected(settings.EMBED_ORIGINS),
        "EMBED_ORIGINS names an origin without https or with *: pages nobody vouches for may frame the charts.",
        "Name each site in full: https://langson.gov.vn.",
    ),
    SettingWarning(
        "W009",
        lambda: settings.HTTPS and unprotected(settings.CSRF_TRUSTED_ORIGINS),
        "CSRF_TRUSTED_ORIGINS names an origin without https or with *: its forms are taken for ours.",
        "Name each origin in full, https://chitieu.langson.gov.vn; the own site needs none.",
    ),
    SettingWarning(
        "W010",
        lambda: any(host.startswith(".") for host in settings.ALLOWED_HOSTS),
        "ALLOWED_HOSTS takes every name below a domain: whoever holds one of them can serve these pages under it.",
        "List the names in full.",
    ),
    SettingWarning(
        "W011",
        links_lead_elsewhere,
        "SITE_URL, which links in mails, feeds and the interfaces begin with, is not an https address of ALLOWED_HOSTS.",
        "Set SITE_URL=https:// and the name that readers know the site by.",
    ),
    SettingWarning(
        "W012",
        lambda: settings.HTTPS and not settings.PROXIES,
        "PROXIES is 0 although a proxy must end TLS: all clients are counted as one, its address.",
        "Set PROXIES to the number of proxies in front that add to X-Forwarded-For, usually 1.",
    ),
    SettingWarning(
        "W013",
        lambda: settings.WORKERS > 1 and settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"),
        "WEB_CONCURRENCY starts several workers, and each counts requests in its own memory: limits hold for each alone.",
        "Set CACHE_URL=redis://…, for one count of all workers and servers.",
    ),
    SettingWarning(
        "W014",
        lambda: not settings.SECOND_FACTOR,
        "SECOND_FACTOR is off: a stolen password alone can write and approve figures.",
        "Remove SECOND_FACTOR=off; whoever enters or approves sets up a telephone at the next log-in.",
    ),
    SettingWarning(
        "W023",
        lambda: settings.HTTPS and not settings.OPERATORS,
        "OPERATORS is not set: nobody is told when a command by the clock or the server fails.",
        "Set it to the mail addresses of those who look after this server.",
    ),
    SettingWarning(
        "I001",
        lambda: settings.PUBLIC_DASHBOARD,
        "PUBLIC_DASHBOARD is on: everybody reads approved figures, explanations and what was changed.",
        "This is meant for the public; remove it where only staff may read.",
        Info,
    ),
)
