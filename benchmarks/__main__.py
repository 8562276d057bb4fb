"""The benchmark table: `python -m benchmarks`. Medians of several runs with their spread; nothing is asserted."""

import statistics
from collections.abc import Iterable

from . import exports, judging, pages
from .measuring import Row


def main() -> None:
    """Print every row as it is measured."""
    print(f"{'what':58} {'median':>10} {'min':>10} {'max':>10}  unit")
    for row in rows():
        values = row.values
        shown = (statistics.median(values), min(values), max(values))
        print(f"{row.what:58} " + " ".join(f"{value:10.2f}" for value in shown) + f"  {row.unit}", flush=True)


def rows() -> Iterable[Row]:
    yield from judging.rows()
    yield from pages.rows()
    yield from exports.rows()


if __name__ == "__main__":
    main()
