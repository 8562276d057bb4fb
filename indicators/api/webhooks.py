"""Tells other systems that a figure was approved. What is sent names the figure; its value is read at the API."""

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from ..models import Delivery

TIMEOUT = 10  # seconds
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class NotSent(Exception):
    """The receiver could not be told; the message says why."""


def send(delivery: Delivery) -> None:
    """Tell the receiver, once. Raises NotSent unless it answers with a status from 200 to 299."""
    body = json.dumps(content(delivery), ensure_ascii=False).encode()
    url = urlsplit(delivery.url)
    host, is_plain = url.hostname or "", url.scheme == "http"
    if is_plain and host not in LOOPBACK:
        raise NotSent("plain http is for this machine only")
    connection = (_CheckedHTTP if is_plain else _CheckedHTTPS)(host, url.port, timeout=TIMEOUT)
    path = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
    try:
        connection.request("POST", path, body, _headers(delivery, body))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NotSent(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    if not 200 <= status <= 299:  # A redirect is not followed: it could lead anywhere.
        raise NotSent(f"HTTP {status}")


def content(delivery: Delivery) -> dict[str, Any]:
    """What the receiver is told: which figure, and where it stands."""
    figure = delivery.figure
    return {
        "event": "figure.approved",
        "delivery": delivery.pk,
        "approved_at": delivery.approved_at.isoformat(),
        "indicator": figure.indicator.code,
        "period": figure.period.code,
        "figure": figure.pk,
        "url": f"{settings.SITE_URL}/api/v1/figures/{figure.pk}",
    }


def signature(moment: str, body: bytes) -> str:
    """What proves that the message is ours, and of when."""
    return hmac.new(settings.WEBHOOK_SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def _headers(delivery: Delivery, body: bytes) -> dict[str, str]:
    moment = str(int(time.time()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "lanson-webhook",
        "X-Delivery": str(delivery.pk),
        "X-Timestamp": moment,
        "X-Signature": f"sha256={signature(moment, body)}",
    }


class _CheckedHTTP(http.client.HTTPConnection):
    """Connects to the very address that was looked at, so that a name cannot lead elsewhere a moment later."""

    def connect(self) -> None:
        self.sock = _connect(self.host, self.port, self.timeout)


class _CheckedHTTPS(http.client.HTTPSConnection):
    def connect(self) -> None:
        plain = _connect(self.host, self.port, self.timeout)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def allowed_addresses(host: str, port: int) -> list[str]:
    """The addresses of `host`, in the order in which this machine would try them.

    Raises NotSent when one of them is not allowed: what a name may lead to is not ours to know.
    """
    try:
        addresses = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise NotSent(f"{host}: {error}") from error
    for address in addresses:
        if not _is_allowed(ipaddress.ip_address(address.partition("%")[0]), host):
            raise NotSent(f"{host} leads to {address}, which is not allowed")
    return list(dict.fromkeys(addresses))


def _connect(host: str, port: int, timeout: float | None) -> socket.socket:
    """A connection to the first address that takes one: an office network may have no way to some of them.

    Raises NotSent without an address or where one is not allowed, OSError where none takes it.
    """
    failure: OSError | None = None
    for address in allowed_addresses(host, port):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            failure = error
    raise failure or NotSent(f"{host} has no address")


def _is_allowed(address: ipaddress.IPv4Address | ipaddress.IPv6Address, host: str) -> bool:
    """Public addresses; this machine only by its own name; the inside of the office where WEBHOOK_INTERNAL says so."""
    # ::ffff:127.0.0.1 is 127.0.0.1 in another form, and is judged as what it leads to.
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped:
        return _is_allowed(mapped, host)
    if address.is_loopback:
        return host in LOOPBACK
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    return address.is_global or (settings.WEBHOOK_INTERNAL and address.is_private)
