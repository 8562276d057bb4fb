"""Settings of the tracker. What differs between places comes from the environment; docs/settings.md lists it.

A value that cannot be understood stops the start with a message that tells the fix; nothing is guessed.
"""

from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
import plotly
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK_HOSTS = {"127.0.0.1", "localhost", "[::1]"}

env = environ.Env()

_DATABASE_EXAMPLES = (
    "Write sqlite:////path/to/file.sqlite3 or postgresql://user:password@host:5432/name"
    " (special characters percent-encoded)."
)


def flag(name: str, default: bool) -> bool:
    """The switch `name`: on, true, yes, 1 or off, false, no, 0. Any other word is refused: a typo must not pass for off."""
    text = env.str(name, default="on" if default else "off").strip().lower()
    if text in ("on", "true", "yes", "1"):
        return True
    if text in ("off", "false", "no", "0"):
        return False
    raise ImproperlyConfigured(f"{name}={text!r} is not a switch. Set {name}=on or {name}=off.")


def words(name: str) -> list[str]:
    """The comma-separated list `name`, empty when it is not set."""
    return [word.strip() for word in env.str(name, default="").split(",") if word.strip()]


def database() -> dict:
    """The database of DATABASE_URL; without one, a SQLite file beside the code."""
    url = env.str("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
    try:
        config = environ.Env.db_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read ({error}). {_DATABASE_EXAMPLES}") from error
    if config.get("ENGINE") == "django.db.backends.sqlite3":
        # Writers queue at BEGIN instead of failing in the middle; readers never wait for them.
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        config["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
    elif config.get("ENGINE") == "django.db.backends.postgresql":
        config |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    else:
        raise ImproperlyConfigured(f"DATABASE_URL is neither SQLite nor PostgreSQL. {_DATABASE_EXAMPLES}")
    return config


def secret_key() -> str:
    """SECRET_KEY; a fixed one only while DEBUG is on."""
    key = env.str("SECRET_KEY", default="")
    if DEBUG:
        return key or "debug-only-" + "0" * 50
    if len(key) < 50 or len(set(key)) < 5:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or weak (at least 50 random characters). Make one with:"
            " python -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    return key


def allowed_hosts() -> list[str]:
    """ALLOWED_HOSTS; without DEBUG it must name hosts, and plain http is for loopback only."""
    hosts = words("ALLOWED_HOSTS")
    if DEBUG:
        return hosts
    if not hosts or "*" in hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS must list the host names served, for example chitieu.langson.gov.vn.")
    if not HTTPS and not set(hosts) <= LOOPBACK_HOSTS:
        raise ImproperlyConfigured("HTTPS=off is for 127.0.0.1 only. Remove it, or list only loopback ALLOWED_HOSTS.")
    return hosts


def trusted_origins() -> list[str]:
    """CSRF_TRUSTED_ORIGINS; each with its scheme."""
    origins = words("CSRF_TRUSTED_ORIGINS")
    if bare := [origin for origin in origins if "://" not in origin]:
        raise ImproperlyConfigured(f"CSRF_TRUSTED_ORIGINS: write {bare[0]!r} with its scheme, as https://{bare[0]}.")
    return origins


def log_level() -> str:
    """LOG_LEVEL, one of Python's own."""
    level = env.str("LOG_LEVEL", default="INFO").upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        raise ImproperlyConfigured(f"LOG_LEVEL={level!r} is not one of DEBUG, INFO, WARNING, ERROR, CRITICAL.")
    return level


def mail_server() -> dict:
    """The EMAIL_… settings of EMAIL_URL; without one, mails are printed on the console."""
    text = env.str("EMAIL_URL", default="consolemail://")
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


def sender() -> str:
    """DEFAULT_FROM_EMAIL; needed as soon as mails leave this machine."""
    address = env.str("DEFAULT_FROM_EMAIL", default="" if "EMAIL_HOST" in MAIL else "chitieu@localhost")
    if "@" not in parseaddr(address)[1]:
        raise ImproperlyConfigured(
            f"DEFAULT_FROM_EMAIL={address!r} is not an address mails can come from. Write chitieu@langson.gov.vn."
        )
    return address


def site_url() -> str:
    """SITE_URL, the address that links in mails begin with; without it the first of ALLOWED_HOSTS."""
    host = ALLOWED_HOSTS[0].lstrip(".") if ALLOWED_HOSTS else "127.0.0.1:8000"
    text = env.str("SITE_URL", default=f"{'https' if HTTPS else 'http'}://{host}").rstrip("/")
    url = urlsplit(text)
    if url.scheme not in ("http", "https") or not url.hostname or url.path or url.query or url.fragment:
        raise ImproperlyConfigured(
            f"SITE_URL={text!r} is not the address of a site. Write its scheme and host, as https://chitieu.langson.gov.vn."
        )
    return text


def whole_number(name: str, default: int, least: int, most: int) -> int:
    """The whole number `name`, from `least` to `most`."""
    text = env.str(name, default=str(default)).strip()
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
        raise ImproperlyConfigured(
            f"{name}={text!r} is not a whole number from {least} to {most}. Set {name}={default}."
        )
    return int(text)


def media_root() -> str:
    """MEDIA_ROOT, the folder of evidence files; never one whose files the web server hands out."""
    root = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))).resolve()
    for served in (Path(STATIC_ROOT).resolve(), BASE_DIR / "static"):
        if root == served or served in root.parents or root in served.parents:
            raise ImproperlyConfigured(
                f"MEDIA_ROOT={str(root)!r} shares files with {str(served)!r}, which is served to everybody."
                " Evidence is not public: choose a folder of its own."
            )
    return str(root)


