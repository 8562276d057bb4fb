"""One task of the benchmark of downloads, in a process of its own: fill the database, download something, or COPY."""

import csv
import io
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from indicators.models import Figure, Indicator, Source  # noqa: E402
from indicators.package.loading import load_package  # noqa: E402
from indicators.package.public import public_records, table_named  # noqa: E402

YEARS, VERSIONS, BATCH = 10, 10, 1 << 24


def main(task: str, *arguments: str) -> None:
    """Do one task and print what it came to."""
    client = Client(headers={"host": "127.0.0.1"})
    client.get("/healthz")  # what is imported for the first request is not the download's
    start = time.perf_counter()
    rows = {"fill": fill, "copy": copy, "download": lambda address: download(client, address)}[task](*arguments)
    seconds, peak = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak": peak}))


def download(client: Client, address: str) -> int:
    """Read one download piece by piece, as a server sends it; the number of figures in it."""
    response = client.get(address)
    assert response.status_code == 200, address
    lines = sum(piece.count(b"\n") for piece in response)
    if ".csv" in address:
        return lines - 1
    return Figure.objects.filter(**({"year__gte": 2020, "year__lte": 2025} if "xlsx" in address else {})).count()


def copy() -> int:
    """PostgreSQL's own CSV of the rows of figures.csv, in the same order."""
    table = table_named("figures")
    records = public_records(table, timezone.localdate()).order_by(*table.ordering())
    sql, parameters = records.values_list(*(column.lookup for column in table.columns)).query.sql_with_params()
    lines = _Lines()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({cursor.mogrify(sql, parameters).decode()}) TO STDOUT WITH CSV", lines)
    return lines.count


class _Lines:
    """Counts the lines written to it and keeps nothing."""

    count = 0

    def write(self, data: bytes) -> int:
        self.count += data.count(b"\n")
        return len(data)


def fill(size: str) -> int:
    """A migrated database with that many invented figures, each with its history."""
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        indicators = max(int(size) // YEARS // VERSIONS, 1)
        call_command("make_sample", folder, indicators=indicators, years=1, versions=VERSIONS, stdout=io.StringIO())
        (Path(folder) / "figures.csv").unlink()
        load_package(Path(folder))
    _bring_in(Figure, _figures(), leave_out="id")
    _bring_in(Figure.history.model, _history(), leave_out="history_id")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Figure.objects.count()


def _figures() -> Iterator[Figure]:
    sources = list(Source.objects.all())
    for number, indicator in enumerate(Indicator.objects.all()):
        for year in range(2016, 2016 + YEARS):
            for version, source in enumerate(sources):
                yield Figure(
                    indicator=indicator,
                    year=year,
                    value=Decimal(number * 7 + version) / 100,
                    status="reported",
                    published_on=date(year + 1, 1, 1 + version),
                    source=source,
                    state="approved",
                    quote_vi="Tốc độ tăng trưởng đạt 6,67%",
                )


def _history() -> Iterator[Any]:
    moment, record = timezone.now(), Figure.history.model
    shared = [field.attname for field in Figure._meta.concrete_fields if field.attname != "id"]
    for number, figure in enumerate(_figures(), 1):
        values = {name: getattr(figure, name) for name in shared}
        yield record(id=number, history_date=moment, history_type="+", **values)


def _bring_in(model: Any, records: Iterable[Any], leave_out: str) -> None:
    """Store records by COPY, a batch at a time; an empty text stays one where nothing may not be stored."""
    fields = [field for field in model._meta.concrete_fields if field.attname != leave_out]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    texts = ", ".join(f'"{field.column}"' for field in fields if not field.null and field.empty_strings_allowed)
    command = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL ({texts}))'
    batch = io.StringIO()
    with connection.cursor() as cursor:
        for record in records:
            csv.writer(batch).writerow(getattr(record, field.attname) for field in fields)
            if batch.tell() > BATCH:
                _send(cursor, command, batch)
        _send(cursor, command, batch)


def _send(cursor: Any, command: str, batch: io.StringIO) -> None:
    batch.seek(0)
    cursor.copy_expert(command, batch)
    batch.seek(0)
    batch.truncate()


if __name__ == "__main__":
    main(*sys.argv[1:])
