"""PDF: every object that lies in the file is read, also those that no table of the file names, and those packed in others.

What a reader shows depends on which table it believes; so none is believed. A signed document holds earlier states of
itself: they are read as well.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, read_object

from .budget import MOST_VALUES, Budget, BudgetedFile
from .links import is_inside, is_web_link
from .refusals import Unsafe

# Names of ISO 32000 behind which something runs, plays, is sent, is fetched or lies hidden.
_ACTIVE = frozenset((
    *("/JavaScript", "/JS", "/AA", "/XFA", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR"),
    *("/Rendition", "/Movie", "/Sound", "/Screen", "/3D", "/RichMedia", "/RichMediaExecute", "/RichMediaContent"),
    *("/FileAttachment", "/EmbeddedFile", "/EmbeddedFiles", "/EF"),
))  # fmt: skip
_OPENS_AT_A_PLACE = ("/GoTo", None)
_OBJECT = re.compile(rb"(?<=[\0\t\n\f\r 0-9])obj(?=[\0\t\n\f\r <\[(/%+\-.0-9tfn])")


def check_pdf(content: bytes, _kind: str, budget: Budget) -> None:
    """Raises Unsafe for a PDF that runs, hides or fetches something, is encrypted, or cannot be read."""
    try:
        reader = PdfReader(BudgetedFile(content, budget))
        if reader.is_encrypted:
            raise Unsafe("locked")
        if not reader.pages:
            raise Unsafe("mismatch")
        for value in _values(_objects(content, reader, budget), budget):
            _check_value(value)
    except Unsafe:
        raise
    except Exception as error:  # pypdf lets through what its own code stumbles over in a damaged file
        raise Unsafe("mismatch") from error


def _objects(content: bytes, reader: PdfReader, budget: Budget) -> Iterator[Any]:
    """The trailer, and each object of the file."""
    yield reader.trailer
    file = BudgetedFile(content, budget)
    for match in _OBJECT.finditer(content):
        yield from _object_at(file, match.end(), reader, budget)


def _object_at(file: BudgetedFile, place: int, reader: PdfReader, budget: Budget) -> Iterator[Any]:
    file.seek(place)
    while (sign := file.read(1)) and sign in b"\0\t\n\f\r ":
        pass
    file.seek(-len(sign), 1)
    found = read_object(file, reader)
    yield found
    # By what it needs, not by its type: a table may name any stream as one of objects.
    if isinstance(found, StreamObject) and "/N" in found and "/First" in found:
        yield from _packed_objects(found, reader, budget)


def _packed_objects(stream: StreamObject, reader: PdfReader, budget: Budget) -> Iterator[Any]:
    """The objects in a stream of objects."""
    if _resolved(stream, "/Filter") not in (None, "/FlateDecode", ["/FlateDecode"]):
        raise Unsafe("mismatch")  # nobody writes others, and the library unpacks those without a limit of time
    data = stream.get_data()
    file = BudgetedFile(data, budget)
    first = int(str(_resolved(stream, "/First")))
    numbers = data[:first].split()
    for offset in numbers[1::2]:
        budget.check()
        file.seek(first + int(offset))
        yield read_object(file, reader)


def _values(objects: Iterable[Any], budget: Budget) -> Iterator[Any]:
    """Everything that stands in `objects`, however deep."""
    count = 0
    for each in objects:
        waiting = [each]
        while waiting:
            budget.check()
            if (count := count + 1) > MOST_VALUES:
                raise Unsafe("budget")
            value = waiting.pop()
            yield value
            if isinstance(value, DictionaryObject):
                waiting += [*value.keys(), *(value.raw_get(key) for key in value)]
            elif isinstance(value, ArrayObject):
                waiting += value


def _check_value(value: Any) -> None:
    if isinstance(value, NameObject):
        if value in _ACTIVE:
            raise Unsafe("active", str(value))
        if value == "/Encrypt":
            raise Unsafe("locked")
    elif isinstance(value, DictionaryObject):
        opening, address = _resolved(value, "/OpenAction"), _resolved(value, "/URI")
        if isinstance(opening, DictionaryObject) and _resolved(opening, "/S") not in _OPENS_AT_A_PLACE:
            raise Unsafe("active", f"/OpenAction {_resolved(opening, '/S')}")
        text = address.decode("latin-1") if isinstance(address, bytes) else address
        if isinstance(text, str) and not (is_web_link(text) or is_inside(text)):
            raise Unsafe("active", text)


def _resolved(dictionary: DictionaryObject, key: str) -> Any:
    """What stands under `key`, wherever it lies; None where nothing does."""
    value = dictionary.get(key)
    return value.get_object() if value is not None else None
