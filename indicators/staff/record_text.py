"""What the fields of a record hold, in words."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from ..sentences.formatting import NO_VALUE, day, number
from .forms import months_label


def field_text(field: models.Field, value: Any) -> str:
    """What a field holds, in words: a choice by its label, a number with its digits, a year without grouping."""
    if value is None or value == "":
        return NO_VALUE
    if field.name == "through_month":
        return str(months_label(value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, date):
        return day(value)
    return str(dict(field.flatchoices).get(value, value))
