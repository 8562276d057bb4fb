"""The benchmark table: `make bench`, or a part of it, `make bench ARGS="answers --largest 1000"`.

Medians of several runs with their spread, each beside its floor in the same run; nothing is asserted. What was measured
takes its place in benchmarks/results.md, part by part.
"""

import argparse
import re
from collections.abc import Callable, Iterator

from . import answers, browser, bulk, judging, load, starting
from .databases import ROOT
from .measuring import Row

DOCUMENT = ROOT / "benchmarks" / "results.md"
PARTS: dict[str, Callable[[int], Iterator[Row]]] = {
    "judging": judging.rows,
    "answers": answers.rows,
    "load": load.rows,
    "browser": browser.rows,
    "starting": starting.rows,
    "bulk": bulk.rows,
}


def main() -> None:
    """Print every row as it is measured, and write each part into the document."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which part; all without")
    parser.add_argument("--largest", type=int, default=1_000_000, help="leave larger sizes out")
    options = parser.parse_args()
    print(f"{'what':58} {'median':>10} {'min':>10} {'max':>10}  {'unit':13} × floor")
    for part in options.parts or PARTS:
        measured = []
        for row in PARTS[part](options.largest):
            print(_line(row), flush=True)
            measured.append(row)
        _write(part, measured)


def _write(part: str, rows: list[Row]) -> None:
    """Put the table of one part between its marks in the document."""
    lines = [f"| {row.what} | {row.median:.2f} | {_spread(row)} | {row.unit} | {_times(row)} |" for row in rows]
    table = "\n".join(["| what | median | spread | unit | × floor |", "|---|--:|--:|---|--:|", *lines])
    marks = f"<!-- {part} -->", f"<!-- end of {part} -->"
    text = DOCUMENT.read_text(encoding="utf-8")
    block = re.compile(f"{re.escape(marks[0])}.*?{re.escape(marks[1])}", re.DOTALL)
    DOCUMENT.write_text(block.sub(lambda _match: f"{marks[0]}\n{table}\n{marks[1]}", text), encoding="utf-8")


def _spread(row: Row) -> str:
    return f"{min(row.values):.2f}–{max(row.values):.2f}"


def _times(row: Row) -> str:
    return "" if row.of_floor is None else f"{row.of_floor:.2f}"


def _line(row: Row) -> str:
    shown = " ".join(f"{value:10.2f}" for value in (row.median, min(row.values), max(row.values)))
    return f"{row.what:58} {shown}  {row.unit:13} {_times(row):>7}"


if __name__ == "__main__":
    main()
