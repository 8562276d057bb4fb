"""Small files of every kind that an office sends: real signatures, just enough inside."""

import io
import zipfile

from indicators.workflow.evidence import TYPES

OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def pdf():
    return b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def png():
    return bytes.fromhex("89504e470d0a1a0a") + b"\0\0\0\rIHDR" + bytes(17)


def jpeg():
    return bytes.fromhex("ffd8ffe000104a46494600010100") + bytes(20) + bytes.fromhex("ffd9")


def open_xml(suffix, *parts, main="", **options):
    """An Office container of the kind of `suffix` with further `parts`; `main` overrides the type of its main part."""
    main = main or TYPES[suffix] + ".main+xml"
    directory = f'<Types><Override PartName="/main.xml" ContentType="{main}"/></Types>'
    return container({"[Content_Types].xml": directory, "main.xml": "<x/>"} | dict.fromkeys(parts, "<x/>"), **options)


def container(parts, compression=zipfile.ZIP_DEFLATED):
    """A zip file of named texts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def old_office(*names):
    """A file of the old Office whose directory holds `names`."""
    return OLD_OFFICE + b"".join(f"{name}\0".encode("utf-16-le").ljust(128, b"\0") for name in names)


def file_of(suffix):
    """A file of the kind that `suffix` names."""
    makers = {".pdf": pdf, ".png": png, ".jpg": jpeg, ".jpeg": jpeg}
    if suffix in (".doc", ".xls"):
        return old_office({".doc": "WordDocument", ".xls": "Workbook"}[suffix])
    return makers[suffix]() if suffix in makers else open_xml(suffix)
