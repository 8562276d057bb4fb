"""What the environment says of the services beside the application, read as strictly as environment.py does.

Their addresses hold passwords, so no message repeats them.
"""

import re
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from . import environment
from .environment import setting

_BUCKET = re.compile(r"/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])")


def cache() -> dict[str, Any]:
    """The cache of CACHE_URL; without one, the memory of each process. Raises ImproperlyConfigured."""
    text = setting("CACHE_URL", default="memory://")
    if text == "memory://":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    url = _split(text)
    if not url or url.scheme not in ("redis", "rediss") or not re.fullmatch("(/[0-9]{1,2})?", url.path) or url.query:
        raise ImproperlyConfigured(
            "CACHE_URL cannot be read. Write redis://:password@host:6379/0 (special characters percent-encoded),"
            " rediss://… with TLS, or memory:// for the memory of each process."
        )
    return {"BACKEND": "indicators.core.cache_backend.FaultTolerantRedisCache", "LOCATION": text}


def files() -> dict[str, Any]:
    """The store of evidence files: the bucket of FILES_URL; without one, the folder MEDIA_ROOT.

    Raises ImproperlyConfigured.
    """
    text = setting("FILES_URL")
    if not text:
        modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": modes}
    url = _split(text)
    bucket = _BUCKET.fullmatch(url.path) if url else None
    options_given = dict(parse_qsl(url.query, keep_blank_values=True)) if url else {}
    schemes = {"s3": "https", "s3+http": "http"}
    if (
        not url
        or not bucket
        or url.scheme not in schemes
        or not (url.username and url.password)
        or set(options_given) - {"region"}
    ):
        raise ImproperlyConfigured(
            "FILES_URL cannot be read. Write s3://KEY:SECRET@host:port/bucket?region=name (special characters"
            " percent-encoded; region may be left out), or s3+http://… without TLS, in a network of the servers' own."
        )
    options = {
        "endpoint_url": f"{schemes[url.scheme]}://{url.netloc.rpartition('@')[2]}",
        "bucket_name": bucket[1],
        "region_name": options_given.get("region") or "us-east-1",
        "access_key": unquote(url.username),
        "secret_key": unquote(url.password),
    }
    return {"BACKEND": "indicators.core.storage_backend.Bucket", "OPTIONS": options}


def databases() -> dict[str, dict[str, Any]]:
    """The database of DATABASE_URL as `default` and, where DATABASE_REPLICA_URL names one, its `replica`.

    Raises ImproperlyConfigured.
    """
    primary = environment.database()
    if not setting("DATABASE_REPLICA_URL"):
        return {"default": primary}
    replica = environment.database("DATABASE_REPLICA_URL")
    engines = {database["ENGINE"] for database in (primary, replica)}
    if engines != {"django.db.backends.postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_REPLICA_URL is for PostgreSQL: both it and DATABASE_URL have to begin with postgresql://."
            " Remove it, or write the address of a standby of the database in DATABASE_URL."
        )
    # A replica that is away is done without, so nobody waits long for it.
    replica["OPTIONS"] |= {"connect_timeout": 2}
    return {"default": primary, "replica": replica | {"TEST": {"MIRROR": "default"}}}


def _split(text: str) -> SplitResult | None:
    """The parts of an address with a host; None for what is none."""
    try:
        url = urlsplit(text)
        return url if url.hostname and (url.port is None or url.port) and not url.fragment else None
    except ValueError:
        return None
