"""Why an evidence file is refused: what was found in it, and what the sender can do."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Files of Office 97–2003, and what to save them as.
OLD_OFFICE = {".doc": ".docx", ".xls": ".xlsx", ".ppt": ".pptx"}

_REFUSALS = {
    "kind": _(
        "“%(name)s”: this kind of file is not taken. Send PDF, PNG, JPEG, Word, Excel or PowerPoint, without macros."
    ),
    "old_office": _(
        "“%(name)s” is of Office 97–2003, where macros and links can hide. Open it, save it as %(what)s or as PDF, and"
        " send that file."
    ),
    "mismatch": _(
        "“%(name)s” is not what its name says, or is damaged or locked by a password. Save it anew, or as PDF."
    ),
    "macros": _("“%(name)s” contains macros. Save it without them, or as PDF."),
    "embedded": _("“%(name)s” has another file or object inside: %(what)s. Remove it, or save the document as PDF."),
    "external": _(
        "“%(name)s” takes content from elsewhere: %(what)s. Break that link (in Excel: Data, Edit Links, Break Link), or"
        " save the document as PDF."
    ),
    "field": _(
        "“%(name)s” has a field or formula that starts or fetches something: %(what)s. Replace it by its text, or save"
        " the document as PDF."
    ),
    "part": _("“%(name)s” has a part that no plain document has: %(what)s. Save the document as PDF."),
    "active": _(
        "“%(name)s” is a PDF that does more than show pages: %(what)s. Print it as a new PDF and send that one."
    ),
    "locked": _(
        "“%(name)s” is encrypted, so that nobody can look into it. Save it without a password, or print it as a new PDF."
    ),
    "bomb": _("“%(name)s” unpacks to far more than a report holds. Send it as PDF."),
    "budget": _(
        "“%(name)s” is too intricate to be looked through. Print it as a new PDF, or send only the pages that matter."
    ),
    "image": _("“%(name)s” is no whole picture. Save or scan it anew."),
    "pixels": _(
        "“%(name)s” has more than %(what)s million pixels. Scan it with fewer dots per inch, or send it as PDF."
    ),
}
_LONGEST_WHAT = 80


class Unsafe(Exception):
    """Something in a file for which it is refused: the code of the refusal, and what was found."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(code, what)
        self.code, self.what = code, what


def refusal(name: str, unsafe: Unsafe) -> ValidationError:
    """The error that tells the sender of the file `name`. What stands in the file is echoed short and printable."""
    what = "".join(char for char in unsafe.what[:_LONGEST_WHAT] if char.isprintable())
    return ValidationError(_REFUSALS[unsafe.code], unsafe.code, {"name": name, "what": what})
