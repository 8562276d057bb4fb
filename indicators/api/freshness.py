"""HTTP: whether anything a reader could see has changed, without reading or judging any of it.

Every change of a record adds a row to its history and none is ever taken away, so the number of these rows with the
latest of their keys names the content, on every server that shares the database. The key alone would not do: of two
changes at the same time the one with the lower key may be stored last. The day belongs to it (a figure may be published
tomorrow), and so does the code that words the answers.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from ..models import (
    Agency,
    Aggregate,
    Assignment,
    Comparison,
    Figure,
    Indicator,
    OfficialResult,
    OfficialVerdict,
    Sector,
    Source,
    Target,
    Term,
)

_PUBLIC: tuple[Any, ...] = (
    Agency,
    Aggregate,
    Assignment,
    Comparison,
    Figure,
    Indicator,
    OfficialResult,
    OfficialVerdict,
    Sector,
    Source,
    Target,
    Term,
)


def etag(*representation: str) -> str:
    """The entity tag of what `representation` (address, media type, language, …) shows now; one query.

    A weak one: a message may tell the moment it was made. It has to be asked for before the content is read: then a change
    in between makes the tag too old, never too new.
    """
    parts = (*representation, str(timezone.localdate()), _code(), *map(str, _changes()))
    return f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'


def _changes() -> tuple[Any, ...]:
    """The number of changes and the latest one, of each kind of public record."""
    tables = [model.history.model._meta.db_table for model in _PUBLIC]
    counts = ", ".join(f'(SELECT COUNT(*) FROM "{one}"), (SELECT MAX(history_id) FROM "{one}")' for one in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        row: tuple[Any, ...] = cursor.fetchone()
    return row


@lru_cache
def _code() -> str:
    """A fingerprint of the application's code and words: another release may tell the same records differently."""
    found = hashlib.sha256()
    places = [Path(settings.BASE_DIR) / name for name in ("indicators", "lanson")]
    for path in sorted(path for place in places for path in place.rglob("*.[pm][yo]")):
        found.update(path.read_bytes())
    return found.hexdigest()
