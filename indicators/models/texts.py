"""The one reader of every text that people type, paste, import or load, whatever the door."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..text.old_fonts import unicode_reading
from ..text.vietnamese import forbidden_in_xml, tidy

# As much of a text as a message repeats.
SHOWN = 80


def read_text(text: str) -> str:
    """`text` as it is stored, tidied. Raises ValidationError for an old font and for what no feed could send out."""
    # Before it is tidied: the soft hyphen, which nobody sees, is the letter ư of TCVN3.
    if reading := unicode_reading(text):
        message = _(
            "This text was typed with a TCVN3 or VNI font; it seems to say “%(reading)s”. Type or paste it in Unicode, for"
            " example converted by Unikey."
        )
        raise ValidationError(message, "old_font", {"reading": tidy(reading)[:SHOWN]})
    tidied = tidy(text)
    if character := forbidden_in_xml(tidied):
        message = _(
            "The text holds a control character that cannot be kept (%(code)s). Delete it or type the text again."
        )
        raise ValidationError(message, "control_character", {"code": f"U+{ord(character):04X}"})
    return tidied
