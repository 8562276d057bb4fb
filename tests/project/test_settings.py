"""The settings: read the same by systemd, by compose and by our own commands; none is taken for another; all are documented."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from lanson import env_file, environment, variables
from scripts import settings_table

ROOT = Path(__file__).resolve().parents[2]
READERS = {"setting", "flag", "words", "whole_number", "origins", "addresses", "database"}


def names_read():
    """The literal names that the code asks the environment for."""
    calls = (
        node
        for path in [*(ROOT / "lanson").glob("*.py"), ROOT / "gunicorn.conf.py"]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in READERS
    )
    return {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}


def test_the_table_of_settings_is_that_of_the_code():
    text = settings_table.DOCUMENT.read_text(encoding="utf-8")
    assert text == settings_table.renewed(text), "run: .venv/bin/python -m scripts.settings_table"


def test_the_table_lists_exactly_what_is_read():
    assert names_read() | {"ENVIRONMENT_FILE", "DATABASE_URL"} == variables.NAMES


def test_a_default_lies_within_its_bounds():
    assert [
        number.name
        for number in variables.NUMBERS.values()
        if not number.least <= min(number.default, number.example) <= max(number.default, number.example) <= number.most
    ] == []


# --- the file

FILE = """\
# A comment, and another:
; as systemd has them
DEFAULT_FROM_EMAIL=Chỉ tiêu Lạng Sơn <chitieu@langson.gov.vn>
HELP_CONTACT="Văn phòng & Sở"
TLS=/certificates/site.crt /certificates/site.key
  CACHE_URL = redis://x/0
