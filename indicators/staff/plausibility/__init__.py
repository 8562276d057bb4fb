"""Whether a number can be right, given what is known of its indicator. It asks, and forbids only
what cannot be.

Each rule takes a proposed reading and what is known, and gives a doubt to be confirmed with a reason, or nothing. A rule
says nothing where what it would compare with is missing. To add one, write the function and put it into `RULES`.
"""

from .context import (
    Context,
    PlausibilityWarning,
    ProposedValue,
    comparable,
    contexts,
    each_context,
)
from .rules import RULES, find_warnings

__all__ = [
    "RULES",
    "Context",
    "PlausibilityWarning",
    "ProposedValue",
    "comparable",
    "contexts",
    "each_context",
    "find_warnings",
]
