"""Settings that are allowed and yet doubtful on a server are told, each with what to do."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from indicators.core.checks import SETTING_WARNINGS, check_settings

ROOT = Path(__file__).resolve().parents[2]
SECRET = "".join(map(chr, range(40, 95)))
SERVER = {
    "DEBUG": "off",
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "chitieu.langson.gov.vn",
    "SITE_URL": "https://chitieu.langson.gov.vn",
    "DATABASE_URL": "postgresql://tracker:x@127.0.0.1:1/tracker",
    "EMAIL_URL": "smtp+tls://tracker:x@127.0.0.1:1",
    "DEFAULT_FROM_EMAIL": "chitieu@langson.gov.vn",
    "PROXIES": "1",
    "OPERATORS": "cntt@langson.gov.vn",
}


# What the place lacks where nothing was installed: tests/core/test_place_checks.py.
OF_THE_PLACE = {"E001", "W015", "W017", "W019", "W020"}


def deployed(folder, **changed):
    """What `check --deploy` says in the environment of a server, with the changed variables; it fails on a warning."""
    ours = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    ours |= {"MEDIA_ROOT": str(folder / "media"), "STATIC_ROOT": str(folder / "static")}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=ours | SERVER | changed, cwd=ROOT, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_a_server_as_the_documents_describe_it_raises_no_doubt(tmp_path):
    _code, said = deployed(tmp_path)
    assert set(re.findall(r"\((\w+\.\w+)\)", said)) - {f"indicators.{number}" for number in OF_THE_PLACE} == set()


def test_a_public_dashboard_is_told_and_is_no_fault(tmp_path):
    _code, said = deployed(tmp_path, PUBLIC_DASHBOARD="on")
    assert "\nINFOS:\n?: (indicators.I001)" in said


def test_a_careless_server_is_told_everything_at_once(tmp_path):
    (tmp_path / "media").mkdir(mode=0o755)
    careless = {
        "APPROVE_OWN": "on",
        "SAMPLE_DATA": "on",
        "EMBED_ORIGINS": "http://langson.gov.vn",
        "CSRF_TRUSTED_ORIGINS": "https://*.gov.vn",
        "ALLOWED_HOSTS": ".langson.gov.vn",
        "SITE_URL": "http://chitieu.langson.gov.vn",
        "EMAIL_URL": "consolemail://",
        "PROXIES": "0",
        "SECOND_FACTOR": "off",
    }
    code, said = deployed(tmp_path, **careless)
    assert code == 1
    for number in ("W001", "W002", "W003", "W006", "W008", "W009", "W010", "W011", "W012", "W014"):
        assert f"indicators.{number}" in said


def test_django_itself_tells_of_debug(tmp_path):
    code, said = deployed(tmp_path, DEBUG="on", HTTPS="on")
    assert (code, "security.W018" in said) == (1, True)


# The settings are looked at; no database is opened by them.
pytestmark = pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")


def told(settings, **changed):
    """The ids of the doubts that the changed settings raise."""
    for name, value in changed.items():
        setattr(settings, name, value)
    return [message.id.removeprefix("indicators.") for message in check_settings()]


@pytest.fixture
def server(settings, tmp_path):
    """Settings without a doubt."""
    good = {"HTTPS": True, "PROXIES": 1, "ALLOWED_HOSTS": ["chitieu.vn"], "SITE_URL": "https://chitieu.vn"}
    good |= {"EMAIL_BACKEND": "smtp", "MEDIA_ROOT": str(tmp_path / "none"), "PUBLIC_DASHBOARD": False}
    good |= {"SECOND_FACTOR": True, "OPERATORS": ["cntt@langson.gov.vn"]}
    database = tmp_path / "db.sqlite3"
    database.touch(0o600)
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)}}
    assert told(settings, **good) == []
    return settings


@pytest.mark.parametrize(
    ("number", "changed"),
    [
        ("W001", {"APPROVE_OWN": True}),
        ("W002", {"SAMPLE_DATA": True}),
        ("W005", {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}}),
        ("W006", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        ("W007", {"EMAIL_HOST_PASSWORD": "x", "EMAIL_USE_TLS": False}),
        ("W008", {"EMBED_ORIGINS": ["https://*.gov.vn"]}),
        ("W008", {"EMBED_ORIGINS": ["http://langson.gov.vn"]}),
        ("W009", {"CSRF_TRUSTED_ORIGINS": ["http://langson.gov.vn"]}),
        ("W010", {"ALLOWED_HOSTS": [".chitieu.vn", "chitieu.vn"]}),
        ("W011", {"SITE_URL": "https://elsewhere.vn"}),
        ("W011", {"SITE_URL": "http://chitieu.vn"}),
        ("W012", {"PROXIES": 0}),
        ("W014", {"SECOND_FACTOR": False}),
        ("W023", {"OPERATORS": []}),
        ("I001", {"PUBLIC_DASHBOARD": True}),
    ],
)
def test_each_doubtful_setting_is_told_alone(server, number, changed):
    assert told(server, **changed) == [number]


@pytest.mark.parametrize(("mode", "expected"), [(0o700, []), (0o750, ["W003"]), (0o701, ["W003"])])
def test_a_folder_of_evidence_that_others_may_enter_is_told(server, tmp_path, mode, expected):
    folder = tmp_path / "media"
    folder.mkdir()
    folder.chmod(mode)
    assert told(server, MEDIA_ROOT=str(folder)) == expected


@pytest.mark.parametrize(("mode", "expected"), [(0o640, []), (0o644, ["W004"])])
def test_a_database_that_everybody_may_read_is_told(server, mode, expected):
    Path(server.DATABASES["default"]["NAME"]).chmod(mode)
    assert told(server) == expected


def test_every_doubt_says_what_to_do():
    assert [one.id for one in SETTING_WARNINGS if len(one.hint) < 20] == []
    assert len({one.id for one in SETTING_WARNINGS}) == len(SETTING_WARNINGS)


@pytest.mark.parametrize("origin", ["langson.gov.vn", "https://a.vn/b", "https://a.vn; script-src *", "*", "'self'"])
def test_what_is_no_origin_never_gets_into_the_policy(tmp_path, origin):
    code, said = deployed(tmp_path, EMBED_ORIGINS=origin)
    assert code != 0
    assert f"EMBED_ORIGINS: {origin!r} is not an origin." in said
