"""Where a request comes from."""

from ipaddress import IPv6Address, ip_address, ip_network

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


def counted_address(request: HttpRequest) -> str:
    """By what requests of one client are counted: its address, of IPv6 the first of its /64, all of which one client may use."""
    text = client_address(request)
    return str(ip_network(f"{text}/64", strict=False).network_address) if ":" in text else text


def _address(text: str) -> str:
    """The address as it is written today, IPv4 in an IPv6 cover without it; "" for what is none."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str((isinstance(address, IPv6Address) and address.ipv4_mapped) or address)
