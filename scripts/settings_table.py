"""Writes the table of settings into docs/settings.md: `python -m scripts.settings_table`."""

from pathlib import Path

from lanson import variables

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "settings.md"
BEGIN, END = "<!-- settings -->\n", "\n<!-- end of settings -->"


def renewed(text: str) -> str:
    """The document with the table as the code has it."""
    head, _begin, rest = text.partition(BEGIN)
    _old, _end, tail = rest.partition(END.lstrip("\n"))
    return head + BEGIN + variables.table() + END + tail


if __name__ == "__main__":
    DOCUMENT.write_text(renewed(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
