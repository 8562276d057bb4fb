"""EXPORT: everything that can be taken away: CSV reports, workbooks. One list of reports, one writer for each format."""

from .asked import Asked
from .cells import EXCEL_VN, FORMS, MACHINE, Cell, Form, csv_lines, number_format
from .changes import CHANGES_COLUMNS
from .flat_sheet import flat_rows
from .official import paragraphs, review_table, year_tables
from .progress_report import PROGRESS_COLUMNS, progress_rows
from .reports import REPORTS, Report
from .workbook import write_workbook

__all__ = [
    "CHANGES_COLUMNS",
    "EXCEL_VN",
    "FORMS",
    "MACHINE",
    "PROGRESS_COLUMNS",
    "REPORTS",
    "Asked",
    "Cell",
    "Form",
    "Report",
    "csv_lines",
    "flat_rows",
    "number_format",
    "paragraphs",
    "progress_rows",
    "review_table",
    "write_workbook",
    "year_tables",
]
