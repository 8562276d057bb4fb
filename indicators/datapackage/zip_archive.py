"""ENTRY, EXPORT: a data package as one zip file: written in a stream, and read without unpacking it."""

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ..public.records import public_records, values
from ..public.schema import TABLES
from .descriptor import public_descriptor
from .reader import DESCRIPTOR, PackageInvalid, Place, Problem
from .writing import file_pieces, json_text

LARGEST = 1 << 30  # bytes that an archive may come to when unpacked
_NAMES = {DESCRIPTOR, *(table.file_name for table in TABLES)}
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes, whenever it is packed


class _Outbox(RawIOBase):
    """A file that cannot be gone back in: what was written waits to be sent on."""

    def __init__(self) -> None:
        self.waiting = BytesIO()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self.waiting.write(data)

    def take(self) -> bytes:
        """What has been written since the last time."""
        data, self.waiting = self.waiting.getvalue(), BytesIO()
        return data


def zip_chunks(as_of: date) -> Iterator[bytes]:
    """Everything public on `as_of` as a zip file, piece by piece; memory stays flat."""
    outbox = _Outbox()
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, chunks in _files(as_of):
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as file:
                for chunk in chunks:
                    file.write(chunk.encode())
                    yield outbox.take()
    yield outbox.take()


def _files(as_of: date) -> Iterator[tuple[str, Iterable[str]]]:
    """The name and the pieces of each file."""
    yield DESCRIPTOR, [json_text(public_descriptor(as_of))]
    for table in TABLES:
        yield table.file_name, file_pieces(table, values(table, public_records(table, as_of), as_of))


@contextmanager
def opened(place: Path) -> Iterator[Place]:
    """The folder of a package, or the inside of its zip file. Raises PackageInvalid for a file that is no such thing.

    Only the files of the package are ever read, by their names, and nothing is unpacked to the disk.
    """
    if not zipfile.is_zipfile(place):
        yield place
        return
    try:
        archive = zipfile.ZipFile(place)
    except zipfile.BadZipFile as error:
        expected = _("a zip file that can be read (%(error)s)") % {"error": error}
        raise PackageInvalid([_problem(place.name, expected)]) from error
    with archive:
        _check(archive, place.name)
        yield zipfile.Path(archive)


def _check(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse what is too large or damaged before anything is read from it."""
    wanted = [one for one in archive.infolist() if one.filename in _NAMES]
    if sum(one.file_size for one in wanted) > LARGEST:
        limit = _("at most %(size)d MB when unpacked") % {"size": LARGEST >> 20}
        raise PackageInvalid([_problem(name, limit)])
    for one in wanted:
        try:
            with archive.open(one) as file:
                while file.read(1 << 20):
                    pass
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
            expected = _("a file that can be unpacked (%(error)s)") % {"error": error}
            raise PackageInvalid([_problem(one.filename, expected)]) from error


def _problem(file: str, expected: str) -> Problem:
    return Problem(file, 0, "", "", expected)
