"""Errors reach somebody: priorities in the journal, one line for a start that fails, a mail for what nobody looks at."""

import io
import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from lanson import journal, logs
from lanson.start import WRONG_SETTING
from tests.servers import Server, running, until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def connected(tmp_path, monkeypatch):
    """A file that stands for the journal."""
    with (tmp_path / "journal").open("w+") as file:
        status = os.fstat(file.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino}")
        yield file


def lines(file):
    file.flush()
    return Path(file.name).read_text().splitlines()


@pytest.mark.parametrize(("level", "mark"), [("CRITICAL", 2), ("ERROR", 3), ("WARNING", 4), ("INFO", 6), ("DEBUG", 7)])
def test_a_record_has_its_priority_in_the_journal(connected, level, mark):
    record = logging.LogRecord("a", getattr(logging, level), "", 1, "first\nsecond", None, None)
    logs.Console(connected).emit(record)
    assert lines(connected) == [f"<{mark}>first", f"<{mark}>second"]


def test_a_record_has_none_elsewhere():
    out = io.StringIO()
    logs.Console(out).emit(logging.LogRecord("a", logging.ERROR, "", 1, "said", None, None))
    assert out.getvalue() == "said\n"


def test_what_a_command_complains_of_is_an_error_in_the_journal(connected):
    command = [sys.executable, ROOT / "manage.py", "no_such_command"]
    subprocess.run(command, env=os.environ | {"DEBUG": "on"}, stderr=connected, cwd=ROOT)
    assert lines(connected)[0].startswith("<3>Unknown command")
    assert [line for line in lines(connected) if not line.startswith("<3>")] == []


def test_a_line_in_pieces_is_marked_once(connected):
    stream = journal.ErrorStream(connected)
    for text in ("half", " and half\n", "<6>information\n"):
        stream.write(text)
    assert lines(connected) == ["<3>half and half", "<6>information"]


def gunicorn(**environment):
    command = [sys.executable, "-m", "gunicorn", "--bind=127.0.0.1:0", "lanson.wsgi"]
    ours = {"PATH": os.environ["PATH"]} | environment
    return subprocess.run(command, env=ours, cwd=ROOT, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is missing or weak"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT='xml' is not known"),
        ("ENVIRONMENT_FILE", "/none", "ENVIRONMENT_FILE: /none cannot be read"),
        ("ALLOWED_HOST", "a.vn", "ALLOWED_HOST is no setting"),
    ],
)
def test_a_server_with_a_wrong_setting_says_so_in_one_line_and_is_not_to_be_tried_again(setting, value, sentence):
    ended = gunicorn(**({"DEBUG": "on"} if setting != "SECRET_KEY" else {}), **{setting: value})
    assert (ended.returncode, ended.stdout) == (WRONG_SETTING, "")
    (line,) = ended.stderr.splitlines()
    assert sentence in json.loads(line)["message"]
    assert json.loads(line)["level"] == "CRITICAL"


def test_a_server_that_is_told_to_reload_goes_on_answering(tmp_path):
    server = Server(tmp_path, DJANGO_SETTINGS_MODULE="tests.server_settings", DATABASE_URL=f"sqlite:///{tmp_path}/db")
    with running(server):
        server.process.send_signal(signal.SIGHUP)
        until(lambda: server.log.read_text().count("Booting worker") == 2, "a second worker")
        with urlopen(f"{server.address}/healthz", timeout=60) as answer:
            assert answer.status == 200


def test_operators_are_told_by_mail_what_failed(settings):
    settings.OPERATORS = ["cntt@langson.gov.vn"]
    call_command("report_failure", "lanson-backup.service")
    (message,) = mail.outbox
    assert message.to == ["cntt@langson.gov.vn"]
    assert "lanson-backup.service" in message.subject
    assert "journalctl -u lanson-backup.service" in message.body


def test_operators_who_cannot_be_told_fail_the_report(settings):
    settings.OPERATORS = ["cntt@langson.gov.vn"]
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    with pytest.raises(CommandError, match="nobody could be told"):
        call_command("report_failure", "lanson-backup.service")


def manage(*arguments, database):
    environment = os.environ | {"DEBUG": "on", "DATABASE_URL": database}
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *arguments], env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "command",
    [
        ["export_package", "{file}/package"],
        ["load_package", "{file}/package"],
        ["make_sample", "{file}/package"],
        ["backup", "{file}/backup.zip"],
        ["restore", "{file}/backup.zip"],
        ["dumpdata", "--output={file}/dump.json"],
    ],
)
def test_a_path_that_cannot_be_used_is_told_in_a_sentence(tmp_path, command):
    (tmp_path / "file").touch()
    database = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    if command[0] in ("export_package", "load_package"):
        manage("migrate", database=database)
    result = manage(*[argument.format(file=tmp_path / "file") for argument in command], database=database)
    assert (result.returncode, "Traceback" in result.stderr) == (1, False)
    assert str(tmp_path / "file") in result.stderr


@pytest.mark.parametrize("database", ["sqlite:///:memory:", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_database_without_tables_or_that_is_away_is_told_in_a_sentence(database):
    result = manage("load_package", ROOT / "fixtures" / "mau", database=database)
    assert (result.returncode, "Traceback" in result.stderr) == (1, False)
    assert result.stderr.startswith("Database: ")
