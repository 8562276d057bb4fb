"""Many at once: requests a second with two workers, and how long readers wait while others write.

The readers are processes of their own on the same machine, so that they take from the server what it needs: the bare view
beside it is asked by the same readers.
"""

import http.client
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from .answers import ADDRESSES, plain
from .databases import database, fill
from .measuring import Row
from .serving import fetch, serving
from .writing import touch

READERS, SECONDS, RUNS = 4, 4.0, 3
WRITES_A_SECOND = 2


def rows(_largest: int = 0) -> Iterator[Row]:
    """Over PostgreSQL with 60 targets."""
    with database("PostgreSQL") as url, ExitStack() as opened:
        fill(url, 60)
        folder = opened.enter_context(tempfile.TemporaryDirectory())
        static = f"{folder}/static"
        ours = opened.enter_context(serving(url, static, workers=2))
        own = {"DJANGO_SETTINGS_MODULE": "benchmarks.floor_settings", "FLOOR": folder}
        bare = opened.enter_context(serving(url, static, workers=2, **own))
        connection = http.client.HTTPConnection("127.0.0.1", ours, timeout=60)
        Path(folder, "overview").write_bytes(plain(connection, ADDRESSES["overview"]))
        floor = [waits(bare, ["/overview"]) for _run in range(RUNS)]
        alone = [waits(ours, [ADDRESSES["overview"]]) for _run in range(RUNS)]
        yield Row("overview, two workers", [_rate(one) for one in alone], "requests/s", [_rate(one) for one in floor])
        mixed = [waits(ours, list(ADDRESSES.values()), url) for _run in range(RUNS)]
        yield Row(f"every page, {WRITES_A_SECOND} changes a second", [_rate(one) for one in mixed], "requests/s")
        for percent in (50, 95, 99):
            values = [statistics.quantiles(one, n=100)[percent - 1] * 1000 for one in mixed]
            yield Row(f"every page, {WRITES_A_SECOND} changes a second: p{percent}", values, "ms")


def waits(port: int, addresses: list[str], written: str = "") -> list[float]:
    """How long each answer took that READERS readers got in SECONDS, while the database `written` is written to."""
    with multiprocessing.get_context("spawn").Pool(READERS) as pool:
        pool.map(time.sleep, [0.1] * READERS)  # they have to be there before the clock runs
        found = pool.starmap_async(_read, [(port, addresses, place) for place in range(READERS)])
        while not found.ready():
            if written:
                touch(written)
            found.wait(1 / WRITES_A_SECOND)
        return [one for reader in found.get() for one in reader]


def _read(port: int, addresses: list[str], place: int) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken: list[float] = []
    end = time.perf_counter() + SECONDS
    while (start := time.perf_counter()) < end:
        status, _body, _tag = fetch(connection, addresses[(place + len(taken)) % len(addresses)])
        assert status == 200
        taken.append(time.perf_counter() - start)
    return taken


def _rate(taken: list[float]) -> float:
    return len(taken) / SECONDS
