"""Settings of the tracker. What differs between places comes from the environment (environment.py, docs/settings.md)."""

from datetime import timedelta
from operator import attrgetter
from pathlib import Path

import plotly
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from . import environment, logs, services
from .environment import BASE_DIR, flag, setting, whole_number

DEBUG = flag("DEBUG")
HTTPS = flag("HTTPS", not DEBUG)
PUBLIC_DASHBOARD = flag("PUBLIC_DASHBOARD")
SAMPLE_DATA = flag("SAMPLE_DATA")
APPROVE_OWN = flag("APPROVE_OWN")
SECRET_KEY = environment.secret_key(DEBUG)
SECRET_KEY_FALLBACKS = environment.secret_key_fallbacks(SECRET_KEY)
ALLOWED_HOSTS = environment.allowed_hosts(DEBUG, HTTPS)
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS")
EMBED_ORIGINS = environment.origins("EMBED_ORIGINS")
DATABASES = services.databases()
DATABASE_TIMEOUT = whole_number("DATABASE_TIMEOUT")
REQUEST_TIMEOUT = whole_number("REQUEST_TIMEOUT")
DATABASE_ROUTERS = ["indicators.core.db_router.ReplicaRouter"]
CACHES = {"default": services.cache()}
MAIL = environment.mail_server()
globals().update(MAIL)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.sender("EMAIL_HOST" in MAIL)
OPERATORS = environment.addresses("OPERATORS")
SITE_URL = environment.site_url(HTTPS, ALLOWED_HOSTS)
API_PER_MINUTE = whole_number("API_PER_MINUTE")
PROXIES = whole_number("PROXIES")
SECOND_FACTOR = flag("SECOND_FACTOR", not DEBUG)
SESSION_IDLE_MINUTES = whole_number("SESSION_IDLE_MINUTES")
SESSION_HOURS = whole_number("SESSION_HOURS")
LOCKOUT_FAILURES = whole_number("LOCKOUT_FAILURES")
LOCKOUT_ADDRESS_FAILURES = whole_number("LOCKOUT_ADDRESS_FAILURES")
LOCKOUT_MINUTES = whole_number("LOCKOUT_MINUTES")
SIGN_INS_KEPT_DAYS = whole_number("SIGN_INS_KEPT_DAYS")
HELP_CONTACT = setting("HELP_CONTACT").strip()
WEBHOOK_URLS = environment.webhook_urls()
WEBHOOK_SECRET = environment.webhook_secret(WEBHOOK_URLS)
WEBHOOK_INTERNAL = flag("WEBHOOK_INTERNAL")
# How many processes gunicorn starts: it reads the same variable.
WORKERS = whole_number("WEB_CONCURRENCY")
SLOW_QUERY_MS = whole_number("SLOW_QUERY_MS")
METRICS = flag("METRICS")
METRICS_TOKEN = environment.metrics_token()

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
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "indicators.accounts",
    "indicators",
]

MIDDLEWARE = [
    # First: whatever happens below gets an id and a line in the log.
    "indicators.core.request_log.RequestLogMiddleware",
    "lanson.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "indicators.core.deadline.DeadlineMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "indicators.core.db_router.RecentWriteMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "indicators.core.address_limit.AddressLimit",
    # Before the check of the token, which reads the whole form.
    "indicators.core.body_limit.BodyLimit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # A session that has ended or lacks the second factor is nobody's.
    "indicators.accounts.middleware.MfaSessionMiddleware",
    # What staff typed survives the end of their session.
    "indicators.staff.expired_session.ExpiredSessionMiddleware",
    # Closed by default: a view without a decorator of its own asks for a login.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    # Answers a locked log-in with the page that says so.
    "axes.middleware.AxesMiddleware",
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
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "indicators.core.template_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
            "libraries": {
                "dashboard": "indicators.dashboard.template_tags",
                "staff": "indicators.staff.template_tags",
                "saved_filters": "indicators.accounts.saved_filters",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "indicators.dashboard.context_processors.frame",
            ],
        },
    },
]

# Wrong passwords make a name wait and lock an address; what is counted stands in the database, for all servers.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_HANDLER = "indicators.accounts.lockout.Lockout"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_LOCKOUT_CALLABLE = "indicators.accounts.lockout.locked"
AXES_CLIENT_IP_CALLABLE = "indicators.core.http.counted_address"
AXES_FAILURE_LIMIT = LOCKOUT_FAILURES
AXES_COOLOFF_TIME = timedelta(minutes=LOCKOUT_MINUTES)
AXES_RESET_ON_SUCCESS = True
# Who tries again while locked does not prolong it: the page said how long to wait.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Sign-ins are kept and shown by indicators/accounts.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "csrfmiddlewaretoken"]
# The app on the telephone shows the name that the device was given.
OTP_TOTP_ISSUER = attrgetter("name")

_VALIDATORS: dict[str, dict[str, int]] = {
    "UserAttributeSimilarityValidator": {},
    "MinimumLengthValidator": {"min_length": 12},
    "CommonPasswordValidator": {},
    "NumericPasswordValidator": {},
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in _VALIDATORS.items()
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
# The font of prints and official tables; without npm the system's takes its place.
_tinos = _npm / "@openfonts" / "tinos_all"
PAPER_FONT = "tinos/index.css" if _tinos.is_dir() else ""

STATIC_URL = "/static/"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STATIC_ROOT = setting("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("plotly", _basic if _basic.is_dir() else Path(plotly.__file__).parent / "package_data"),
    *([("plotly-locales", _locales)] if _locales.is_dir() else []),
    *([("tinos", _tinos)] if _tinos.is_dir() else []),
]
# Evidence files: outside of everything that is served, readable by the application alone.
MEDIA_ROOT = environment.media_root(STATIC_ROOT)
BACKUP_FOLDER = setting("BACKUP_FOLDER")
EVIDENCE_MAX_MB = whole_number("EVIDENCE_MAX_MB")
STORAGES = {
    "default": services.files(),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Nothing but what is named, and that from this origin only; no inline script or style, in the admin neither. Plotly writes
# its own style sheet: the chart pages hand it an empty <style> with this nonce, which it uses instead of making one that the
# policy would refuse.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "frame-src": [NONE],
        "manifest-src": [NONE],
        "media-src": [NONE],
        "object-src": [NONE],
        "worker-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": HTTPS,
    },
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "indicators.staff.expired_session.csrf_failure"
# An entry sheet of some hundred rows has ten fields a row, some of them with a quote. Files count apart: core/body_limit.py.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FILES = 50
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# Asked by machines inside, past the proxy that ends TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
# Whether a request came by https is told by the server: gunicorn believes X-Forwarded-Proto only from the addresses in
# its FORWARDED_ALLOW_IPS (127.0.0.1 unless told otherwise), so that no client can claim it.
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "indicators.accounts.sessions"
SESSION_COOKIE_AGE = SESSION_HOURS * 3600

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

LOGGING = logs.configuration(DEBUG)
