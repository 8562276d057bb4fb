"""What an evidence file holds, before it is taken: each kind is read by a library of its own, within a budget.

A file is taken for what it is, never for what its name says, and only when nothing in it runs, hides or fetches anything.
What is refused, and what the sender can do about it, is told in words.
"""

from collections.abc import Callable
from pathlib import PurePath

from .budget import Budget
from .images import check_image
from .open_xml import check_open_xml
from .pdf import check_pdf
from .refusals import OLD_OFFICE, Unsafe, refusal

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
# Each kind: its type, how its files begin, and who looks into them.
_KINDS: dict[str, tuple[str, bytes, Callable[[bytes, str, Budget], None]]] = {
    ".pdf": ("application/pdf", b"%PDF-", check_pdf),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n", check_image),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff", check_image),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff", check_image),
    ".docx": (_OPEN_XML + "wordprocessingml.document", b"PK\x03\x04", check_open_xml),
    ".xlsx": (_OPEN_XML + "spreadsheetml.sheet", b"PK\x03\x04", check_open_xml),
    ".pptx": (_OPEN_XML + "presentationml.presentation", b"PK\x03\x04", check_open_xml),
}
TYPES = {suffix: kind for suffix, (kind, _beginning, _check) in _KINDS.items()}


def content_type(name: str, content: bytes) -> str:
    """The type of a file that is taken. Raises ValidationError for one that is not; its code says why."""
    suffix = PurePath(name).suffix
    try:
        if suffix not in _KINDS:
            raise Unsafe("old_office" if suffix in OLD_OFFICE else "kind", OLD_OFFICE.get(suffix, ""))
        kind, beginning, check = _KINDS[suffix]
        if not content.startswith(beginning):
            raise Unsafe("mismatch")
        check(content, kind, Budget())
    except Unsafe as unsafe:
        raise refusal(name, unsafe) from unsafe
    return kind
