"""The evidence files in Django's default storage, on this machine or elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from zipfile import ZipFile

from django.core.files.base import File
from django.core.files.storage import default_storage

from .archive import FILES, Checksum, Manifest, add, copy, extract


def stored(folder: str = "") -> Iterator[str]:
    """The names of all files in the storage."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        yield f"{folder}{name}"
    for name in folders:
        yield from stored(f"{folder}{name}/")


def add_new(archive: ZipFile, entries: dict[str, Checksum]) -> None:
    """Put every file into the archive that is not there yet; one that is deleted at this moment is left out."""
    for name in stored():
        if FILES + name in entries:
            continue
        try:
            source = default_storage.open(name)
        except FileNotFoundError:
            continue
        with source:
            entries[FILES + name] = add(archive, FILES + name, source)


@contextmanager
def restored(archive: ZipFile, manifest: Manifest) -> Iterator[None]:
    """Every file of the backup in the storage. Where the block fails, those that were not there before go again; a file that
    differs from its namesake in the backup is replaced only after the block."""
    missing = [name for name in manifest.files if not default_storage.exists(name)]
    different = [name for name in manifest.files if name not in missing and _checksum(name) != manifest.files[name]]
    added = []
    try:
        for name in missing:
            added.append(name)
            _save(archive, manifest, name)
        yield
    except BaseException:
        for name in added:
            default_storage.delete(name)
        raise
    for name in different:
        default_storage.delete(name)
        _save(archive, manifest, name)


def _checksum(name: str) -> Checksum:
    with default_storage.open(name) as file:
        return copy(file)


def _save(archive: ZipFile, manifest: Manifest, name: str) -> None:
    with TemporaryFile() as content:
        extract(archive, manifest, FILES + name, content)
        content.seek(0)
        default_storage.save(name, File(content, Path(name).name))
