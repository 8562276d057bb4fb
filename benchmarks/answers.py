"""Pages, API and CSV as a reader gets them: the first time after a change, again, and when nothing has changed.

The floor is a bare Django view that sends the same bytes, on a server of its own with the same middleware, asked in turn.
"""

import gzip
import http.client
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from .databases import database, fill
from .measuring import Row, once
from .serving import fetch, serving
from .writing import touch

ADDRESSES = {
    "overview": "/terms/2025/",
    "indicator": "/indicators/sample-000001/",
    "compare": "/compare/",
    "year plan": "/years/2025/",
    "API progress": "/api/v1/progress?limit=100",
    "progress CSV": "/reports/progress.csv?term=2025",
}
RUNS = {60: 15, 1_000: 7, 10_000: 3}
AGAIN = 60


def rows(largest: int = 10_000) -> Iterator[Row]:
    """Every address at growing numbers of targets, on both databases."""
    for kind in ("SQLite", "PostgreSQL"):
        for targets in (size for size in RUNS if size <= largest):
            with database(kind) as url:
                fill(url, targets)
                yield from _of(url, targets, f"{targets} targets, {kind}")


def _of(url: str, targets: int, where: str) -> Iterator[Row]:
    with ExitStack() as opened:
        folder = opened.enter_context(tempfile.TemporaryDirectory())
        static = f"{folder}/static"
        port = opened.enter_context(serving(url, static))
        bare = opened.enter_context(
            serving(url, static, DJANGO_SETTINGS_MODULE="benchmarks.floor_settings", FLOOR=folder)
        )
        ours, floor = (http.client.HTTPConnection("127.0.0.1", one, timeout=300) for one in (port, bare))
        for number, (name, path) in enumerate(ADDRESSES.items()):
            Path(folder, str(number)).write_bytes(plain(ours, path))
            yield from _address(url, ours, floor, path, f"/{number}", f"{name}, {where}", RUNS[targets])


def _address(
    url: str,
    ours: http.client.HTTPConnection,
    floor: http.client.HTTPConnection,
    path: str,
    bare: str,
    what: str,
    runs: int,
) -> Iterator[Row]:
    first = []
    for _run in range(runs):
        touch(url)
        first.append(_milliseconds(ours, path))
    tag = fetch(ours, path)[2]
    again, least, unchanged = [], [], []
    for _run in range(AGAIN):
        again.append(_milliseconds(ours, path))
        least.append(_milliseconds(floor, bare))
        unchanged.append(once(lambda: fetch(ours, path, **{"If-None-Match": tag})) * 1000)
    yield Row(f"{what}: first", first, "ms", least)
    yield Row(f"{what}: again", again, "ms", least)
    yield Row(f"{what}: 304", unchanged, "ms", least)


def _milliseconds(connection: http.client.HTTPConnection, path: str) -> float:
    return once(lambda: fetch(connection, path)) * 1000


def plain(connection: http.client.HTTPConnection, path: str) -> bytes:
    """The body of the answer, unpacked."""
    status, body, _tag = fetch(connection, path)
    assert status == 200, path
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
