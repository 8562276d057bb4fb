"""The archive: a zip file of the database, the evidence files and a manifest that says what they are and their checksums.

It is written under another name and renamed when it is complete, and read entry by entry, by the names of the manifest:
nothing is ever unpacked to a place that the archive chooses.
"""

import hashlib
import json
import os
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from django.utils.translation import gettext as _

from .contents import Content

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
FILES = "files/"
UNFINISHED = ".unfinished"
LARGEST_MANIFEST = 64 << 20  # bytes; some hundred thousand files
CHUNK = 1 << 20
DAY = 24 * 3600
DAMAGE_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError)


class BackupError(Exception):
    """A backup or restore that cannot be done; the message says why and what to do, the code what kind of failure it is."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code

    def __str__(self) -> str:
        return f"{super().__str__()} [{self.code}]"


class Checksum(NamedTuple):
    """Size in bytes and SHA-256 of an entry."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What a backup is a backup of."""

    application: str
    made_at: str
    database: str
    server: str
    migrations: list[str]
    tables: dict[str, Content] = field(default_factory=dict)
    entries: dict[str, Checksum] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, Checksum]:
        """The evidence files by their names in the storage."""
        return {name.removeprefix(FILES): checksum for name, checksum in self.entries.items() if name.startswith(FILES)}

    def as_json(self) -> str:
        entries = {name: checksum._asdict() for name, checksum in self.entries.items()}
        tables = {name: content._asdict() for name, content in self.tables.items()}
        whole = {"format": FORMAT} | asdict(self) | {"entries": entries, "tables": tables}
        return json.dumps(whole, ensure_ascii=False, indent=1)


@contextmanager
def written_whole(place: Path) -> Iterator[IO[bytes]]:
    """The file that becomes `place` at the end: readable by its owner only, and on the disk before it has its name."""
    _forget_interrupted(place.parent)
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=UNFINISHED, dir=place.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync_folder(place.parent)


def _forget_interrupted(folder: Path) -> None:
    """Remove what backups left behind that were killed; a younger one may still be at work."""
    for left in folder.glob(f".*{UNFINISHED}"):
        if left.stat().st_mtime < time.time() - DAY:
            left.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy(source: IO[bytes], *targets: IO[bytes]) -> Checksum:
    """Copy chunk by chunk, and say what was copied; without a target, only that."""
    size, digest = 0, hashlib.sha256()
    while chunk := source.read(CHUNK):
        size += len(chunk)
        digest.update(chunk)
        for target in targets:
            target.write(chunk)
    return Checksum(size, digest.hexdigest())


def add(archive: zipfile.ZipFile, name: str, source: IO[bytes]) -> Checksum:
    """Write one entry, of any length."""
    entry = zipfile.ZipInfo(name, time.localtime()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as target:
        return copy(source, target)


@contextmanager
def open_backup(place: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A backup to read from, and its manifest. Raises BackupError for a file that is none."""
    try:
        archive = zipfile.ZipFile(place)
    except (zipfile.BadZipFile, OSError) as error:
        message = _("%(place)s cannot be read: %(error)s")
        raise BackupError(message % {"place": place, "error": error}, "unreadable") from error
    with archive:
        try:
            with archive.open(MANIFEST) as file:
                manifest = _manifest(json.loads(file.read(LARGEST_MANIFEST)))
        except (KeyError, TypeError, ValueError, AttributeError, *DAMAGE_ERRORS) as error:
            message = _("%(place)s is no backup of this application.")
            raise BackupError(message % {"place": place}, "foreign") from error
        yield archive, manifest


def _manifest(stored: dict[str, Any]) -> Manifest:
    """The manifest as it was written. Raises ValueError for anything else, and for names that lead out of the storage."""
    entries = {name: Checksum(int(entry["size"]), str(entry["sha256"])) for name, entry in stored["entries"].items()}
    if stored["format"] != FORMAT or DATABASE not in entries or not all(map(_is_safe, entries)):
        raise ValueError(stored["format"])
    texts = {name: str(stored[name]) for name in ("application", "made_at", "database", "server")}
    migrations = [str(migration) for migration in stored["migrations"]]
    # Backups of before 0.3 did not count.
    counted = stored.get("tables", {})
    tables = {str(name): Content(int(table["rows"]), str(table["checksum"])) for name, table in counted.items()}
    return Manifest(**texts, migrations=migrations, tables=tables, entries=entries)


def _is_safe(name: str) -> bool:
    """Whether an entry is the database, or a file inside the storage."""
    if name == DATABASE:
        return True
    parts = PurePosixPath(name).parts
    return (
        name.startswith(FILES)
        and "/".join(parts) == name
        and ".." not in parts
        and name.isprintable()
        and "\\" not in name
    )


def verify(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Read everything once and hold it against the manifest.

    Raises BackupError where anything is missing, too much or different.
    """
    if sorted(archive.namelist()) != sorted([MANIFEST, *manifest.entries]):
        message = _("The archive does not hold exactly the files of its manifest. Take another backup.")
        raise BackupError(message, "damaged")
    for name in manifest.entries:
        extract(archive, manifest, name)


def extract(archive: zipfile.ZipFile, manifest: Manifest, name: str, *targets: IO[bytes]) -> None:
    """Copy one entry out. Raises BackupError when it is not what the manifest says."""
    expected = manifest.entries[name]
    message = _("“%(name)s” in the archive is damaged. Take another backup.")
    damaged = BackupError(message % {"name": name}, "damaged")
    if archive.getinfo(name).file_size != expected.size:
        raise damaged
    try:
        with archive.open(name) as source:
            actual = copy(source, *targets)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise damaged from error
    if actual != expected:
        raise damaged
