"""The benchmark table: `make bench`, or a part of it, `make bench ARGS="answers --largest 1000"`.

Medians of several runs with their spread, each beside its floor in the same run; nothing is asserted.
"""

import argparse
from collections.abc import Callable, Iterator

from . import answers, browser, bulk, judging, load, starting
from .measuring import Row

PARTS: dict[str, Callable[[int], Iterator[Row]]] = {
    "judging": judging.rows,
    "answers": answers.rows,
    "load": load.rows,
    "browser": browser.rows,
    "starting": starting.rows,
    "bulk": bulk.rows,
}


def main() -> None:
    """Print every row as it is measured."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which part; all without")
    parser.add_argument("--largest", type=int, default=1_000_000, help="leave larger sizes out")
    options = parser.parse_args()
    print(f"{'what':58} {'median':>10} {'min':>10} {'max':>10}  {'unit':13} × floor")
    for part in options.parts or PARTS:
        for row in PARTS[part](options.largest):
            print(_line(row), flush=True)


def _line(row: Row) -> str:
    shown = " ".join(f"{value:10.2f}" for value in (row.median, min(row.values), max(row.values)))
    floor = "" if row.of_floor is None else f"{row.of_floor:7.2f}"
    return f"{row.what:58} {shown}  {row.unit:13} {floor}"


if __name__ == "__main__":
    main()
