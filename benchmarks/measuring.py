"""One row of the table, and a stopwatch."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    what: str
    values: list[float]
    unit: str


def seconds(work: Callable[[], object], runs: int = 5) -> list[float]:
    """How long `work` takes, `runs` times, after one run that is not counted."""
    work()
    return [_once(work) for _run in range(runs)]


def _once(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
