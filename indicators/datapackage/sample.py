"""A large fictional data package, for measuring: the same seed gives the same files."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from ..public.schema import TABLES

LAST_YEAR = 2025
STATUSES = ("estimate", "reported", "preliminary", "final")
TERMS = (("XVI", 2016, 2020), ("XVII", 2021, 2025), ("XVIII", 2026, 2030))
# How an indicator may be made, each with a bound that fits it: better, kind, path, bound, basis.
SHAPES = (
    ("higher", "level", "linear", "at_least", "value"),
    ("higher", "level", "compound", "between", "value"),
    ("lower", "level", "linear", "less_than", "value"),
    ("band", "level", "linear", "between", "value"),
    ("higher", "flow", "linear", "about", "total"),
    ("higher", "rate", "linear", "between", "average"),
    ("lower", "rank", "linear", "at_most", "value"),
)


def write_sample(folder: Path, *, indicators: int, years: int, versions: int, seed: int) -> dict[str, int]:
    """Write the package into `folder`, with figures of `years` years up to 2025, each published `versions` times.

    What comes back is how many rows each file has, by its name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random = Random(seed)  # nosec B311 # invented numbers, the same for the same seed
    sample = _Sample(indicators, range(LAST_YEAR - years + 1, LAST_YEAR + 1), versions, random)
    return {
        table.file_name: _write(folder / table.file_name, table.column_names, rows())
        for table in TABLES
        if (rows := getattr(sample, table.name, None))
    }


def _write(path: Path, columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), restval="", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


class _Sample:
    """The rows of each file, by its name."""

    def __init__(self, indicators: int, years: range, versions: int, random: Random) -> None:
        self.codes = [f"sample-{number:06d}" for number in range(1, indicators + 1)]
        self.years, self.versions, self.random = years, versions, random
        self.shapes = {code: SHAPES[place % len(SHAPES)] for place, code in enumerate(self.codes)}

    def sectors(self) -> Iterator[dict[str, Any]]:
        for order in range(1, 5):
            yield {
                "code": f"sector-{order}",
                "order": order,
                "name_vi": f"Lĩnh vực mẫu {order}",
                "name_en": f"Sample {order}",
            }

    def agencies(self) -> Iterator[dict[str, Any]]:
        for order in range(1, 11):
            yield {"code": f"agency-{order}", "name_vi": f"Cơ quan mẫu {order}", "name_en": f"Sample agency {order}"}

    def sources(self) -> Iterator[dict[str, Any]]:
        for version in range(self.versions):
            yield {"code": f"source-{version}", "title_vi": f"Báo cáo mẫu lần {version + 1}", "reliability": "A"}

    def terms(self) -> Iterator[dict[str, Any]]:
        for code, first, last in TERMS:
            names = {"name_vi": f"Nhiệm kỳ {first - 1}–{last}", "name_en": f"Term {first - 1}–{last}"}
            yield {"code": code, "first_year": first, "last_year": last, "declared_targets": len(self.codes)} | names

    def indicators(self) -> Iterator[dict[str, Any]]:
        for place, code in enumerate(self.codes):
            better, kind, path, _bound, _basis = self.shapes[code]
            yield {
                "code": code,
                "sector": f"sector-{place * 4 // len(self.codes) + 1}",
                "order": place % 32000,
                "name_vi": f"Chỉ tiêu mẫu {place + 1}",
                "name_en": f"Sample indicator {place + 1}",
                "unit_vi": "đơn vị",
                "unit_en": "units",
                "decimals": 2,
                "better": better,
                "kind": kind,
                "path": path,
                "judged_by_parts": "false",
                "headline": "true" if place < 4 else "false",
                "agency": f"agency-{place % 10 + 1}",
            }

    def targets(self) -> Iterator[dict[str, Any]]:
        for code in self.codes:
            _better, _kind, _path, bound, basis = self.shapes[code]
            for term, first, last in TERMS:
                low = self.random.randint(40, 60)
                edges = {"low": low} if bound == "at_least" else {"low": low, "high": low + 5}
                yield {
                    "indicator": code,
                    "term": term,
                    "scope": "term",
                    "first_year": first,
                    "last_year": last,
                    "bound": bound,
                    "basis": basis,
                    "status": "adopted",
                    "counted": "true",
                    "decided_on": f"{first - 1}-09-30",
                    "source": "source-0",
                } | ({"high": low} if bound in ("less_than", "at_most") else edges)

    def figures(self) -> Iterator[dict[str, Any]]:
        for code in self.codes:
            for year in self.years:
                for version in range(self.versions):
                    yield {
                        "indicator": code,
                        "year": year,
                        "through_month": 12,
                        "value": f"{self.random.uniform(30, 70):.2f}",
                        "qualifier": "exact",
                        "status": STATUSES[version % len(STATUSES)],
                        "published_on": f"{year + 1}-{version // 28 % 10 + 1:02d}-{version % 28 + 1:02d}",
                        "series_break": "false",
                        "source": f"source-{version}",
                    }
