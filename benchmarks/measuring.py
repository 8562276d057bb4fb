"""One row of the table, and a stopwatch."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """What was measured, run by run, and beside it what the least that could be done cost in the same run."""

    what: str
    values: list[float]
    unit: str
    floor: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def of_floor(self) -> float | None:
        """The median as a multiple of the floor's."""
        return self.median / statistics.median(self.floor) if self.floor else None


def seconds(work: Callable[[], object], runs: int = 5) -> list[float]:
    """How long `work` takes, `runs` times, after one run that is not counted."""
    work()
    return [once(work) for _run in range(runs)]


def once(work: Callable[[], object]) -> float:
    """How long `work` takes, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
