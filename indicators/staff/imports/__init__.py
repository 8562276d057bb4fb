"""Files of figures, CSV or Excel → a review of every row → figures, all of them or none."""

from .file_format import open_table, too_large
from .rest import rows_to_mend
from .review import Progress, check, write_upload
from .review_lines import lines_of
from .table import Unreadable
from .template import template_csv, template_xlsx

__all__ = [
    "Progress",
    "Unreadable",
    "check",
    "lines_of",
    "open_table",
    "rows_to_mend",
    "template_csv",
    "template_xlsx",
    "too_large",
    "write_upload",
]
