"""`check --deploy` looks at the place: what is missing there is told, each with what to do."""

import os
import threading
import time
from contextlib import closing
from socket import create_server

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from indicators.core import place_checks

BACKUP = "lanson-20261126T211452Z.zip"
MANIFEST = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
MANIFEST |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}


def ids(check):
    """The numbers of what a check says."""
    messages = list(check())
    assert [message for message in messages if len(message.hint) < 20] == []
    return [message.id.removeprefix("indicators.") for message in messages]


@pytest.fixture
def one_static_file(settings, tmp_path):
    """A place where one file is to be collected."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "page.css").write_text("p {}")
    (tmp_path / "source" / ".passed-over").touch()
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [("below", tmp_path / "source")], str(tmp_path / "static")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = MANIFEST
    finders.get_finder.cache_clear()
    yield tmp_path / "source"
    finders.get_finder.cache_clear()


def test_static_files_that_were_not_collected_for_this_version_are_told(one_static_file):
    assert ids(place_checks.static_files) == ["W015"]
    call_command("collectstatic", interactive=False, verbosity=0)
    assert ids(place_checks.static_files) == []
    (one_static_file / "new.css").write_text("a {}")
    assert ids(place_checks.static_files) == ["W015"]


def test_a_manifest_that_cannot_be_read_counts_as_none(one_static_file):
    call_command("collectstatic", interactive=False, verbosity=0)
    with open(staticfiles_storage.path("staticfiles.json"), "w") as file:
        file.write("{")
    assert ids(place_checks.static_files) == ["W015"]


@pytest.mark.parametrize("name", ["MEDIA_ROOT", "BACKUP_FOLDER"])
def test_a_folder_that_cannot_be_written_is_told(settings, tmp_path, name):
    settings.MEDIA_ROOT, settings.BACKUP_FOLDER = str(tmp_path / "media"), str(tmp_path)
    assert ids(place_checks.folders) == []
    (tmp_path / "file").touch()
    setattr(settings, name, str(tmp_path / "file" / "folder"))
    assert ids(place_checks.folders) == ["W016"]


def test_a_bucket_needs_no_folder(settings):
    settings.MEDIA_ROOT, settings.BACKUP_FOLDER = "/proc/none", ""
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "indicators.core.storage_backend.Bucket"}}
    assert ids(place_checks.folders) == []


@pytest.mark.parametrize(("hours", "expected"), [(1, []), (25, []), (27, ["W018"])])
def test_an_old_backup_is_told(settings, tmp_path, hours, expected):
    settings.BACKUP_FOLDER = str(tmp_path)
    (tmp_path / "another.zip").touch()
    assert ids(place_checks.backups) == ["W018"]
    (tmp_path / BACKUP).touch()
    made = time.time() - hours * 3600
    os.utime(tmp_path / BACKUP, (made, made))
    assert ids(place_checks.backups) == expected


def test_a_server_of_which_nobody_knows_the_backups_is_told(settings):
    settings.BACKUP_FOLDER, settings.HTTPS = "", True
    assert ids(place_checks.backups) == ["W020"]
    settings.BACKUP_FOLDER = "/proc/none"
    assert ids(place_checks.backups) == ["W018"]


def mail_server(greeting):
    """A mail server that greets once, and its port."""
    server = create_server(("127.0.0.1", 0))

    def greet():
        with server, server.accept()[0] as client:
            client.sendall(greeting)
            while line := client.recv(1000):
                client.sendall(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 ok\r\n")

    threading.Thread(target=greet, daemon=True).start()
    return server.getsockname()[1]


@pytest.mark.parametrize(("greeting", "expected"), [(b"220 ready\r\n", []), (b"554 not you\r\n", ["W019"])])
def test_a_mail_server_that_does_not_take_us_in_is_told(settings, greeting, expected):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = mail_server(greeting)
    assert ids(place_checks.mail) == expected


def test_a_mail_server_that_is_away_is_told(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    with closing(create_server(("127.0.0.1", 0))) as nobody:
        settings.EMAIL_PORT = nobody.getsockname()[1]
    assert ids(place_checks.mail) == ["W019"]


@pytest.mark.django_db
def test_a_database_of_a_newer_and_of_an_older_version_is_told():
    assert ids(place_checks.database) == []
    recorder = MigrationRecorder(connection)
    recorder.record_applied("indicators", "9999_later")
    assert ids(place_checks.database) == ["W021"]
    recorder.record_unapplied("indicators", "0001_initial")
    assert ids(place_checks.database) == ["W021", "W022"]


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "expected"), [(0, []), (-1, []), (5, ["W017"])])
def test_a_clock_that_nothing_keeps_in_step_is_told_where_the_kernel_knows(monkeypatch, answer, expected):
    monkeypatch.setattr(place_checks, "_adjtimex", lambda: answer)
    assert ids(place_checks.clock) == expected


@pytest.mark.django_db
def test_a_clock_apart_from_that_of_the_database_is_told(monkeypatch):
    monkeypatch.setattr(place_checks, "_adjtimex", lambda: 0)
    monkeypatch.setattr(place_checks, "_difference_to_database", lambda: -90.0)
    assert ids(place_checks.clock) == ["W017"]


def test_the_kernel_is_asked_for_its_clock():
    assert -1 <= place_checks._adjtimex() <= 5
