"""The cache that all servers share. Nothing rests on it: while Redis is away, it answers as an empty cache does."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisSerializer
from django.core.exceptions import SuspiciousOperation
from django.utils.crypto import constant_time_compare, salted_hmac
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSilent
from redis.retry import Retry

from .metrics import CACHE_FAILURES

logger = logging.getLogger(__name__)

# A page waits no longer than this for a number that it can do without, and after a failure nobody waits for a while.
TIMEOUT = 0.5  # seconds
PAUSE = 5.0  # seconds


SIGNATURE_BYTES = 32


class SignedSerializer(RedisSerializer):
    """Objects packed as Django packs them, with a signature by SECRET_KEY before each: unpacking runs what it is told to.

    Counts are plain numbers, which Redis itself adds to.
    """

    def dumps(self, obj: Any) -> Any:
        packed: bytes | int = super().dumps(obj)
        return packed if isinstance(packed, int) else _signature(packed) + packed

    def loads(self, data: Any) -> Any:
        """The object. Raises SuspiciousOperation, before anything is unpacked, where this site did not sign it."""
        try:
            return int(data)
        except ValueError:
            signature, packed = data[:SIGNATURE_BYTES], data[SIGNATURE_BYTES:]
        if not constant_time_compare(signature, _signature(packed)):
            raise SuspiciousOperation("Something in the cache was not put there by this site.")
        return super().loads(packed)


def _signature(packed: bytes) -> bytes:
    return salted_hmac(__name__, packed, algorithm="sha256").digest()


class FaultTolerantRedisCache(RedisCache):
    """Django's Redis cache, which loses what is said to it while Redis is away, and takes rubbish for nothing."""

    # Of all threads of the process, each of which has a cache object of its own.
    _silent_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options: dict[str, Any] = {"serializer": SignedSerializer()}
        options |= {"socket_connect_timeout": TIMEOUT, "socket_timeout": TIMEOUT, "retry": Retry(NoBackoff(), 0)}
        super().__init__(server, params | {"OPTIONS": options | params.get("OPTIONS", {})})

    def _attempt(self, operation: Callable[[], Any], fallback: Any) -> Any:
        if time.monotonic() < FaultTolerantRedisCache._silent_until:
            return fallback
        try:
            return operation()
        except Exception as error:
            if isinstance(error, (RedisAway, RedisSilent)):
                FaultTolerantRedisCache._silent_until = time.monotonic() + PAUSE
            CACHE_FAILURES.inc()
            logger.warning("The cache does not answer as it should, and is done without: %s", type(error).__name__)
            return fallback

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._attempt(lambda: super(FaultTolerantRedisCache, self).add(*args, **kwargs), False)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._attempt(lambda: super(FaultTolerantRedisCache, self).get(key, default, version), default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._attempt(lambda: super(FaultTolerantRedisCache, self).set(*args, **kwargs), None)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._attempt(lambda: super(FaultTolerantRedisCache, self).touch(*args, **kwargs), False)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._attempt(lambda: super(FaultTolerantRedisCache, self).delete(*args, **kwargs), False)

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return self._attempt(lambda: super(FaultTolerantRedisCache, self).get_many(*args, **kwargs), {})

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._attempt(lambda: super(FaultTolerantRedisCache, self).has_key(*args, **kwargs), False)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """The new number. Raises ValueError when there is none, as every cache of Django."""
        count = self._attempt(lambda: super(FaultTolerantRedisCache, self).incr(key, delta, version), None)
        if count is None:
            raise ValueError(f"Key {key!r} not found.")
        return count

    def set_many(self, data: dict[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        return self._attempt(lambda: super(FaultTolerantRedisCache, self).set_many(data, *args, **kwargs), list(data))

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._attempt(lambda: super(FaultTolerantRedisCache, self).delete_many(*args, **kwargs), None)

    def clear(self) -> None:
        self._attempt(super().clear, None)
