"""One function per chart, data in, plotly figure out. No queries, no request."""

from .base import Chart
from .indicator import add_what_if, indicator_chart, shares_chart

__all__ = ["Chart", "add_what_if", "indicator_chart", "shares_chart"]
