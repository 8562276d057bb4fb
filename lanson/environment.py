"""What the environment says, read strictly: each function answers with a value that can be used, or stops the start.

A value that cannot be understood raises ImproperlyConfigured with a message that tells the fix; nothing is guessed.
variables.py lists the variables, docs/settings.md shows them.
"""

import os
import re
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from . import env_file, variables

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK_HOSTS = {"127.0.0.1", "localhost", "[::1]"}

env_file.load()

# A server that is switched off or cut off sends no refusal: without these, who asks it waits for minutes.
_CONNECTION_LIMITS = {
    "connect_timeout": 5,  # seconds
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = rf"{_LABEL}(\.{_LABEL})*"
# One that begins with a point stands for all names below it.
_HOST = re.compile(rf"\.?{_NAME}|\[[0-9a-f:.]+\]")
_ORIGIN = re.compile(rf"https?://((\*\.)?{_NAME}|\[[0-9a-f:.]+\])(:[0-9]{{1,5}})?")
_DATABASE_EXAMPLES = (
    "Write sqlite:////path/to/file.sqlite3 or postgresql://user:password@host:5432/name"
    " (special characters percent-encoded)."
)


def setting(name: str, default: str = "") -> str:
    """The text `name` as it stands in the environment."""
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """The switch `name`: on, true, yes, 1 or off, false, no, 0. Any other word is refused: a typo must not pass for off."""
    text = setting(name, default="on" if default else "off").strip().lower()
    if text in ("on", "true", "yes", "1"):
        return True
    if text in ("off", "false", "no", "0"):
        return False
    raise ImproperlyConfigured(f"{name}={text!r} is not a switch. Set {name}=on or {name}=off.")


def words(name: str) -> list[str]:
    """The comma-separated list `name`, empty when it is not set."""
    return [word.strip() for word in setting(name).split(",") if word.strip()]


def database(name: str = "DATABASE_URL") -> dict:
    """The database of DATABASE_URL, or of another variable; without one, a SQLite file beside the code.

    Raises ImproperlyConfigured.
    """
    url = setting(name, default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
    try:
        config = environ.Env.db_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read ({error}). {_DATABASE_EXAMPLES}") from error
    if config.get("ENGINE") == "django.db.backends.sqlite3":
        # Writers queue at BEGIN instead of failing in the middle; readers never wait for them.
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        config["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
        config["CONN_MAX_AGE"] = 60
    elif config.get("ENGINE") == "django.db.backends.postgresql":
        _refuse_unreadable(name, config.get("OPTIONS", {}))
        config |= {
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": _CONNECTION_LIMITS | config.get("OPTIONS", {}),
        }
    else:
        raise ImproperlyConfigured(f"{name} is neither SQLite nor PostgreSQL. {_DATABASE_EXAMPLES}")
    return config


def _refuse_unreadable(name: str, options: dict) -> None:
    """Raises ImproperlyConfigured for a certificate or key of the connection that this user may not read."""
    for option in ("sslrootcert", "sslcert", "sslkey"):
        path = options.get(option, "")
        if path not in ("", "system") and not os.access(path, os.R_OK):
            raise ImproperlyConfigured(
                f"{name}: {option}={path} cannot be read. Give the file to the user of the application: chown lanson {path}."
            )


def secret_key(debug: bool) -> str:
    """SECRET_KEY; a fixed one only while DEBUG is on. Raises ImproperlyConfigured."""
    key = setting("SECRET_KEY")
    if debug:
        return key or "debug-only-" + "0" * 50
    if len(key) < 50 or len(set(key)) < 5:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or weak (at least 50 random characters). Make one with:"
            " python -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    return key


def secret_key_fallbacks(key: str) -> list[str]:
    """SECRET_KEY_FALLBACKS: keys of before, whose sessions and links still count. Raises ImproperlyConfigured."""
    keys = words("SECRET_KEY_FALLBACKS")
    for number, old in enumerate(keys, start=1):
        if len(old) < 50 or len(set(old)) < 5 or old == key:
            raise ImproperlyConfigured(
                f"SECRET_KEY_FALLBACKS: key {number} is weak (fewer than 50 characters) or SECRET_KEY itself."
                " Name the keys of before, separated by commas, or remove the setting."
            )
    return keys


def allowed_hosts(debug: bool, https: bool) -> list[str]:
    """ALLOWED_HOSTS; without DEBUG it must name hosts, and plain http is for loopback only.

    Raises ImproperlyConfigured.
    """
    hosts = words("ALLOWED_HOSTS")
    for host in hosts:
        if host != "*" and not _HOST.fullmatch(host):
            raise ImproperlyConfigured(
                f"ALLOWED_HOSTS: {host!r} is not a host name. Write the name alone in small letters, without scheme, port and"
                " path: chitieu.langson.gov.vn."
            )
    if debug:
        return hosts
    if not hosts or "*" in hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS must list the host names served, for example chitieu.langson.gov.vn.")
    if not https and not set(hosts) <= LOOPBACK_HOSTS:
        raise ImproperlyConfigured("HTTPS=off is for 127.0.0.1 only. Remove it, or list only loopback ALLOWED_HOSTS.")
    return hosts


def origins(name: str) -> list[str]:
    """The list `name`; each an origin and nothing more, as a browser sends it. Raises ImproperlyConfigured."""
    listed = words(name)
    for origin in listed:
        if not _ORIGIN.fullmatch(origin):
            raise ImproperlyConfigured(
                f"{name}: {origin!r} is not an origin. Write scheme and host in small letters, without a path:"
                " https://langson.gov.vn."
            )
    return listed


def log_level() -> str:
    """LOG_LEVEL, one of Python's own. Raises ImproperlyConfigured."""
    level = setting("LOG_LEVEL", default="INFO").upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        raise ImproperlyConfigured(f"LOG_LEVEL={level!r} is not one of DEBUG, INFO, WARNING, ERROR, CRITICAL.")
    return level


def log_format(debug: bool) -> str:
    """LOG_FORMAT: json for machines, line for people. Raises ImproperlyConfigured."""
    form = setting("LOG_FORMAT", default="line" if debug else "json").lower()
    if form not in ("json", "line"):
        raise ImproperlyConfigured(f"LOG_FORMAT={form!r} is not known. Set LOG_FORMAT=json or LOG_FORMAT=line.")
    return form


def metrics_token() -> str:
    """METRICS_TOKEN, which opens /metrics; empty: open on this machine only. Raises ImproperlyConfigured."""
    token = setting("METRICS_TOKEN")
    if token and len(token) < 32:
        raise ImproperlyConfigured(
            "METRICS_TOKEN is short (at least 32 characters). Make one with:"
            " python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return token


def mail_server() -> dict:
    """The EMAIL_… settings of EMAIL_URL; without one, mails are printed on the console.

    Raises ImproperlyConfigured.
    """
    text = setting("EMAIL_URL", default="consolemail://")
    url = urlsplit(text)
    if url.scheme == "consolemail":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    try:
        config = environ.Env.email_url_config(text)
    except (ValueError, ImproperlyConfigured):
        config = {}
    if not url.scheme.startswith("smtp") or not config.get("EMAIL_HOST"):
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read. Write smtp+tls://user:password@mail.langson.gov.vn:587 (special characters"
            " percent-encoded), smtp+ssl://… for port 465, smtp://… without encryption, or consolemail:// to print."
        )
    return config | {"EMAIL_TIMEOUT": 30}


def sender(by_mail: bool) -> str:
    """DEFAULT_FROM_EMAIL; needed as soon as mails leave this machine. Raises ImproperlyConfigured."""
    address = setting("DEFAULT_FROM_EMAIL", default="" if by_mail else "chitieu@localhost")
    if "@" not in parseaddr(address)[1]:
        raise ImproperlyConfigured(
            f"DEFAULT_FROM_EMAIL={address!r} is not an address mails can come from. Write chitieu@langson.gov.vn."
        )
    return address


def addresses(name: str) -> list[str]:
    """The list `name` of mail addresses. Raises ImproperlyConfigured."""
    listed = words(name)
    for address in listed:
        if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address):
            raise ImproperlyConfigured(
                f"{name}: {address!r} is not a mail address. Write it alone, as cntt@langson.gov.vn."
            )
    return listed


def site_url(https: bool, hosts: list[str]) -> str:
    """SITE_URL, the address that links in mails begin with; without it the first of ALLOWED_HOSTS.

    Raises ImproperlyConfigured.
    """
    host = hosts[0].lstrip(".") if hosts else "127.0.0.1:8000"
    text = setting("SITE_URL", default=f"{'https' if https else 'http'}://{host}").rstrip("/")
    url = urlsplit(text)
    if url.scheme not in ("http", "https") or not url.hostname or url.path or url.query or url.fragment:
        raise ImproperlyConfigured(
            f"SITE_URL={text!r} is not the address of a site. Write its scheme and host, as https://chitieu.langson.gov.vn."
        )
    return text


def whole_number(name: str) -> int:
    """The whole number `name`, within the bounds that variables.py gives it. Raises ImproperlyConfigured."""
    number = variables.NUMBERS[name]
    text = setting(name, default=str(number.default)).strip()
    if not (text.isascii() and text.isdecimal() and number.least <= int(text) <= number.most):
        raise ImproperlyConfigured(
            f"{name}={text!r} is not a whole number from {number.least} to {number.most}. Set {name}={number.default}."
        )
    return int(text)


def media_root(static_root: str) -> str:
    """MEDIA_ROOT, the folder of evidence files; never one whose files the web server hands out.

    Raises ImproperlyConfigured.
    """
    root = Path(setting("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))).resolve()
    for served in (Path(static_root).resolve(), BASE_DIR / "static"):
        if root == served or served in root.parents or root in served.parents:
            raise ImproperlyConfigured(
                f"MEDIA_ROOT={str(root)!r} shares files with {str(served)!r}, which is served to everybody."
                " Evidence is not public: choose a folder of its own."
            )
    return str(root)


def webhook_urls() -> list[str]:
    """WEBHOOK_URLS; https, or plain http on this machine. Raises ImproperlyConfigured."""
    urls = words("WEBHOOK_URLS")
    for text in urls:
        url = urlsplit(text)
        local = url.scheme == "http" and url.hostname in {host.strip("[]") for host in LOOPBACK_HOSTS}
        if not url.hostname or url.username or not (url.scheme == "https" or local):
            raise ImproperlyConfigured(
                f"WEBHOOK_URLS: {text!r} is not an address figures may be told to. Write it as"
                " https://ioc.langson.gov.vn/hook; plain http is for 127.0.0.1 only."
            )
    return urls


def webhook_secret(receivers: list[str]) -> str:
    """WEBHOOK_SECRET, which signs what is sent; needed as soon as there is a receiver.

    Raises ImproperlyConfigured.
    """
    secret = setting("WEBHOOK_SECRET")
    if receivers and len(secret) < 32:
        raise ImproperlyConfigured(
            "WEBHOOK_SECRET is missing or short (at least 32 characters), and WEBHOOK_URLS is set. Make one with:"
            " python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return secret
