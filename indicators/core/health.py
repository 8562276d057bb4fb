"""Whether the database answers, found out in bounded time: a database that hangs must not hang its examiner."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from functools import lru_cache

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

TIMEOUT = 3.0  # seconds

# One at a time: while a question hangs, the next ones are given up unasked instead of piling up connections.
_examiner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")


def database_answers() -> bool:
    """Whether the database answers a question on a new connection within TIMEOUT."""
    return _within_timeout(_ask)


def is_migrated() -> bool:
    """Whether it answers, and no migration of this code is missing in it. More than it knows may have been applied."""
    return _within_timeout(lambda: newest_migrations() <= MigrationRecorder(connection).applied_migrations().keys())


def _ask() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


@lru_cache
def newest_migrations() -> set[tuple[str, str]]:
    """The last migration of each app in this code."""
    return set(MigrationLoader(None).graph.leaf_nodes())


def _within_timeout(question: Callable[[], bool]) -> bool:
    answer: Future[bool] = _examiner.submit(_on_its_own, question)
    try:
        return answer.result(TIMEOUT)
    except (DatabaseError, InterfaceError):
        return False
    except TookTooLong:
        answer.cancel()
        return False


def _on_its_own(question: Callable[[], bool]) -> bool:
    try:
        return question()
    finally:
        connection.close()
