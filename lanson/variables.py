"""Every setting that the environment may hold: what it means, its default and an example; and which names are none.

docs/settings.md shows this table (scripts/settings_table.py), and environment.py takes the bounds of numbers from it.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured


class Variable(NamedTuple):
    """A setting in words; texts may hold Markdown."""

    name: str
    meaning: str
    default: str
    example: str

    def row(self) -> str:
        """Its line in the table of docs/settings.md."""
        return f"| `{self.name}` | {self.meaning} | {self.default} | {self.example} |"


class Number(NamedTuple):
    """A setting that is a whole number from `least` to `most`."""

    name: str
    meaning: str
    default: int
    least: int
    most: int
    example: int

    def row(self) -> str:
        """Its line in the table of docs/settings.md."""
        meaning = f"{self.meaning}, from {self.least} to {self.most}"
        return f"| `{self.name}` | {meaning} | `{self.default}` | `{self.example}` |"


VARIABLES = (
    Variable(
        "ENVIRONMENT_FILE",
        "a file with all the other settings, one `NAME=value` a line; what the environment sets as well counts more",
        "none",
        "`/etc/lanson/env`",
    ),
    Variable("DEBUG", "debugging pages and a built-in key; for development only", "`off`", "`on`"),
    Variable("SECRET_KEY", "signs sessions and forms", "none; with `DEBUG=on` a fixed one", "86 random characters"),
    Variable(
        "SECRET_KEY_FALLBACKS",
        "keys of before, separated by commas, while sessions signed with them run out",
        "none",
        "the `SECRET_KEY` of last month",
    ),
    Variable("ALLOWED_HOSTS", "the host names served, separated by commas", "none", "`chitieu.langson.gov.vn`"),
    Variable(
        "HTTPS",
        "redirects to https, secure cookies, HSTS for a year; trusts `X-Forwarded-Proto`",
        "the opposite of `DEBUG`",
        "`off`",
    ),
    Variable(
        "CSRF_TRUSTED_ORIGINS",
        "further origins whose forms are accepted, separated by commas, each with its scheme",
        "none",
        "`https://chitieu.langson.gov.vn`",
    ),
    Variable(
        "SITE_URL",
        "what links in mails begin with",
        "the first of `ALLOWED_HOSTS`",
        "`https://chitieu.langson.gov.vn`",
    ),
    Number(
        "PROXIES",
        "how many proxies stand in front and add the address they saw to `X-Forwarded-For`; without it their address counts"
        " for all clients, at the limits of the interfaces and at the lock of the log-in",
        default=0,
        least=0,
        most=9,
        example=1,
    ),
    Number("WEB_CONCURRENCY", "how many processes gunicorn starts", default=1, least=1, most=64, example=4),
    Variable(
        "PUBLIC_DASHBOARD",
        "pages, downloads and the interfaces for other systems show approved figures to everybody; the staff pages never are",
        "`off`",
        "`on`",
    ),
    Variable(
        "APPROVE_OWN",
        "an approver may approve figures they entered themselves: for an office of one person",
        "`off`",
        "`on`",
    ),
    Variable(
        "EMBED_ORIGINS",
        "the sites that may frame the chart pages under `/embed/`, separated by commas; every other page can be framed by none",
        "none",
        "`https://langson.gov.vn`",
    ),
    Variable("SAMPLE_DATA", "a line on every page says that all numbers are invented", "`off`", "`on`"),
    Variable(
        "DATABASE_URL",
        "the database, SQLite or PostgreSQL",
        "`db.sqlite3` beside the code",
        "`postgresql://tracker:p%40ss@db:5432/tracker`",
    ),
    Variable(
        "DATABASE_REPLICA_URL",
        "a standby of the PostgreSQL in `DATABASE_URL`, from which the dashboards are read",
        "none",
        "`postgresql://tracker:p%40ss@standby:5432/tracker`",
    ),
    Number(
        "DATABASE_TIMEOUT",
        "how many seconds a page waits for one answer of PostgreSQL before it says that the database is away; commands wait"
        " as long as they need",
        default=20,
        least=1,
        most=600,
        example=60,
    ),
    Number(
        "REQUEST_TIMEOUT",
        "how many seconds one request may take before it is ended and answered with 503, less than the proxy waits; what is"
        " sent and what is streamed may take longer",
        default=30,
        least=5,
        most=600,
        example=50,
    ),
    Variable(
        "CACHE_URL",
        "the cache that all servers share: `redis://`, `rediss://` with TLS; `memory://` is the memory of each process",
        "`memory://`",
        "`redis://:p%40ss@cache:6379/0`",
    ),
    Variable(
        "STATIC_ROOT",
        "where `manage.py collectstatic` puts the files that are served",
        "`staticfiles` beside the code",
        "`/srv/tracker/static`",
    ),
    Variable(
        "MEDIA_ROOT",
        "the folder of evidence files; only the application reads it, no web server; `manage.py backup` takes it along",
        "`var/media` beside the code",
        "`/srv/tracker/media`",
    ),
    Variable(
        "FILES_URL",
        "the bucket of evidence files on an S3-compatible store, in place of `MEDIA_ROOT`:"
        " `s3://KEY:SECRET@host:port/bucket?region=name`; `s3+http://` does without TLS",
        "none",
        "`s3://KEY:SECRET@s3.langson.gov.vn/evidence`",
    ),
    Variable(
        "BACKUP_FOLDER",
        "where the nightly backups lie; `manage.py check --deploy` looks at the age of the newest",
        "none",
        "`/var/backups/lanson`",
    ),
    Number("EVIDENCE_MAX_MB", "how large one evidence file may be", default=20, least=1, most=200, example=10),
    Variable(
        "EMAIL_URL",
        "the mail server of `manage.py send_digest`: `smtp+tls://` (port 587), `smtp+ssl://` (port 465) or `smtp://`;"
        " `consolemail://` prints instead",
        "`consolemail://`",
        "`smtp+tls://user:p%40ss@mail.langson.gov.vn:587`",
    ),
    Variable(
        "DEFAULT_FROM_EMAIL",
        "whom mails come from; needed with a mail server",
        "`chitieu@localhost`",
        "`Chỉ tiêu Lạng Sơn <chitieu@langson.gov.vn>`",
    ),
    Variable(
        "OPERATORS",
        "the addresses that a mail goes to when a command by the clock or the server fails, separated by commas",
        "none",
        "`cntt@langson.gov.vn`",
    ),
    Number(
        "API_PER_MINUTE",
        "how many requests a minute each token, person or address may send to `/api/v1/` and `/sdmx/`; counted in the cache",
        default=300,
        least=1,
        most=100_000,
        example=60,
    ),
    Variable(
        "SECOND_FACTOR",
        "everybody whose words or numbers can become public logs in with password and code, see [sign-in.md](sign-in.md)",
        "the opposite of `DEBUG`",
        "`off`",
    ),
    Number(
        "SESSION_IDLE_MINUTES",
        "after how many minutes without a request a session ends",
        default=30,
        least=5,
        most=720,
        example=15,
    ),
    Number("SESSION_HOURS", "after how many hours it ends in any case", default=12, least=1, most=72, example=8),
    Number(
        "LOCKOUT_FAILURES", "after how many wrong passwords a name has to wait", default=5, least=3, most=50, example=10
    ),
    Number(
        "LOCKOUT_ADDRESS_FAILURES",
        "after how many an address is locked; a whole office may share one",
        default=30,
        least=3,
        most=1000,
        example=100,
    ),
    Number(
        "LOCKOUT_MINUTES",
        "how many minutes an address is locked, and a name waits at most",
        default=15,
        least=5,
        most=1440,
        example=60,
    ),
    Variable(
        "HELP_CONTACT",
        "whom to ask, told on the page of a lock and that of the code",
        "none",
        "`Văn phòng UBND tỉnh, 0205 000 000`",
    ),
    Number(
        "SIGN_INS_KEPT_DAYS",
        "for how many days `manage.py clean_sign_ins` leaves what happened at the door",
        default=365,
        least=90,
        most=3650,
        example=1095,
    ),
    Variable(
        "WEBHOOK_URLS",
        "the addresses that `manage.py send_webhooks` tells of every approval, separated by commas; https, or this machine;"
        " see [api.md](api.md#changes--thay-đổi)",
        "none",
        "`https://ioc.langson.gov.vn/hook`",
    ),
    Variable("WEBHOOK_SECRET", "signs what is sent; at least 32 characters", "none", "43 random characters"),
    Variable(
        "WEBHOOK_INTERNAL",
        "a receiver's name may lead to an address inside the office (10.…, 192.168.…)",
        "`off`",
        "`on`",
    ),
    Variable(
        "LOG_FORMAT",
        "`json`, one object a line, or `line` for people; under systemd each with its priority",
        "`json`, with `DEBUG=on` `line`",
        "`line`",
    ),
    Variable(
        "LOG_LEVEL",
        "the least serious messages written: by servers to standard output, by commands to standard error",
        "`INFO`",
        "`WARNING`",
    ),
    Number(
        "SLOW_QUERY_MS",
        "statements that take so many milliseconds are written down, without their values; 0 for none",
        default=0,
        least=0,
        most=600_000,
        example=500,
    ),
    Variable("METRICS", "numbers for Prometheus at `/metrics`", "`off`", "`on`"),
    Variable(
        "METRICS_TOKEN",
        "who sends it reads them; at least 32 characters. Without one, only requests from this machine do",
        "none",
        "43 random characters",
    ),
)
NUMBERS = {variable.name: variable for variable in VARIABLES if isinstance(variable, Number)}
NAMES = {variable.name for variable in VARIABLES}

# What stands in the same file for others: gunicorn, the containers of compose.yaml, programs and libraries.
OF_OTHERS = re.compile(
    "FORWARDED_ALLOW_IPS|GUNICORN_CMD_ARGS|SITE_HOST|TLS|DJANGO_SETTINGS_MODULE|PATH|TMPDIR|TZ|LANG|(HTTPS?|NO)_PROXY|https?_proxy"
    "|no_proxy|PROMETHEUS_MULTIPROC_DIR|(LC|PG|POSTGRES|REDIS|PYTHON|AWS|COMPOSE)_?[A-Z_]+"
)
# How alike two names are where one is a slip of the other; of two words of their own, such as DATABASE_PORT, none is.
SLIP = 0.85


def table() -> str:
    """The settings as a table in Markdown."""
    head = ["| variable | meaning | default | example |", "|---|---|---|---|"]
    return "\n".join([*head, *(variable.row() for variable in VARIABLES)])


def refuse_unknown(names: Iterable[str]) -> None:
    """Raises ImproperlyConfigured for a name in our own file that nobody reads."""
    for name in names:
        if name not in NAMES and not OF_OTHERS.fullmatch(name):
            raise ImproperlyConfigured(
                f"{name} is no setting.{_suggestion(name, 0.6)} docs/settings.md lists them all."
            )


def refuse_slips(names: Iterable[str]) -> None:
    """Raises ImproperlyConfigured for a name in the environment, which others use as well, that is nearly one of ours."""
    for name in names:
        if name not in NAMES and not OF_OTHERS.fullmatch(name) and (suggestion := _suggestion(name, SLIP)):
            raise ImproperlyConfigured(f"{name} is no setting.{suggestion} Correct its name, or remove it.")


def _suggestion(name: str, likeness: float) -> str:
    similar = get_close_matches(name.upper(), NAMES, n=1, cutoff=likeness)
    return f" Is {similar[0]} meant?" if similar else ""
