"""The file of settings, `NAME=value` a line, read the same by systemd, by docker compose and here.

A shell that reads it stumbles over `Chỉ tiêu <chitieu@langson.gov.vn>` and cuts `…?a=b&c=d` off; so none has to: whoever runs
manage.py names the file in ENVIRONMENT_FILE. What the three would read differently is refused.
"""

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from . import variables

_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)")
_QUOTED = re.compile(r"""'[^']*'|"[^"\\$`]*\"""")
# A word that begins with # is a comment for one of them, a quote in the middle a part of the value for another.
_PLAIN = re.compile(r"""(?!.*\s#)[^'"\\]*""")


def load() -> None:
    """Put the settings of ENVIRONMENT_FILE into the environment, where it does not say otherwise already.

    Raises ImproperlyConfigured where the file cannot be read, and for names that are no settings.
    """
    if path := os.environ.get("ENVIRONMENT_FILE", ""):
        settings = read(Path(path))
        variables.refuse_unknown(settings)
        for name, value in settings.items():
            os.environ.setdefault(name, value)
    variables.refuse_slips(os.environ)


def read(path: Path) -> dict[str, str]:
    """The settings of a file. Raises ImproperlyConfigured with the line that cannot be understood."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ImproperlyConfigured(
            f"ENVIRONMENT_FILE: {path} cannot be read ({reason}). Name a text file that this user may read."
        ) from error
    settings: dict[str, str] = {}
    for number, line in enumerate(map(str.strip, lines), start=1):
        if line and line[0] not in "#;":
            name, value = _assignment(path, number, line)
            if settings.setdefault(name, value) != value:
                raise ImproperlyConfigured(f"{path}, line {number}: {name} is there twice. Remove one of the two.")
    return settings


def _assignment(path: Path, number: int, line: str) -> tuple[str, str]:
    """Name and value. The message repeats no value: it may be a secret."""
    match = _LINE.fullmatch(line)
    value = match[2].strip() if match else ""
    if match and _QUOTED.fullmatch(value):
        return match[1], value[1:-1]
    if match and _PLAIN.fullmatch(value):
        return match[1], value
    raise ImproperlyConfigured(
        f"{path}, line {number} cannot be read. Write NAME=value, or NAME='value' around a value with a quote, a backslash"
        " or a word that begins with #."
    )
