"""Arguments that several commands take."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date

from django.utils.translation import gettext as _


def add_as_of(parser: ArgumentParser, help_text: str) -> None:
    """Let a command be told a day: `as_of`, None when it is not."""
    parser.add_argument("--as-of", type=_day, help=help_text)


def _day(text: str) -> date:
    """The day that --as-of names. Raises ArgumentTypeError for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_("%(text)r is not a day; write it as 2020-09-27") % {"text": text}) from None
