"""Targets on a chart: bands, steps and the way that is still to go."""

from collections.abc import Container, Iterable
from typing import Any

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from ...models import Target
from ...models.targets import Basis, Bound, Scope, TargetStatus
from ...queries.progress import ProgressRow
from ...sentences.formatting import as_written, bound_text
from .base import INK, TargetSpan, free_end, place_in_years

GOAL, BAND, DRAFT_BAND = "var(--goal-edge)", "var(--band)", "var(--draft-band)"


def add_targets(
    figure: go.Figure, targets: Iterable[Target], shown: Container[Target], line: dict[float, float]
) -> None:
    """Every target with a number under its own name; the plans of other years quietly under one name for all.

    `line` has the heights of the figures by year: the labels of targets keep away from it.
    """
    is_named = False
    for target in targets:
        if target.bound == Bound.PARTS:
            continue
        if target.scope == Scope.ANNUAL and target not in shown:
            common = {"name": _("Plans of single years"), "legendgroup": "annual", "showlegend": not is_named}
            figure.add_trace(_target_trace(target, line, width=1, label="", **common))
            is_named = True
        else:
            label = "" if target.basis == Basis.TOTAL else bound_text(target)
            figure.add_trace(_target_trace(target, line, width=2, label=label, name=target_name(target)))


def _target_trace(target: Target, line: dict[float, float], width: int, label: str, **naming: Any) -> go.Scatter:
    """A range as a band, one value as a step over its years; drafts dashed. The label stands above its free end."""
    span = TargetSpan.of(target)
    low, high = span.edges[0], span.edges[-1]
    at_right = free_end(span, line) == "right"
    labels = ["", label] if at_right else [label, ""]
    is_draft = target.status == TargetStatus.DRAFT
    common = naming | {
        "mode": "lines+text",
        "line": {"color": GOAL, "dash": "dash" if is_draft else "solid", "width": width},
        "textposition": "top left" if at_right else "top right",
        "hovertext": target_name(target),
        "hoverinfo": "text",
        "hoveron": "points+fills",
    }
    start, end = span.start, span.end
    if low == high:
        return go.Scatter(**common, x=[start, end], y=[high, high], text=labels)
    x, y = [start, end, end, start, start], [high, high, low, low, high]
    fill = DRAFT_BAND if is_draft else BAND
    return go.Scatter(**common, x=x, y=y, text=[*labels, "", "", ""], fill="toself", fillcolor=fill)


def target_name(target: Target) -> str:
    pattern = _("Plan of %(year)s: %(words)s") if target.scope == Scope.ANNUAL else _("Target %(year)s: %(words)s")
    name = pattern % {"year": target.last_year, "words": as_written(target)}
    if target.basis == Basis.TOTAL:
        years = target.last_year - target.first_year + 1
        name += " " + _("(shown as the yearly share, 1/%(years)d)") % {"years": years}
    return f"{name} · {target.get_status_display()}" if target.status == TargetStatus.DRAFT else name


def add_way_ahead(figure: go.Figure, row: ProgressRow) -> None:
    """From the latest figure on: the path that is needed, and where the pace so far leads."""
    verdict, target = row.verdict, row.target
    if not verdict.details.used or verdict.status.is_final:
        return
    start, end = place_in_years(verdict.details.used[-1].end), target.last_year
    if target.basis == Basis.VALUE and target.indicator.kind == "level" and verdict.measured_value is not None:
        value = float(verdict.measured_value)
        if verdict.needed_pace is not None and verdict.details.limit is not None:
            _add_line(figure, [start, end], [value, float(verdict.details.limit)], _("Needed from now on"), "dash")
        if verdict.forecast is not None:
            _add_line(figure, [start, end], [value, float(verdict.forecast)], _("At the present pace"), "dot")
    elif target.basis == Basis.AVERAGE and verdict.needed_pace is not None:
        pace = float(verdict.needed_pace)
        _add_line(figure, [start + 1, end], [pace, pace], _("Needed from now on"), "dash")


def _add_line(figure: go.Figure, x: list[float], y: list[float], name: str, dash: str) -> None:
    figure.add_scatter(
        x=x, y=y, name=name, mode="lines+markers", line={"color": INK, "dash": dash, "width": 1.5},
        marker={"symbol": "diamond-open", "size": 7}, hovertemplate=f"{name}: %{{y:,.4~f}}<extra></extra>",
    )  # fmt: skip