DATABASE_URL=postgresql://h/d?sslmode=require&connect_timeout=3
SITE_URL='https://a.vn'
EMBED_ORIGINS=
"""


def written(folder, text):
    path = folder / "env"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_holds_blanks_angle_brackets_and_ampersands(tmp_path):
    assert env_file.read(written(tmp_path, FILE.replace("CACHE_URL = ", "CACHE_URL="))) == {
        "DEFAULT_FROM_EMAIL": "Chỉ tiêu Lạng Sơn <chitieu@langson.gov.vn>",
        "HELP_CONTACT": "Văn phòng & Sở",
        "TLS": "/certificates/site.crt /certificates/site.key",
        "CACHE_URL": "redis://x/0",
        "DATABASE_URL": "postgresql://h/d?sslmode=require&connect_timeout=3",
        "SITE_URL": "https://a.vn",
        "EMBED_ORIGINS": "",
    }


@pytest.mark.parametrize(
    "line",
    [
        "CACHE_URL = redis://x/0",
        "export DEBUG=on",
        "DEBUG",
        "SECRET_KEY=secret # of today",
        'SECRET_KEY="secret',
        "SECRET_KEY=sec\\ret",
        'SECRET_KEY="se$cret"',
        "SECRET_KEY=it's secret",
        "DEBUG=on\nDEBUG=off",
    ],
)
def test_what_is_read_in_two_ways_is_refused_without_repeating_it(tmp_path, line):
    with pytest.raises(ImproperlyConfigured, match=r"line [12]") as error:
        env_file.read(written(tmp_path, line))
    assert "secret" not in str(error.value)


def manage(file, *arguments, **environment):
    ours = {"PATH": os.environ["PATH"], "ENVIRONMENT_FILE": str(file)} | environment
    command = [sys.executable, ROOT / "manage.py", *arguments]
    return subprocess.run(command, env=ours, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_a_command_reads_the_file_by_itself_and_the_environment_counts_more(tmp_path):
    file = written(tmp_path, "DEBUG=on\nDEFAULT_FROM_EMAIL=Chỉ tiêu <a@b.vn>\nSITE_URL=http://a.vn\n")
    shown = "from django.conf import settings; print(settings.DEFAULT_FROM_EMAIL, settings.SITE_URL)"
    assert manage(file, "shell", "-v0", "-c", shown, SITE_URL="http://b.vn").stdout == "Chỉ tiêu <a@b.vn> http://b.vn\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("DEBUG=on\nALLOWED_HOST=a.vn", "ALLOWED_HOST is no setting. Is ALLOWED_HOSTS meant?"),
        ("DEBUG=on\nCOLOUR=red", "COLOUR is no setting. docs/settings.md lists them all."),
    ],
)
def test_a_name_in_the_file_that_is_none_stops_the_start(tmp_path, text, sentence):
    result = manage(written(tmp_path, text), "check")
    assert (result.returncode, sentence in result.stderr, "Traceback" in result.stderr) == (78, True, False)


def test_a_file_that_may_not_be_read_is_told_in_one_sentence(tmp_path):
    result = manage(tmp_path / "none", "check")
    assert result.stderr.count("\n") == 1
    assert f"ENVIRONMENT_FILE: {tmp_path / 'none'} cannot be read" in result.stderr


def test_a_slip_in_the_environment_is_told_and_the_names_of_others_are_left_alone():
    variables.refuse_slips(["DATABASE_PORT", "EMAIL_HOST", "HTTPS_PROXY", "PGHOST", "HOSTNAME", "LC_ALL", "SITE_HOST"])
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URI is no setting\. Is DATABASE_URL meant"):
        variables.refuse_slips(["DATABASE_URI"])


def test_the_example_of_a_file_is_read_and_holds_no_unknown_name():
    variables.refuse_unknown(env_file.read(ROOT / "deploy" / "example.env"))


# --- values


@pytest.mark.parametrize(
    "host",
    ["https://a.vn", "a.vn:443", "a.vn/", "A.vn", "a b", "a_b.vn", "*.a.vn", "-a.vn", "a..vn", "lạngsơn.vn", "a" * 64],
)
def test_what_is_no_host_name_is_refused(monkeypatch, host):
    monkeypatch.setenv("ALLOWED_HOSTS", f"chitieu.vn,{host}")
    with pytest.raises(ImproperlyConfigured, match="is not a host name"):
        environment.allowed_hosts(debug=False, https=True)


def test_names_addresses_and_whole_domains_are_hosts(monkeypatch):
    hosts = ["chitieu.langson.gov.vn", ".gov.vn", "10.0.0.1", "[::1]", "localhost", "xn--lngsn-2qa.vn"]
    monkeypatch.setenv("ALLOWED_HOSTS", ", ".join(hosts))
    assert environment.allowed_hosts(debug=False, https=True) == hosts


@pytest.mark.parametrize("name", ["CSRF_TRUSTED_ORIGINS", "EMBED_ORIGINS"])
@pytest.mark.parametrize(
    "origin", ["a.vn", "https://a.vn/", "ftp://a.vn", "https://A.vn", "https://", "https://a.vn:x"]
)
def test_what_is_no_origin_is_refused(monkeypatch, name, origin):
    monkeypatch.setenv(name, origin)
    with pytest.raises(ImproperlyConfigured, match=f"{name}: '{origin}' is not an origin"):
        environment.origins(name)


def test_a_key_may_begin_with_a_dollar_sign(monkeypatch):
    key = "$" + "".join(map(chr, range(60, 120)))
    monkeypatch.setenv("SECRET_KEY", key)
    assert environment.secret_key(debug=False) == key


@pytest.mark.parametrize("option", ["sslkey", "sslcert", "sslrootcert"])
def test_a_key_of_the_database_that_may_not_be_read_is_told_at_the_start(monkeypatch, tmp_path, option):
    monkeypatch.setenv("DATABASE_URL", f"postgresql://h/d?{option}={tmp_path}/key")
    with pytest.raises(ImproperlyConfigured, match=f"DATABASE_URL: {option}={tmp_path}/key cannot be read"):
        environment.database()
    (tmp_path / "key").touch()
    assert environment.database()["OPTIONS"][option] == f"{tmp_path}/key"


@pytest.mark.parametrize("address", ["cntt", "IT <a@b.vn>", "a b@c.vn"])
def test_operators_are_named_by_addresses_alone(monkeypatch, address):
    monkeypatch.setenv("OPERATORS", f"a@b.vn, {address}")
    with pytest.raises(ImproperlyConfigured, match="is not a mail address"):
        environment.addresses("OPERATORS")
