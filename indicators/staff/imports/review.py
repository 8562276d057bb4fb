"""An uploaded file, gone through row by row: first to show what it would change, then to write it, all or nothing.

Both are generators of `Progress`, so that a page can show how far they are, and both keep what they found in the upload.
"""

import hashlib
import zlib
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tablib import Dataset

from ...models import Conflict, Figure, Source, Upload
from ...sentences.formatting import active_language
from ...text.vietnamese import fold
from ...workflow import Refused, write_many
from ...workflow.permissions import Person
from .cells import no_value, text_of, written_number
from .file_format import can_mean_two, notation_of, open_table
from .plausibility_check import MAX_DOUBTED, Candidate, doubts_of
from .review_lines import Line, line_of, wrong_line
from .rows import BATCH, FigureResource
from .table import MAX_ROWS, Row, Table, Unreadable, too_many_rows

PIECE = 16 * 1024
SHORT = 60
ANSWERS = ("value", "qualifier", "quote_vi", "note")


class Progress(NamedTuple):
    """How many rows are read, checked or written; of how many, where that is known."""

    done: int
    total: int | None = None


@dataclass
class Findings:
    """Every row as a packed line, and what there is to say of the whole file."""

    lines: list[bytes] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    notation: str = "vi"
    example: str = ""
    changing: list[Candidate] = field(default_factory=list)
    # Whether the numbers can be read in two ways, and nothing in the file nor anybody has said in which.
    asks_notation: bool = False

    @property
    def is_clean(self) -> bool:
        return not self.faults and not self.counts["wrong"] and not self.asks_notation

    @property
    def needs_reason(self) -> bool:
        """Whether something looks odd, or there was too much to look at."""
        return bool(self.counts["doubtful"]) or self.is_unweighed

    @property
    def is_unweighed(self) -> bool:
        return self.counts["new"] + self.counts["changed"] > MAX_DOUBTED

    def digest(self) -> str:
        found = hashlib.sha256()
        for line in self.lines:
            found.update(line + b"\n")
        return found.hexdigest()

    def compressed(self) -> bytes:
        """All lines; joined first, those of a large file would take as much memory again."""
        compressor = zlib.compressobj()
        parts = [compressor.compress(line + b"\n") for line in self.lines]
        return b"".join((*parts, compressor.flush()))

    def add(self, line: Line) -> None:
        self.counts[line.kind] += 1
        self.counts["doubtful"] += bool(line.doubts)
        self.lines.append(line.packed())

    def add_doubts(self, sources: Mapping[int, Source]) -> None:
        """Hold the new and changed figures against what is known, unless there are too many of them."""
        found = {} if self.is_unweighed else dict(doubts_of(self.changing, sources, timezone.localdate()))
        for at, packed in enumerate(self.lines):
            if found and (line := Line.unpacked(packed)).line in found:
                self.counts["doubtful"] += not line.doubts
                self.lines[at] = line._replace(doubts=line.doubts + found[line.line]).packed()


def check(upload: Upload, by: Person) -> Iterator[Progress]:
    """Find out what a file would change, and keep that in the upload; nothing else is written."""
    findings = Findings()
    try:
        table, rows = yield from _read(upload, findings)
        yield from _go_through(table, rows, _resource(table, findings, by), findings)
    except Unreadable as error:
        findings.faults.append(str(error))
    keep(upload, findings)


def write(upload: Upload, by: Person, reason: str) -> Iterator[Progress]:
    """Write the figures of a file in one transaction, if they still are what was looked at and `by` still may.

    Otherwise nothing is written, and the upload holds what would change now. Everything is gone through before the
    transaction begins, as nobody else can write to SQLite while it lasts; `write_many` finds what changed in between.
    """
    findings = Findings()
    told = " ".join(filter(None, (_("From the file “%(name)s”.") % {"name": upload.name}, reason.strip())))
    try:
        table, rows = yield from _read(upload, findings)
        resource = _resource(table, findings, by, keeps=True)
        yield from _go_through(table, rows, resource, findings)
        if _as_seen(findings, upload, reason) and not _write_all(upload, resource.fresh, by, told):
            return
    except (Refused, Conflict, IntegrityError, Unreadable):
        yield from check(upload, by)
    else:
        if not upload.written_at:
            keep(upload, findings)
    if not upload.written_at:
        upload.summary = (upload.summary or {}) | {"moved": True}
        upload.save(update_fields=["summary"])


def _write_all(upload: Upload, figures: list[Figure], by: Person, reason: str) -> bool:
    """Write the figures of an upload; False when somebody else has just done so."""
    with transaction.atomic():
        waiting = Upload.objects.select_for_update().defer("content", "review").get(pk=upload.pk)
        if waiting.written_at:
            return False
        for start in range(0, len(figures), BATCH):
            write_many(figures[start : start + BATCH], by=by, reason=reason)
        upload.written_at, upload.content = timezone.now(), b""
        upload.save(update_fields=["written_at", "content"])
    return True


def keep(upload: Upload, findings: Findings) -> None:
    """Store what was found: the lines compressed, their numbers in the summary."""
    upload.language = active_language()
    upload.review = findings.compressed()
    upload.summary = {
        "counts": dict(findings.counts),
        "faults": findings.faults,
        "remarks": findings.remarks,
        "notation": findings.notation,
        "example": findings.example,
        "asks_notation": findings.asks_notation,
        "clean": findings.is_clean,
        "needs_reason": findings.needs_reason,
        "unweighed": findings.is_unweighed,
        "digest": findings.digest(),
    }
    upload.save(update_fields=["language", "review", "summary"])


