"""Documents of Office (.docx, .xlsx, .pptx): a zip file of parts, each of a kind that is known to be harmless.

Listed is what may be there (open_xml_names.py); whatever else is found is refused, however it is spelled. XML is read by
defusedxml, without entities; what stands in it is looked at in open_xml_text.py.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError  # nosec B405 # the error alone; defusedxml parses

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from .budget import MOST_PARTS, MOST_RATIO, MOST_UNPACKED, SMALL, Budget
from .links import is_inside, is_web_link
from .open_xml_names import (
    BINARY_TYPES,
    EMBEDDED_WORDS,
    EXTERNAL_WORDS,
    FOREIGN,
    MACRO_WORDS,
    RELATIONSHIP_ROOTS,
    RELATIONSHIPS,
    XML_TYPES,
)
from .open_xml_text import TextCheck, local_name
from .refusals import Unsafe

_DIRECTORY = "[Content_Types].xml"
# Plain names only: what needs an escape, a drive or a way up is read otherwise by each program.
_NAME = re.compile(r"(?!.*(?:^|/)\.{1,2}(?:/|$))[A-Za-z0-9_ ()\[\]{}&,+=@~.-]+(?:/[A-Za-z0-9_ ()\[\]{}&,+=@~.-]+)*/?")
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError, NotImplementedError, OSError, ValueError)


def check_open_xml(content: bytes, kind: str, budget: Budget) -> None:
    """Raises Unsafe for a container that is not of `kind`, or in which something runs, hides or is fetched."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(archive, len(content))
            types = _PartTypes(archive, budget)
            mains = [name for name in parts if types.of(name) == f"{kind}.main+xml"]
            for name in parts:
                _check_part(archive, name, types.of(name), budget)
    except (*_BROKEN, ParseError, DefusedXmlException, LookupError) as error:
        raise Unsafe("mismatch") from error
    if len(mains) != 1:
        raise Unsafe("mismatch")


def _parts(archive: zipfile.ZipFile, size: int) -> list[str]:
    """The names of the parts beside the directory, when all are plain, each is there once, and all together are no flood."""
    parts = archive.infolist()
    is_bursting = any(part.file_size > SMALL and part.file_size > MOST_RATIO * part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or is_bursting or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unsafe("bomb")
    if sum(part.compress_size for part in parts) > size:  # parts that overlap: the same bytes under many names
        raise Unsafe("bomb")
    names = [part.filename for part in parts]
    counts = Counter(name.casefold() for name in names)
    for name in names:
        if not _NAME.fullmatch(name) or counts[name.casefold()] > 1:
            raise Unsafe("part", name)
    return [name for name in names if name != _DIRECTORY and not name.endswith("/")]


class _PartTypes:
    """The directory of a container: what kind of part stands under which name."""

    def __init__(self, archive: zipfile.ZipFile, budget: Budget) -> None:
        """Raises KeyError where there is no directory, Unsafe where it names a part twice."""
        self._overrides: dict[str, str] = {}
        self._defaults: dict[str, str] = {}
        for element in _elements(archive, _DIRECTORY, budget):
            kind = element.get("ContentType", "").strip().lower()
            if local_name(element) == "Override":
                self._add(self._overrides, element.get("PartName", "").lstrip("/"), kind)
            elif local_name(element) == "Default":
                self._add(self._defaults, element.get("Extension", ""), kind)

    def of(self, name: str) -> str:
        """The kind of the part `name`, in small letters; empty where the directory has none."""
        extension = name.rpartition(".")[2]
        return self._overrides.get(name.casefold()) or self._defaults.get(extension.casefold(), "")

    @staticmethod
    def _add(table: dict[str, str], name: str, kind: str) -> None:
        if table.setdefault(name.casefold(), kind) != kind:
            raise Unsafe("part", name)


def _check_part(archive: zipfile.ZipFile, name: str, kind: str, budget: Budget) -> None:
    budget.check()
    if name.casefold().endswith(".rels"):
        for element in _elements(archive, name, budget):
            if local_name(element) == "Relationship":
                _check_relationship(element)
    elif kind in XML_TYPES:
        text = TextCheck()
        for event, element in _events(archive, name, budget):
            text.look_at(event, element)
        text.close()
    elif kind in BINARY_TYPES:
        content = archive.read(name)
        if not content.startswith(BINARY_TYPES[kind]) or content.startswith(FOREIGN):
            raise Unsafe("embedded", name)
    else:
        raise _unknown(f"{name} {kind}", name)


def _check_relationship(element: Any) -> None:
    kind, target = element.get("Type", "").lower(), element.get("Target", "")
    name = kind.rpartition("/")[2]
    if not kind.startswith(RELATIONSHIP_ROOTS) or name not in RELATIONSHIPS:
        raise _unknown(name, name or target)
    if element.get("TargetMode", "Internal").strip().lower() == "internal":
        is_plain = is_inside(target)
    else:
        is_plain = name == "hyperlink" and is_web_link(target)
    if not is_plain:
        raise Unsafe("external", target)


def _unknown(described: str, shown: str) -> Unsafe:
    """The refusal of what is on no list, called by what it is where that is known."""
    described = described.lower()
    for code, words in (("macros", MACRO_WORDS), ("external", EXTERNAL_WORDS), ("embedded", EMBEDDED_WORDS)):
        if any(word in described for word in words):
            return Unsafe(code, shown)
    return Unsafe("part", shown)


def _elements(archive: zipfile.ZipFile, name: str, budget: Budget) -> list[Any]:
    return [element for event, element in _events(archive, name, budget) if event == "start"]


def _events(archive: zipfile.ZipFile, name: str, budget: Budget) -> Iterator[tuple[str, Any]]:
    """Begin and end of each element of a part, in order; an element is forgotten once it has ended."""
    path: list[Any] = []
    with archive.open(name) as file:
        for event, element in iterparse(file, ("start", "end"), forbid_dtd=True):
            budget.check()
            yield event, element
            if event == "start":
                path.append(element)
            else:
                path.pop()
                if path:
                    path[-1].remove(element)
