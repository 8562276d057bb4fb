"""The inside of a zipped data package, read without unpacking it to the disk."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from ..public.schema import TABLES
from .reader import DESCRIPTOR, PackageInvalid, PackageProblem, Place

LARGEST = 1 << 30  # bytes that an archive may come to when unpacked
_NAMES = {DESCRIPTOR, *(table.file_name for table in TABLES)}


@contextmanager
def open_package(place: Path) -> Iterator[Place]:
    """The folder of a package, or the inside of its zip file. Raises PackageInvalid for a file that is no such thing.

    Only the files of the package are ever read, by their names, and nothing is unpacked to the disk.
    """
    if not zipfile.is_zipfile(place):
        yield place
        return
    try:
        archive = zipfile.ZipFile(place)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        expected = _("a zip file that can be read (%(error)s)") % {"error": error}
        raise PackageInvalid([_problem(place.name, expected)]) from error
    with archive:
        _check(archive, place.name)
        yield zipfile.Path(archive)


def _check(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse what is too large or damaged before anything is read from it. Raises PackageInvalid."""
    entries = [entry for entry in archive.infolist() if entry.filename in _NAMES]
    if sum(entry.file_size for entry in entries) > LARGEST:
        limit = _("at most %(size)d MB when unpacked") % {"size": LARGEST >> 20}
        raise PackageInvalid([_problem(name, limit)])
    for entry in entries:
        try:
            # Only reading to the end tells whether the checksums hold; the size that an entry claims may be a lie.
            with archive.open(entry) as file:
                while file.read(1 << 20):
                    pass
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
            expected = _("a file that can be unpacked (%(error)s)") % {"error": error}
            raise PackageInvalid([_problem(entry.filename, expected)]) from error


def _problem(file: str, expected: str) -> PackageProblem:
    return PackageProblem(file, 0, "", "", expected)
