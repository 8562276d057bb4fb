"""What stands in the parts of a document: fields of Word, formulas of Excel, actions of PowerPoint, addresses of pictures."""

import re
from typing import Any

from .links import is_inside, is_web_link
from .open_xml_names import FIELDS
from .refusals import Unsafe

# What Excel can be told to start, call or fetch within a formula; the first are of Excel 4.0.
_CALLS = re.compile(
    r"\b(CALL|EXEC|EXECUTE|REGISTER|REGISTER\.ID|INITIATE|POKE|RTD|WEBSERVICE|IMAGE|SQL\.REQUEST)\s*\(", re.I
)
_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'|\[[^\]]*\]')
_RUNS_BY_ITSELF = re.compile(r"_xlnm\.Auto_|Auto_(Open|Close|Activate|Deactivate)", re.I)
_FORMULAS = frozenset(
    ("f", "definedName", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula")
)
# Where drawings keep formulas of macros.
_MACRO_ELEMENTS = frozenset(("FmlaMacro", "sheetPr4", "macrosheet", "macroNames"))
_ACTIONS = tuple(f"ppaction://{name}" for name in ("hlinksldjump", "hlinkshowjump", "noaction", "media", "customshow"))


def local_name(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


class TextCheck:
    """Looks at the elements of one part as they come. Fields of Word may be spread over many of them, one in another."""

    def __init__(self) -> None:
        self._fields = [""]

    def look_at(self, event: str, element: Any) -> None:
        """Raises Unsafe for what starts or fetches something."""
        name = local_name(element)
        if event == "start":
            self._check_attributes(name, element.attrib)
            if name == "fldChar":
                self._turn(_attribute(element, "fldCharType"))
            elif name == "fldSimple":
                _check_field(_attribute(element, "instr"))
            return
        text = element.text or ""
        if name in ("instrText", "delInstrText"):
            self._fields[-1] += text
        elif name in _FORMULAS:
            _check_formula(text)
        elif name in _MACRO_ELEMENTS:
            raise Unsafe("macros", name)

    def close(self) -> None:
        """Raises Unsafe for an instruction without an end."""
        for instruction in self._fields:
            if instruction.strip():
                _check_field(instruction)

    def _turn(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append("")
        elif kind in ("separate", "end") and len(self._fields) > 1:
            if kind == "separate":
                _check_field(self._fields[-1])
                self._fields[-1] = "PAGE"  # what follows is its result; an instruction in there is checked at the end
            else:
                _check_field(self._fields.pop())

    def _check_attributes(self, name: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            attribute = key.rpartition("}")[2]
            if attribute in ("macro", "xlm", "vbProcedure", "onAction") and value.lower() not in ("", "0", "false"):
                raise Unsafe("macros", value)
            if attribute == "name" and name == "definedName" and _RUNS_BY_ITSELF.match(value):
                raise Unsafe("macros", value)
            if attribute in ("ddeService", "ddeTopic"):
                raise Unsafe("field", value)
            if attribute in ("src", "href") and not is_inside(value) and (attribute == "src" or not is_web_link(value)):
                raise Unsafe("external", value)
            if attribute == "action" and value.startswith("ppaction:") and not value.startswith(_ACTIONS):
                raise Unsafe("macros", value)


def _attribute(element: Any, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _check_field(instruction: str) -> None:
    """A name put together by other fields is on no list."""
    words = instruction.split()
    name = words[0].lower() if words else ""
    if name not in FIELDS and not name.startswith("="):
        raise Unsafe("field", " ".join(words) or "{ }")
    if name == "hyperlink" and len(words) > 1:
        target = words[1].strip('"“”')
        if not target.startswith("\\l") and not is_web_link(target):
            raise Unsafe("external", target)


def _check_formula(text: str) -> None:
    call = _CALLS.search(text)
    if call or "|" in _QUOTED.sub("", text):  # program|document!place is Excel's way to ask another program
        raise Unsafe("field", text)
