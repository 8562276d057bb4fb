"""The language in use: the one definition for records, sentences, pages and files."""

from django.utils.translation import get_language


def active_language() -> str:
    """ "vi" or "en"; Vietnamese where no request has chosen, as in commands."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"
