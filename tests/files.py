"""Small files of every kind that an office sends, made as programs make them."""

import io
import zipfile
from functools import cache

from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter

from indicators.workflow.evidence_content import TYPES

OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
ROOT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@cache
def pdf():
    """One empty page."""
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    return written(writer)


def written(document):
    """What `document` (a PdfWriter, a Workbook) writes or saves."""
    file = io.BytesIO()
    getattr(document, "write" if isinstance(document, PdfWriter) else "save")(file)
    return file.getvalue()


@cache
def picture(kind, size=(8, 8)):
    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, kind)
    return file.getvalue()


def png():
    return picture("PNG")


def jpeg():
    return picture("JPEG")


@cache
def workbook():
    book = Workbook()
    book.active.append(["GRDP", 6.2])
    return written(book)


def relationships(*targets):
    """A part with relationships: of each its kind, target and, if it is outside, True."""
    rows = ""
    for number, (kind, target, *outside) in enumerate(targets):
        mode = ' TargetMode="External"' if outside else ""
        kind = kind if "/" in kind else ROOT + kind
        rows += f'<Relationship Id="r{number}" Type="{kind}" Target="{target}"{mode}/>'
    return f'<Relationships xmlns="{_RELATIONSHIPS}">{rows}</Relationships>'


def directory(main, overrides=(), defaults=()):
    """The directory of a container whose main part `main` names (part, kind), with further kinds by part and by ending."""
    default = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    endings = "".join(
        f'<Default Extension="{one}" ContentType="{kind}"/>' for one, kind in (default | dict(defaults)).items()
    )
    parts = "".join(f'<Override PartName="/{one}" ContentType="{kind}"/>' for one, kind in (main, *overrides))
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{endings}{parts}</Types>'


def open_xml(suffix, *parts, main="", more=None, overrides=(), defaults=(), body="<x/>"):
    """An Office container of the kind of `suffix` with further `parts`, or `more` of them by name and content;
    `main` overrides the type of its main part, `body` its content."""
    name = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}[suffix]
    content = {
        "[Content_Types].xml": directory((name, main or TYPES[suffix] + ".main+xml"), overrides, defaults),
        "_rels/.rels": relationships(("officeDocument", name)),
        name: body,
    }
    return container(content | dict.fromkeys(parts, "<x/>") | (more or {}))


def with_macros(suffix):
    """The same with a macro project."""
    kind = "application/vnd.ms-office.vbaProject"
    return open_xml(suffix, more={"xl/vbaProject.bin": old_office("VBA")}, defaults=[("bin", kind)])


def word(text):
    """A Word document whose paragraph is the XML `text`."""
    return open_xml(".docx", body=f'<w:document xmlns:w="{_WORD}"><w:body><w:p>{text}</w:p></w:body></w:document>')


def container(parts, compression=zipfile.ZIP_DEFLATED):
    """A zip file of named texts, or of pairs where a name comes twice."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, text in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, text)
    return file.getvalue()


def old_office(*names):
    """A file of the old Office whose directory holds `names`."""
    return OLD_OFFICE + b"".join(f"{name}\0".encode("utf-16-le").ljust(128, b"\0") for name in names)


def file_of(suffix):
    """A file of the kind that `suffix` names."""
    makers = {".pdf": pdf, ".png": png, ".jpg": jpeg, ".jpeg": jpeg, ".xlsx": workbook}
    return makers[suffix]() if suffix in makers else open_xml(suffix)
