"""Links that a document may have: to pages and people, which nothing fetches before somebody follows them."""

import re

_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.I)
_SCHEMES = ("http", "https", "mailto")


def is_web_link(address: str) -> bool:
    """Whether `address` leads to a page, a person, or a place in the same document; never to a file or a program."""
    scheme = _SCHEME.match(address)
    return scheme[1].lower() in _SCHEMES if scheme else address.strip().startswith("#")


def is_inside(address: str) -> bool:
    """Whether `address` names a part of the same document: no scheme, drive or server."""
    return not _SCHEME.match(address) and not address.strip().replace("\\", "/").startswith("//")
