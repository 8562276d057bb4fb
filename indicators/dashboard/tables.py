"""The listing of indicators as a django-tables2 table: its columns, their order, and what `render_*` puts into a cell.

No file has these columns: what a page offers to take away are the CSV reports, which have codes and numbers for them.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_tables2.columns import BoundColumn
from django_tables2.data import TableListData

from ..models import Sector, Term
from ..queries.term_overview import OverviewLine
from ..sentences.formatting import NO_VALUE
from .components import chip, danger_note, latest_cell, name_cell, target_cell
from .svg import bullet_svg, spark_svg

# A line with its parts, each beside its cells.
Family = list[tuple[OverviewLine, SafeString]]


class TargetColumn(tables.Column):
    """The target of one term as written, marked when it is a draft."""

    def __init__(self, term: Term, current: bool) -> None:
        attrs = {"td": {"class": "target current" if current else "target other"}}
        attrs["th"] = attrs["td"]
        super().__init__(
            _("Target %(year)s") % {"year": term.last_year},
            empty_values=(),
            accessor="indicator",
            orderable=False,
            attrs=attrs,
        )
        self.last_year = term.last_year

    def render(self, record: OverviewLine, table: "TermTable") -> SafeString | str:
        return target_cell(record.targets.get(self.last_year), table.as_of_query)


class ParentChildRows(TableListData):
    """Lines followed by their parts. Sorting moves a line with its parts, which stay under it in their own order."""

    def __init__(self, lines: Iterable[OverviewLine]) -> None:
        self.lines = list(lines)
        super().__init__(self._rows())

    def _rows(self) -> list[OverviewLine]:
        return [row for line in self.lines for row in (line, *line.parts)]

    def order_by(self, aliases: Any) -> None:
        self.data = self.lines  # only these are sorted
        super().order_by(aliases)
        self.data = self._rows()


class TermTable(tables.Table):
    """The indicators of a term: targets of every term as written, latest figure, how it moves, verdict.

    `as_of_query` is the query that carries the day asked for along in the links.
    """

    as_of_query = ""

    # A column sorts by its accessor and is drawn by its render_ method. Where nothing is sorted any accessor will do; no
    # value counts as empty, or django-tables2 would put its own dash and not ask render_ at all.
    name = tables.Column(verbose_name=_("Indicator"), accessor="sort_name", attrs={"td": {"class": "name"}})
    unit = tables.Column(
        accessor="indicator__unit", verbose_name=_("Unit"), orderable=False, attrs={"td": {"class": "unit"}}
    )
    latest = tables.Column(
        verbose_name=_("Latest figure"),
        empty_values=(),
        accessor="indicator",
        orderable=False,
        attrs={"td": {"class": "latest"}},
    )
    trend = tables.Column(
        verbose_name=_("Trend"),
        empty_values=(),
        accessor="indicator",
        orderable=False,
        attrs={"td": {"class": "trend"}},
    )
    verdict = tables.Column(
        verbose_name=_("Verdict"), accessor="severity", empty_values=(), attrs={"td": {"class": "verdict"}}
    )

    class Meta:
        template_name = "components/listing.html"
        sequence = ("name", "unit", "...", "latest", "trend", "verdict")

    def shown_groups(self) -> Iterator[tuple[Sector | None, list[Family]]]:
        """What the page shows: each sector with its families, a line with its parts. Sorted, the sectors are mixed and
        stand over nothing."""
        rows = self._rows_with_cells()
        by_sector = groupby(rows, key=lambda row: None if self.order_by else row[0].indicator.sector)
        for sector, rows_of_sector in by_sector:
            families: list[Family] = []
            for line, cells in rows_of_sector:
                if not families or line.indicator.parent_id is None:
                    families.append([])
                families[-1].append((line, cells))
            yield sector, families

    def _rows_with_cells(self) -> Iterator[tuple[OverviewLine, SafeString]]:
        """The lines of the page that is shown, each with its cells.

        Put together here: through the template's own loop a cell costs more than what stands in it.
        """
        columns = [(*_frame(column, place), _renderer(column, self)) for place, column in enumerate(self.columns)]
        for row in self.paginated_rows:
            cells = ((start, render(row.record), end) for start, end, render in columns)
            yield row.record, format_html_join("\n", "{}{}{}", cells)

    def render_unit(self, record: OverviewLine) -> str:
        return record.indicator.unit

    def render_name(self, record: OverviewLine) -> SafeString:
        return name_cell(record, self.as_of_query)

    def render_latest(self, record: OverviewLine) -> SafeString | str:
        return latest_cell(record.latest, record.indicator, self.as_of_query, *record.targets.values())

    def render_trend(self, record: OverviewLine) -> SafeString | str:
        return spark_svg(record) or bullet_svg(record) or ""

    def render_verdict(self, record: OverviewLine) -> SafeString | str:
        if record.row is None:
            return NO_VALUE
        return chip(record.row) + danger_note(record.row, record.agency, self.as_of_query)


def _frame(column: BoundColumn, place: int) -> tuple[SafeString, SafeString]:
    """The tags around a cell; the first cell is the head of its row."""
    look = column.attrs["td"].get("class", "")
    if place == 0:
        return format_html('<th role="rowheader" scope="row" class="{}">', look), SafeString("</th>")
    return format_html('<td role="cell" class="{}" data-label="{}">', look, column.header), SafeString("</td>")


def _renderer(column: BoundColumn, table: TermTable) -> Callable[[OverviewLine], SafeString | str]:
    """What draws the column's cell for a line: every column here is drawn from the whole line."""
    # Of our render methods only that of a target takes the table.
    given = {"table": table} if isinstance(column.column, TargetColumn) else {}
    return lambda line: column.render(record=line, **given)


def term_table(lines: Iterable[OverviewLine], terms: Iterable[Term], term: Term, **options: Any) -> TermTable:
    """The table of `lines` on the page of `term`, with a target column for each of `terms`."""
    columns = [(f"target_{shown.last_year}", TargetColumn(shown, current=shown.pk == term.pk)) for shown in terms]
    return TermTable(ParentChildRows(lines), extra_columns=columns, **options)