def webhook_urls() -> list[str]:
    """WEBHOOK_URLS; https, or plain http on this machine."""
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


def webhook_secret() -> str:
    """WEBHOOK_SECRET, which signs what is sent; needed as soon as there is a receiver."""
    secret = env.str("WEBHOOK_SECRET", default="")
    if WEBHOOK_URLS and len(secret) < 32:
        raise ImproperlyConfigured(
            "WEBHOOK_SECRET is missing or short (at least 32 characters), and WEBHOOK_URLS is set. Make one with:"
            " python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return secret


DEBUG = flag("DEBUG", False)
HTTPS = flag("HTTPS", not DEBUG)
PUBLIC_DASHBOARD = flag("PUBLIC_DASHBOARD", False)
SAMPLE_DATA = flag("SAMPLE_DATA", False)
APPROVE_OWN = flag("APPROVE_OWN", False)
SECRET_KEY = secret_key()
ALLOWED_HOSTS = allowed_hosts()
CSRF_TRUSTED_ORIGINS = trusted_origins()
EMBED_ORIGINS = words("EMBED_ORIGINS")
DATABASES = {"default": database()}
MAIL = mail_server()
globals().update(MAIL)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = sender()
SITE_URL = site_url()
API_PER_MINUTE = whole_number("API_PER_MINUTE", default=300, least=1, most=100_000)
PROXIES = whole_number("PROXIES", default=0, least=0, most=9)
WEBHOOK_URLS = webhook_urls()
WEBHOOK_SECRET = webhook_secret()
WEBHOOK_INTERNAL = flag("WEBHOOK_INTERNAL", False)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_tables2",
    "simple_history",
    "indicators",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # What staff typed survives the end of their session.
    "indicators.admin.kept.KeepTyped",
    # Closed by default: a view without a decorator of its own asks for a login.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "lanson.urls"
WSGI_APPLICATION = "lanson.wsgi.application"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "indicators.context.frame",
            ],
        },
    },
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Languages: Vietnamese at the root, English under /en/. One format module for both, day first.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "lanson" / "locale"]
FORMAT_MODULE_PATH = ["lanson.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# Plotly in the browser: the small basic bundle of the npm package where it is installed, else the full one
# that the Python package carries. Both are served from this origin.
_npm = BASE_DIR / "node_modules"
_basic = _npm / "plotly.js-basic-dist-min"
_locales = _npm / "plotly.js-locales"
PLOTLY_BUNDLE = "plotly/plotly-basic.min.js" if _basic.is_dir() else "plotly/plotly.min.js"
PLOTLY_LOCALE = "plotly-locales/vi.js" if _locales.is_dir() else ""

STATIC_URL = "/static/"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("plotly", _basic if _basic.is_dir() else Path(plotly.__file__).parent / "package_data"),
    *([("plotly-locales", _locales)] if _locales.is_dir() else []),
]
# Evidence files: outside of everything that is served, readable by the application alone.
MEDIA_ROOT = media_root()
EVIDENCE_MAX_MB = whole_number("EVIDENCE_MAX_MB", default=20, least=1, most=200)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Only this origin, no inline script or style. Plotly writes its own style sheet: the chart pages hand it an
# empty <style> with this nonce, which it uses instead of making one that the policy would refuse.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "indicators.admin.kept.csrf_failure"
# An entry sheet of some hundred rows has ten fields a row.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
# Whether a request came by https is told by the server: gunicorn believes X-Forwarded-Proto only from the addresses in
# its FORWARDED_ALLOW_IPS (127.0.0.1 unless told otherwise), so that no client can claim it.
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_HTTPONLY = True

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": log_level()},
}
