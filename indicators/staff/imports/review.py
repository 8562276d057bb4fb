"""An uploaded file, gone through row by row: first to show what it would change, then to write it, all or nothing.

Both are generators of `Progress`, so that a page can show how far they are, and both go the same way: each row is read, held
against what is stored, and worded once. What was looked at is written only while that way ends where it ended before.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...core.language import active_language
from ...core.limits import FILE_ROWS
from ...models import Conflict, Figure, Qualifier, State, StepKind, Upload
from ...models.cross_rules import broken_rules, fields_of
from ...models.figures import FIGURE_KEY
from ...text.numbers import ParsedNumber
from ...text.periods import Period
from ...workflow import Refused, apply_transition, guard_write, write_many
from ...workflow.permissions import Person, visible_figures
from ..forms.fields import is_unambiguous, meanings
from ..plausibility import Context, ProposedValue, each_context, find_warnings
from .cells import CONTENT, RowReader, no_value, notation_of, text_of
from .columns import COLUMNS, heading
from .file_format import open_table
from .review_lines import ChangedValues, ReviewLine, compressed, figure_line, wrong_line
from .rivals import fact_of, find_rivals, replace_rival, rival_doubt
from .table import FileRow, FileTable, Unreadable, too_many_rows

# As many rows share one query; also how often the page hears how far it is.
BATCH = 1000
# Each figure is held against the whole history of its indicator: more than these take minutes.
MAX_DOUBTED = 2000
# As long as texts are that come again and again: codes, words, days.
SHORT = 60
# With the qualifier that says there is no value: what a person fills into a row of the template.
ANSWERS = ("value", "quote_vi", "note")

# How many rows are read, checked or written; of how many, where that is known.
Progress = tuple[int, int | None]
Key = tuple[Any, ...]


class PendingFigure(NamedTuple):
    """A new or changed figure, the place of its line in the review, the two numbers that its cell can mean, and another value
    for the same that is on its way."""

    place: int
    figure: Figure
    reading: ParsedNumber | None
    rival: Figure | None


@dataclass
class Review:
    """Every row as a packed line, and what there is to say of the whole file."""

    lines: list[bytes] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    notation: str = "vi"
    example: str = ""
    # Whether the numbers can be read in two ways, and nothing in the file nor anybody has said in which.
    asks_notation: bool = False
    pending: list[PendingFigure] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.faults and not self.counts["wrong"] and not self.asks_notation

    @property
    def is_writable(self) -> bool:
        """Whether there is something to write, be it without the rows that are to be mended."""
        return not self.faults and not self.asks_notation and bool(self.counts["new"] + self.counts["changed"])

    @property
    def needs_reason(self) -> bool:
        """Whether something looks odd, or there was too much to look at."""
        return bool(self.counts["doubtful"]) or self.is_unweighed

    @property
    def is_unweighed(self) -> bool:
        return self.counts["new"] + self.counts["changed"] > MAX_DOUBTED

    def digest(self) -> str:
        digest = hashlib.sha256()
        for line in self.lines:
            digest.update(line + b"\n")
        return digest.hexdigest()

    def summary(self) -> dict[str, Any]:
        """All but the lines, for the page and for the comparison before the figures are written."""
        return {
            "counts": dict(self.counts),
            "faults": self.faults,
            "remarks": self.remarks,
            "notation": self.notation,
            "example": self.example,
            "asks_notation": self.asks_notation,
            "clean": self.is_clean,
            "writable": self.is_writable,
            "needs_reason": self.needs_reason,
            "unweighed": self.is_unweighed,
            "digest": self.digest(),
        }

    def add(self, line: ReviewLine) -> None:
        self.counts[line.kind] += 1
        self.counts["doubtful"] += bool(line.doubts)
        self.lines.append(line.packed())

    def add_doubts(self, place: int, messages: list[str]) -> None:
        if not messages:
            return
        line = ReviewLine.unpacked(self.lines[place])
        self.counts["doubtful"] += not line.doubts
        self.lines[place] = line._replace(doubts=line.doubts + messages).packed()


def check(upload: Upload, by: Person) -> Iterator[Progress]:
    """Find out what a file would change, and keep that in the upload; nothing else is written."""
    review = yield from _reviewed(upload, by)
    _keep(upload, review)


def write_upload(
    upload: Upload, by: Person, reason: str, *, without_wrong: bool = False, submit: bool = False, rivals: str = ""
) -> Iterator[Progress]:
    """Write the figures of a file in one transaction, if they still are what was looked at and `by` still may.

    `without_wrong` leaves out the rows that are to be mended, `submit` sends the others on for approval.
    Otherwise nothing is written, and the upload holds what would change now. Everything is gone through before the
    transaction begins, as nobody else can write to SQLite while it lasts; `write_many` finds what changed in between.
    `rivals` is the answer to what happens with other values for the same that are on their way, one of `rivals.ANSWERS`.
    """
    review = yield from _reviewed(upload, by, for_writing=True)
    is_unchanged = (upload.summary or {}).get("digest") == review.digest()
    try:
        is_meant = is_unchanged and (without_wrong or not review.counts["wrong"])
        if is_meant and review.is_writable and (reason.strip() or not review.needs_reason):
            _write_all(upload, review.pending, by, reason, submit=submit, rivals=rivals)
            return
    except (Refused, Conflict, IntegrityError):
        review = yield from _reviewed(upload, by)
    _keep(upload, review, moved=True)


def _write_all(
    upload: Upload, pending: list[PendingFigure], by: Person, reason: str, *, submit: bool, rivals: str
) -> None:
    """Write the figures of an upload, unless somebody else has just done so. Raises Refused, Conflict, IntegrityError."""
    full_reason = " ".join(filter(None, (_("From the file “%(name)s”.") % {"name": upload.name}, reason.strip())))
    with transaction.atomic():
        stored = Upload.objects.select_for_update().defer("content", "review").get(pk=upload.pk)
        if stored.written_at:
            return
        # Of two new values for the same only the first takes the place of a third.
        replaced = {line.rival.pk: line for line in reversed(pending) if line.rival} if rivals == "replace" else {}
        for line in replaced.values():
            if line.rival:
                replace_rival(line.rival, line.figure, by=by, reason=full_reason)
        replacing = {line.place for line in replaced.values()}
        figures = [line.figure for line in pending if line.place not in replacing]
        for start in range(0, len(figures), BATCH):
            write_many(figures[start : start + BATCH], by=by, reason=full_reason)
        summary = stored.summary or {}
        if submit:
            figures += [line.rival for line in replaced.values() if line.rival and line.rival.state != State.SUBMITTED]
            result = apply_transition(StepKind.SUBMIT, {figure.pk: figure.version for figure in figures}, by=by)
            stored.summary = summary | {"submitted": len(result.moved)}
        # What is to be mended comes back from the file.
        content = bytes(upload.content) if summary.get("counts", {}).get("wrong") else b""
        stored.written_at, stored.content = timezone.now(), content
        stored.save(update_fields=["written_at", "content", "summary"])
    # Only now: until the transaction has ended, the figures may have to be gone through again.
    upload.written_at, upload.content, upload.summary = stored.written_at, content, stored.summary


def _keep(upload: Upload, review: Review, *, moved: bool = False) -> None:
    """Store a review with the upload; `moved` says that the one before it is out of date."""
    upload.language = active_language()
    upload.review = compressed(review.lines)
    upload.summary = review.summary() | ({"moved": True} if moved else {})
    upload.save(update_fields=["language", "review", "summary"])


def _reviewed(upload: Upload, by: Person, *, for_writing: bool = False) -> Generator[Progress, None, Review]:
    """The review of a file as things stand now; to be written, it has all new and changed figures pending."""
    review = Review()
    try:
        table = open_table(bytes(upload.content), upload.shared or ())
        rows = yield from _read_rows(table, review)
        if upload.shared:
            names = [column.name for column in COLUMNS if column.name in upload.shared]
            given = ", ".join(f"{heading(name)} “{upload.shared[name]}”" for name in names)
            review.remarks.append(_("Rows that leave it empty take: %(given)s.") % {"given": given})
        place = table.columns.index("value")
        shown = notation_of((row.cells[place] for row in rows), table.likely_notation)
        review.notation, review.example = upload.notation or shown[0], shown[1]
        review.asks_notation = not upload.notation and shown[2]
        reader = RowReader(table, by, review.notation, upload.shared or {})
        yield from _review_rows(rows, reader, review, by, for_writing)
    except Unreadable as error:
        review.faults.append(str(error))
    else:
        if not review.is_unweighed:
            _weigh(review)
    return review


def _read_rows(table: FileTable, review: Review) -> Generator[Progress, None, list[FileRow]]:
    """The rows of a table that have an answer. Raises Unreadable when there are none, or too many."""
    rows: list[FileRow] = []
    # One copy of each short text for all rows: a large file would hold tens of thousands of them.
    shared: dict[str, str] = {}
    count = 0
    for count, row in enumerate(table.rows(), 1):
        if not _is_left_empty(table, row.cells):
            cells = [shared.setdefault(c, c) if isinstance(c, str) and len(c) <= SHORT else c for c in row.cells]
            rows.append(row._replace(cells=tuple(cells)))
        if len(rows) > FILE_ROWS:
            raise too_many_rows()
        if count % BATCH == 0:
            yield len(rows), None
    review.faults += table.faults
    review.remarks += table.remarks
    if not rows:
        raise Unreadable(_("The table has no figures: no row has a value."))
    if empty := count - len(rows):
        text = ngettext("One row without a value is left out.", "%(count)d rows without a value are left out.", empty)
        review.remarks.append(text % {"count": empty})
    return rows


def _is_left_empty(table: FileTable, cells: tuple[Any, ...]) -> bool:
    """Whether nobody answered in a row of the template, whatever was filled down beside it."""
    row = dict(zip(table.columns, cells, strict=True))
    return not any(text_of(row.get(name)) for name in ANSWERS) and not no_value(text_of(row.get("qualifier")))


def _review_rows(
    rows: list[FileRow], reader: RowReader, review: Review, by: Person, for_writing: bool
) -> Iterator[Progress]:
    """Add the line of each row to `review`, batch by batch, with one query for each."""
    total = len(rows)
    first_lines: dict[Key, int] = {}
    while rows:
        batch, rows[:BATCH] = rows[:BATCH], []  # let go of what is done: the lines grow meanwhile
        contents = [(row, *reader.read(row.cells)) for row in batch]
        keys = {_key(values) for _row, values, problems in contents if not problems}
        stored_figures = _stored_figures(keys, by)
        new = (values for _row, values, problems in contents if not problems and _key(values) not in stored_figures)
        rivals = find_rivals((_figure_with(values, None)[0] for values in new), by)
        for row, values, problems in contents:
            key = () if problems else _key(values)
            if key and (first_line := first_lines.setdefault(key, row.line)) != row.line:
                problems = {"indicator": _same_as_line(first_line)}
            if not problems:
                stored = stored_figures.get(key)
                figure, changes = _figure_with(values, stored)
                # What is there already is not asked about again: an approved figure may stand in the file.
                is_to_write = bool(changes) or stored is None
                problems = _broken_rules(figure, stored, by) if is_to_write else {}
            if problems:
                review.add(wrong_line(row, reader, problems))
                continue
            # A preview needs them to look for what is odd, and does not where they are too many.
            rival = rivals.get(fact_of(figure)) if stored is None else None
            if is_to_write and (for_writing or len(review.pending) <= MAX_DOUBTED):
                review.pending.append(PendingFigure(len(review.lines), figure, values["value"], rival))
            review.add(figure_line(row, reader, figure, stored is None, changes))
            if rival:
                review.counts["rivals"] += 1
                review.add_doubts(len(review.lines) - 1, [rival_doubt(rival)])
        yield total - len(rows), total


def _key(values: dict[str, Any]) -> Key:
    return tuple(values[name].pk if name in ("indicator", "source") else values[name] for name in FIGURE_KEY)


def _stored_figures(keys: set[Key], by: Person) -> dict[Key, Figure]:
    """The stored figures by these keys, of those that `by` may see; one query."""
    if not keys:
        return {}
    # It finds more than these, and quickly: six lists instead of a thousand conditions.
    lookups = {f"{name}__in": set(values) for name, values in zip(FIGURE_KEY, zip(*keys, strict=True), strict=True)}
    figures = visible_figures(by).filter(**lookups).iterator(chunk_size=BATCH)
    return {key: figure for figure in figures if (key := figure.natural_key) in keys}


def _same_as_line(line: int) -> str:
    message = _("Line %(line)s has the same figure: indicator, period, status, day and source. Keep one of them.")
    return message % {"line": line}


def _figure_with(row: dict[str, Any], stored: Figure | None) -> tuple[Figure, ChangedValues]:
    """The stored figure, or a new one, with what a row says; what the file has no column for stays as it is stored."""
    values = row | {"value": row["value"] and row["value"].value}
    if stored is None:
        return Figure(**values), {}
    before = {name: getattr(stored, name) for name in CONTENT if name in values}
    for name, value in values.items():
        setattr(stored, name, value)
    return stored, {name: (old, values[name]) for name, old in before.items() if old != values[name]}


def _broken_rules(figure: Figure, stored: Figure | None, by: Person) -> dict[str, str]:
    """What is wrong with a figure whose cells could all be read, by column."""
    problems = {(fields_of(condition) or ["value"])[-1]: text for condition, text in broken_rules(figure)}
    if refusal := guard_write(stored, figure, by):
        problems["indicator"] = " ".join(filter(None, (problems.get("indicator"), refusal)))
    return problems


def _weigh(review: Review) -> None:
    """Hold the pending figures against what is known of their indicators; what looks odd becomes a doubt. Three queries."""
    rows = [pending for pending in review.pending if pending.figure.value is not None]
    in_file: dict[tuple[int, int], dict[Period, Figure]] = defaultdict(dict)
    for row in rows:
        in_file[row.figure.indicator_id, row.figure.year][row.figure.period] = row.figure
    contexts = each_context([(row.figure.indicator, row.figure.period) for row in rows], timezone.localdate())
    for row, context in zip(rows, contexts, strict=True):
        figure, reading = row.figure, row.reading
        # Where nothing is known, the notation of the file decides: it shows it, or somebody has said which it is.
        if reading and context.size and not is_unambiguous(reading, context.size, figure.indicator.decimals):
            message = _("As it is written this can mean %(value)s or %(other)s; it is read as %(value)s.")
            review.add_doubts(row.place, [message % meanings(reading)])
        else:
            warnings = find_warnings(_proposed(figure), _with_rest_of_file(context, figure, in_file))
            review.add_doubts(row.place, [warning.message for warning in warnings])


def _with_rest_of_file(
    context: Context, figure: Figure, in_file: dict[tuple[int, int], dict[Period, Figure]]
) -> Context:
    """`context` with the parts of the same whole and the other months of the same year as the file has them."""
    siblings = dict(context.siblings)
    for pk in siblings:
        if sibling := in_file.get((pk, figure.year), {}).get(figure.period):
            siblings[pk] = sibling.value if sibling.qualifier == Qualifier.EXACT else None
    months = in_file[figure.indicator_id, figure.year].items()
    others = {period: other.value for period, other in months if period != figure.period and other.value is not None}
    return replace(context, siblings=siblings, figures={**context.figures, **others})


def _proposed(figure: Figure) -> ProposedValue:
    assert figure.value is not None  # those without are not weighed
    fields = figure.value, figure.qualifier, figure.series_break, figure.status, figure.published_on
    return ProposedValue(figure.indicator, figure.period, *fields, figure.source.issued_on)
