"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Where the request comes from, "" where that is not known.

    Each of the PROXIES in front adds the address it saw at the end of the list. What is no address there was written by
    somebody else, and the connection's own counts.
    """
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    behind = settings.PROXIES
    told = seen[-behind] if 0 < behind <= len(seen) else ""
    return _address(told) or _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return ""
