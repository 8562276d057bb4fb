"""What a plain document of Office is made of: kinds of its parts, and kinds of relationships between them.

Sources: ECMA-376 parts 1 and 2, and [MS-OFFCRYPTO]'s siblings [MS-DOCX], [MS-XLSX], [MS-PPTX] for what was added since.
Left out is whatever runs (macros, controls), hides (objects, other files), or fetches (external links, connections).
"""


def _named(prefix: str, names: str, suffix: str = "+xml") -> frozenset[str]:
    return frozenset(f"{prefix}{name}{suffix}".lower() for name in names.split())


_OPEN_XML = "application/vnd.openxmlformats-officedocument."

XML_TYPES = (
    frozenset(("application/xml", "text/xml"))
    | _named("application/vnd.openxmlformats-package.", "relationships core-properties digital-signature-xmlsignature")
    | _named(_OPEN_XML, "extended-properties custom-properties customXmlProperties theme themeOverride drawing")
    | _named(_OPEN_XML, "vmlDrawing", "")
    | _named(_OPEN_XML + "drawingml.", "chart chartshapes diagramData diagramLayout diagramStyle diagramColors")
    | _named(
        _OPEN_XML + "wordprocessingml.",
        "document.main document.glossary styles settings webSettings fontTable numbering footnotes endnotes comments"
        " commentsExtended commentsIds commentsExtensible people header footer",
    )
    | _named(
        _OPEN_XML + "spreadsheetml.",
        "sheet.main worksheet chartsheet styles sharedStrings table calcChain comments sheetMetadata pivotTable"
        " pivotCacheDefinition pivotCacheRecords",
    )
    | _named(
        _OPEN_XML + "presentationml.",
        "presentation.main slide slideLayout slideMaster notesSlide notesMaster handoutMaster presProps viewProps"
        " tableStyles comments commentAuthors tags",
    )
    | _named(
        "application/vnd.ms-office.", "chartstyle chartcolorstyle chartex drawingml.diagramDrawing classificationlabels"
    )
    | _named("application/vnd.ms-word.", "stylesWithEffects commentsExtended commentsIds commentsExtensible people")
    | _named(
        "application/vnd.ms-excel.",
        "threadedcomments person slicer slicerCache timeline timelineCache calcChain controlproperties richvaluerel"
        " rdrichvalue rdrichvaluestructure rdrichvaluetypes rdarray featurepropertybag",
    )
    | _named("application/vnd.ms-powerpoint.", "comments authors changesinfo revisioninfo")
)

# What is no XML, with what it begins with; any beginning where the format has none of its own.
BINARY_TYPES: dict[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/jpg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF8",),
    "image/bmp": (b"BM",),
    "image/tiff": (b"II*\0", b"MM\0*"),
    "image/x-emf": (b"\1\0\0\0",),
    "image/emf": (b"\1\0\0\0",),
    "image/x-wmf": (b"\xd7\xcd\xc6\x9a", b"\1\0\x09\0"),
    "image/wmf": (b"\xd7\xcd\xc6\x9a", b"\1\0\x09\0"),
    _OPEN_XML + "spreadsheetml.printersettings": (b"",),
    _OPEN_XML + "presentationml.printersettings": (b"",),
    _OPEN_XML + "wordprocessingml.printersettings": (b"",),
    _OPEN_XML + "obfuscatedfont": (b"",),
    "application/vnd.openxmlformats-package.digital-signature-origin": (b"",),
}
# What files begin with that Office opens or the system runs, whatever a part says that it is.
FOREIGN = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"MZ", b"%PDF", b"{\\rtf", b"\x7fELF", b"#!")

RELATIONSHIP_ROOTS = (
    "http://schemas.openxmlformats.org/officedocument/2006/relationships/",
    "http://schemas.openxmlformats.org/package/2006/relationships/",
    "http://purl.oclc.org/ooxml/officedocument/relationships/",
    "http://schemas.microsoft.com/office/",
)
RELATIONSHIPS = _named(
    "",
    "officeDocument core-properties extended-properties extendedProperties custom-properties customProperties thumbnail"
    " customXml customXmlProps origin signature certificate classificationlabels"
    " styles stylesWithEffects settings webSettings fontTable font numbering footnotes endnotes comments commentsExtended"
    " commentsIds commentsExtensible people header footer glossaryDocument theme themeOverride image hyperlink printerSettings"
    " worksheet chartsheet sharedStrings table calcChain sheetMetadata pivotTable pivotCacheDefinition pivotCacheRecords"
    " drawing vmlDrawing chart chartUserShapes chartStyle chartColorStyle chartEx diagramData diagramLayout"
    " diagramQuickStyle diagramColors diagramDrawing threadedComment person slicer slicerCache timeline timelineCache"
    " ctrlProp richValueRel rdRichValue rdRichValueStructure rdRichValueTypes rdArray FeaturePropertyBag"
    " slide slideLayout slideMaster notesSlide notesMaster handoutMaster presProps viewProps tableStyles commentAuthors"
    " authors tags changesInfo revisionInfo",
    "",
)

# What is recognised only to be called by its name when it is refused.
MACRO_WORDS = ("vba", "macro", "dialogsheet", "activex", "control", "customui", "userform", "toolbar")
EMBEDDED_WORDS = ("oleobject", "package", "embed", "afchunk", "subdocument", "webextension", "audio", "video", "media")
EXTERNAL_WORDS = ("externallink", "connection", "querytable", "attachedtemplate", "mailmerge", "link", "volatile")

# The fields of Word that only show what the document knows, by ECMA-376 part 1, 17.16.5.
FIELDS = _named(
    "",
    "ADVANCE AUTHOR AUTONUM AUTONUMLGL AUTONUMOUT BIBLIOGRAPHY CITATION COMMENTS CREATEDATE DATE DOCPROPERTY DOCVARIABLE"
    " EDITTIME EQ FILENAME FILESIZE FORMCHECKBOX FORMDROPDOWN FORMTEXT GOTOBUTTON HYPERLINK IF INDEX KEYWORDS LASTSAVEDBY"
    " LISTNUM MERGEFIELD MERGEREC MERGESEQ NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE PAGEREF PRINTDATE QUOTE REF REVNUM"
    " SAVEDATE SECTION SECTIONPAGES SEQ SET STYLEREF SUBJECT SYMBOL TA TC TEMPLATE TIME TITLE TOA TOC USERADDRESS"
    " USERINITIALS USERNAME XE",
    "",
)