def _as_seen(findings: Findings, upload: Upload, reason: str) -> bool:
    seen = (upload.summary or {}).get("digest") == findings.digest()
    return seen and findings.is_clean and (bool(reason.strip()) or not findings.needs_reason)


def _read(upload: Upload, findings: Findings) -> Generator[Progress, None, tuple[Table, list[Row]]]:
    """The table of the file and its rows with an answer; what holds for the whole file goes to `findings`."""
    table = open_table(bytes(upload.content))
    rows: list[Row] = []
    seen: dict[str, str] = {}
    empty = 0
    for row in table.rows():
        if _is_left_empty(dict(zip(table.columns, row.cells, strict=True))):
            empty += 1
        else:
            rows.append(row._replace(cells=tuple(_kept_once(cell, seen) for cell in row.cells)))
        if len(rows) > MAX_ROWS:
            raise too_many_rows()
        if (len(rows) + empty) % BATCH == 0:
            yield Progress(len(rows))
    findings.faults += table.faults
    findings.remarks += table.remarks
    if not rows:
        raise Unreadable(_("The table has no figures: no row has a value."))
    if empty:
        text = ngettext("One row without a value is left out.", "%(count)d rows without a value are left out.", empty)
        findings.remarks.append(text % {"count": empty})
    place = table.columns.index("value")
    findings.notation, findings.example = notation_of((row.cells[place] for row in rows), table.likely)
    is_told = bool(upload.notation or findings.example)
    findings.asks_notation = not is_told and any(can_mean_two(row.cells[place]) for row in rows)
    findings.notation = upload.notation or findings.notation
    return table, rows


def _kept_once(cell: Any, seen: dict[str, str]) -> Any:
    """The cell; of the short texts that come again and again, codes and words and days, always the same copy."""
    return seen.setdefault(cell, cell) if isinstance(cell, str) and len(cell) <= SHORT else cell


def _is_left_empty(row: dict[str, Any]) -> bool:
    """Whether nobody answered in a row of the template, whatever was filled down beside it."""
    said = {name: text_of(row.get(name)) for name in ANSWERS}
    return not no_value(said.pop("qualifier")) and not any(said.values())


def _resource(table: Table, findings: Findings, by: Person, keeps: bool = False) -> FigureResource:
    tell = partial(_tell, findings)
    day = getattr(table, "day", None)
    return FigureResource(by=by, notation=findings.notation, day=day, keeps=keeps, told=tell)


def _tell(findings: Findings, resource: FigureResource, figure: Figure, row: Any) -> Line:
    line = line_of(resource, figure)
    if line.kind == "same":
        return line
    if len(findings.changing) <= MAX_DOUBTED:
        reading = written_number(row.get("value"), figure.indicator, findings.notation)
        findings.changing.append(Candidate(line.line, figure, reading))
    name, names = text_of(row.get("name")), (figure.indicator.name_vi, figure.indicator.name_en)
    if name and name not in names and fold(name) not in map(fold, names):
        message = _("The file calls this indicator “%(name)s”. Have names and codes slipped against each other?")
        return line._replace(doubts=[message % {"name": name[:80]}])
    return line


def _go_through(table: Table, rows: list[Row], resource: FigureResource, findings: Findings) -> Iterator[Progress]:
    """Check the rows batch by batch."""
    total = len(rows)
    while rows:
        batch, rows[:BATCH] = rows[:BATCH], []  # let go of what is done: the findings grow meanwhile
        dataset = Dataset(*((*row.cells, row.line) for row in batch), headers=[*table.columns, "line"])
        # A dry run would open a transaction to roll it back; the resource writes nothing anyway.
        result = resource.import_data(dataset, use_transactions=False)
        for error in (*result.base_errors, *(one for row in result.rows for one in row.errors)):
            raise error.error
        for row, told in zip(batch, result.rows, strict=True):
            if told.validation_error:
                cells = dict(zip(table.columns, row.cells, strict=True))
                findings.add(wrong_line(row.line, row.hidden, cells, told.validation_error, resource.catalogue))
            else:
                findings.add(told.told._replace(hidden=row.hidden))
        yield Progress(total - len(rows), total)
    findings.add_doubts(resource.catalogue.source_of)


def lines_of(upload: Upload, show: str, first: int, last: int) -> list[Line]:
    """The lines of a review from `first` up to `last`, counted from 0; of one kind, or "doubtful" ones, when asked."""
    chosen = (line for line in _packed_lines(upload) if line.startswith(show.encode()))
    if show == "doubtful":
        chosen = (line for line in _packed_lines(upload) if line.partition(b"[")[0].endswith(b"!"))
    return [Line.unpacked(line) for line in islice(chosen, first, last)]


def _packed_lines(upload: Upload) -> Iterator[bytes]:
    """The lines one by one: those of a large file are not unpacked all at once."""
    review, unpacking, rest = bytes(upload.review or b""), zlib.decompressobj(), b""
    for start in range(0, len(review), PIECE):
        *lines, rest = (rest + unpacking.decompress(review[start : start + PIECE])).split(b"\n")
        yield from lines
