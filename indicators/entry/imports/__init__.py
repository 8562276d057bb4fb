"""ENTRY: files of figures, CSV or Excel → a review of every row → figures, all of them or none."""

from .going_through import Progress, check, lines_of, write
from .sniffing import open_table, too_large
from .table import MAX_BYTES, MAX_ROWS, Unreadable
from .template import template_csv, template_xlsx

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "Progress",
    "Unreadable",
    "check",
    "lines_of",
    "open_table",
    "template_csv",
    "template_xlsx",
    "too_large",
    "write",
]
