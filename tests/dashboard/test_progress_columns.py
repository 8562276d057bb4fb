"""The columns of the progress report: docs/reports.md says of each what the one list says."""

from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pytest

from indicators.dashboard.exports.progress_columns import PROGRESS_COLUMNS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
KINDS = {str: "text", int: "whole number", Decimal: "number", bool: "`true` or `false`"}


def kind(column: Any) -> str:
    """What may stand in a column, in words."""
    plain, *nothing = get_args(column.type) or (column.type,)
    words = "one of a list" if issubclass(plain, Enum) else KINDS[plain]
    return f"{words}, may be empty" if nothing else words


def test_the_document_has_every_column_in_its_order():
    table = [f"| `{column.name}` | {kind(column)} | {column.text} |" for column in PROGRESS_COLUMNS]
    assert "\n".join(["|---|---|---|", *table, ""]) in TEXT


@pytest.mark.parametrize("column", PROGRESS_COLUMNS, ids=lambda column: column.name)
def test_a_column_is_described_in_both_languages(column):
    english, _dot, vietnamese = column.text.partition(" · ")
    assert english
    assert vietnamese
