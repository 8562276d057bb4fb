"""Format style sheets and browser scripts, or say which are not formatted.

python scripts/format_static.py fix | check
"""

import sys
from pathlib import Path

import cssbeautifier
import jsbeautifier

STATIC = Path(__file__).resolve().parent.parent / "static"
OPTIONS = {"indent_size": 2, "end_with_newline": True, "brace_style": "collapse,preserve-inline"}


def formatted(path: Path) -> str:
    """The content of a style sheet or script as it should be."""
    package = cssbeautifier if path.suffix == ".css" else jsbeautifier
    options = package.default_options()
    for name, value in OPTIONS.items():
        setattr(options, name, value)
    return package.beautify(path.read_text(encoding="utf-8"), options)


def main(task: str) -> int:
    """Do the task; 1 when it is to check and something is not formatted."""
    files = sorted([*STATIC.rglob("*.css"), *STATIC.rglob("*.js")])
    untidy = [path for path in files if formatted(path) != path.read_text(encoding="utf-8")]
    for path in untidy:
        print(f"{'formatted' if task == 'fix' else 'to be formatted'}: {path.relative_to(STATIC.parent)}")
        if task == "fix":
            path.write_text(formatted(path), encoding="utf-8")
    return 1 if untidy and task == "check" else 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["fix"], ["check"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
