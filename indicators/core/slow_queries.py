"""Names the statements that take long, without the values in them."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from .metrics import SLOW_QUERIES

logger = logging.getLogger(__name__)

LONGEST = 2000  # characters of a statement


def watch(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Watch a connection from its beginning; one that was opened anew is watched already."""
    if told not in connection.execute_wrappers:
        connection.execute_wrappers.append(told)


def told(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """What the statement returns; a line in the log when it took SLOW_QUERY_MS or longer, also when it failed."""
    started_at = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        duration = round((time.perf_counter() - started_at) * 1000)
        if duration >= settings.SLOW_QUERY_MS:
            SLOW_QUERIES.inc()
            logger.warning("A query took %s ms: %s", duration, str(sql)[:LONGEST], extra={"duration_ms": duration})
