"""One function per chart, data in, plotly figure out. No queries, no request."""

from .base import Chart
from .indicator import add_supposed, indicator_chart, shares_chart

__all__ = ["Chart", "add_supposed", "indicator_chart", "shares_chart"]
