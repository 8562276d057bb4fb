"""EXPORT: everything that can be taken away: CSV reports, workbooks. One list of reports, one writer for each format."""

from .changes import CHANGES_COLUMNS
from .flat_sheet import flat_rows
from .official import paragraphs, review_table, year_tables
from .reports import REPORTS, Report
from .selection import Asked
from .workbook import write_workbook

__all__ = [
    "CHANGES_COLUMNS",
    "REPORTS",
    "Asked",
    "Report",
    "flat_rows",
    "paragraphs",
    "review_table",
    "write_workbook",
    "year_tables",
]
