"""One task of the benchmark of much at once, in a process of its own; prints its rows, seconds and peak of memory."""

import csv
import io
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from shutil import move
from typing import Any

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from indicators.datapackage.loader import load_package  # noqa: E402
from indicators.models import Figure, Indicator, Source, Upload  # noqa: E402
from indicators.public.records import public_records, table_named  # noqa: E402
from indicators.staff import imports  # noqa: E402
from indicators.staff.imports import review  # noqa: E402

YEARS, VERSIONS = 10, 10
TABLES = ("indicators_figure", "indicators_historicalfigure")
ON_POSTGRES = connection.vendor == "postgresql"

Found = dict[str, float]


def main(task: str, *arguments: str) -> None:
    """Do one task and print what it came to."""
    found = TASKS[task](*arguments)
    print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024} | found))


def timed(work: Callable[[], int]) -> Found:
    start = time.perf_counter()
    return {"rows": work(), "seconds": time.perf_counter() - start}


def fill(size: str, folder: str) -> Found:
    """A migrated database with the catalogue of a sample; its figures lie in a folder of their own."""
    call_command("migrate", verbosity=0)
    whole, figures = Path(folder) / "whole", Path(folder) / "figures"
    if not figures.exists():
        indicators = max(int(size) // YEARS // VERSIONS, 1)
        options = {"indicators": indicators, "years": YEARS, "versions": VERSIONS, "stdout": io.StringIO()}
        call_command("make_sample", whole, **options)
        figures.mkdir()
        move(whole / "figures.csv", figures)
    load_package(whole)
    return {"rows": 0, "seconds": 1}


def load(folder: str) -> Found:
    """The figures of the package into empty tables."""
    _empty()
    found = timed(lambda: load_package(Path(folder) / "figures").created["figures.csv"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return found


def again(folder: str) -> Found:
    return timed(lambda: load_package(Path(folder) / "figures").unchanged["figures.csv"])


def bare() -> Found:
    """The stored figures into a table without index, rule or history."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare AS SELECT * FROM {TABLES[0]} WHERE id < 0")
        bring = _bringing({"bare": TABLES[0]})
        found = timed(bring)
        transaction.set_rollback(True)
    return found


def rules() -> Found:
    """The stored figures with their history into the same tables, emptied, with all their indexes and rules."""
    bring = _bringing({name: name for name in TABLES})
    _empty()

    def committed() -> int:
        with transaction.atomic():
            return bring()

    return timed(committed)


def _bringing(tables: dict[str, str]) -> Callable[[], int]:
    """What brings the rows of each table (as they are now) into another, the fastest way the database has."""
    kept = {into: _rows_of(table) for into, table in tables.items()}
    return lambda: min(_bring(into, rows) for into, rows in kept.items())


def _rows_of(table: str) -> Any:
    with connection.cursor() as cursor:
        if ON_POSTGRES:
            rows = io.StringIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", rows)
            return rows
        cursor.execute(f"SELECT * FROM {table}")
        return cursor.fetchall()


def _bring(table: str, rows: Any) -> int:
    with connection.cursor() as cursor:
        if ON_POSTGRES:
            rows.seek(0)
            cursor.copy_expert(f"COPY {table} FROM STDIN", rows)
        else:
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
        return int(cursor.rowcount)


def _empty() -> None:
    with connection.cursor() as cursor:
        if ON_POSTGRES:
            cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        else:
            for name in ("indicators_step", *TABLES):
                cursor.execute(f"DELETE FROM {name}")


def copy() -> Found:
    """The rows of figures.csv in its order, as CSV: by COPY, or from SQLite by its own driver."""
    table = table_named("figures")
    records = public_records(table, timezone.localdate()).order_by(*table.ordering())
    sql, parameters = records.values_list(*(column.lookup for column in table.columns)).query.sql_with_params()
    lines = _Lines()

    def work() -> int:
        with connection.cursor() as cursor:
            if ON_POSTGRES:
                cursor.copy_expert(f"COPY ({cursor.mogrify(sql, parameters).decode()}) TO STDOUT WITH CSV", lines)
            else:
                cursor.execute(sql, parameters)
                csv.writer(lines).writerows(cursor.cursor)
        return lines.count

    return timed(work)


class _Lines:
    """Counts the lines written to it and keeps nothing."""

    count = 0

    def write(self, data: Any) -> int:
        self.count += data.count(b"\n" if isinstance(data, bytes) else "\n")
        return len(data)


def download(address: str) -> Found:
    """One download, read piece by piece as a server sends it; counted are the figures in it."""
    client = Client(headers={"host": "127.0.0.1"})
    client.get("/healthz")  # what is imported for the first request is not the download's
    return timed(lambda: _read(client, address))


def _read(client: Client, address: str) -> int:
    response = client.get(address)
    assert response.status_code == 200, address
    pieces: Iterable[bytes] = response  # type: ignore[assignment]
    lines = sum(piece.count(b"\n") for piece in pieces)
    if "csv" in address:
        return lines - 1
    return Figure.objects.filter(**({"year__gte": 2020, "year__lte": 2025} if "xlsx" in address else {})).count()


def import_csv(count: str, month: str) -> Found:
    """A CSV of new figures: looked at, then written. `locked` is how long nobody else could write to SQLite."""
    boss, _new = get_user_model().objects.get_or_create(username="boss", is_superuser=True)
    upload = Upload.objects.create(owner=boss, name="a.csv", content=_csv(int(count), int(month)))
    locked: list[float] = []
    writing = review._write_all
    review._write_all = lambda *what: _kept_time(locked, lambda: writing(*what))

    def work() -> int:
        for step in (imports.check(upload, boss), imports.write(upload, boss, "benchmark")):
            for _progress in step:
                pass
        return int(count)

    found = timed(work)
    assert upload.written_at, upload.summary
    return found | {"locked": sum(locked)}


def _kept_time(times: list[float], work: Callable[[], Any]) -> Any:
    start = time.perf_counter()
    result = work()
    times.append(time.perf_counter() - start)
    return result


def _csv(count: int, month: int) -> bytes:
    """Figures of years in which the sample has none."""
    codes, source = Indicator.objects.values_list("code", flat=True), Source.objects.values_list("code", flat=True)[0]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["indicator", "year", "through_month", "value", "status", "published_on", "source", "quote_vi"])
    keys = ((code, year) for code in codes for year in range(1910, 2010))
    for place, (code, year) in zip(range(count), keys, strict=False):
        row = [code, year, month, f"{place % 97},{place % 89:02}", "reported", "10/10/2024", source, f"đạt {place}"]
        writer.writerow(row)
    return text.getvalue().encode()


TASKS: dict[str, Callable[..., Found]] = {
    "idle": lambda: {"rows": 1, "seconds": 1},
    "fill": fill,
    "load": load,
    "again": again,
    "bare": bare,
    "rules": rules,
    "copy": copy,
    "download": download,
    "import": import_csv,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
