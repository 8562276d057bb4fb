"""PRESENT: the tables, each defined once for screen and file (`render_*` for the screen, `value_*` for the file)."""

from collections.abc import Iterable
from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .components import chip, latest_cell, name_cell, target_cell
from .graphics import bullet, spark
from .models import Term
from .overview import Line
from .wording import NO_VALUE, STATUS_LABEL, as_written, qualified


class TargetColumn(tables.Column):
    """The target of one term as written, marked when it is a draft."""

    def __init__(self, term: Term, current: bool) -> None:
        attrs = {"td": {"class": "target current" if current else "target other"}}
        attrs["th"] = attrs["td"]
        super().__init__(_("Target %(year)s") % {"year": term.last_year}, empty_values=(), orderable=False, attrs=attrs)
        self.last_year = term.last_year

    def render(self, record: Line) -> SafeString:
        return target_cell(record.targets.get(self.last_year))

    def value(self, record: Line) -> str:
        target = record.targets.get(self.last_year)
        return "" if target is None else as_written(target)


class TermTable(tables.Table):
    """The indicators of a term: targets of every term as written, latest figure, how it moves, verdict."""

    name = tables.Column(verbose_name=_("Indicator"), accessor="sort_name", attrs={"td": {"class": "name"}})
    unit = tables.Column(
        accessor="indicator.unit", verbose_name=_("Unit"), orderable=False, attrs={"td": {"class": "unit"}}
    )
    latest = tables.Column(
        verbose_name=_("Latest figure"), empty_values=(), orderable=False, attrs={"td": {"class": "latest"}}
    )
    trend = tables.Column(verbose_name=_("Trend"), empty_values=(), orderable=False, attrs={"td": {"class": "trend"}})
    verdict = tables.Column(
        verbose_name=_("Verdict"), accessor="severity", empty_values=(), attrs={"td": {"class": "verdict"}}
    )

    class Meta:
        template_name = "components/listing.html"
        sequence = ("name", "unit", "...", "latest", "trend", "verdict")

    def render_name(self, record: Line) -> SafeString:
        return name_cell(record)

    def value_name(self, record: Line) -> str:
        return record.indicator.name

    def render_latest(self, record: Line) -> SafeString | str:
        return latest_cell(record.latest, record.indicator)

    def value_latest(self, record: Line) -> str:
        return "" if record.latest is None else qualified(record.latest, record.indicator.decimals)

    def render_trend(self, record: Line) -> SafeString | str:
        return spark(record) or bullet(record) or ""

    def render_verdict(self, record: Line) -> SafeString | str:
        return NO_VALUE if record.row is None else chip(record.row)

    def value_verdict(self, record: Line) -> str:
        return "" if record.status is None else str(STATUS_LABEL[record.status])


def term_table(lines: Iterable[Line], terms: Iterable[Term], term: Term, **options: Any) -> TermTable:
    """The table of `lines` on the page of `term`, with a target column for each of `terms`."""
    columns = [(f"target_{one.last_year}", TargetColumn(one, current=one.pk == term.pk)) for one in terms]
    rows = [row for line in lines for row in (line, *line.parts)]
    return TermTable(rows, extra_columns=columns, **options)
