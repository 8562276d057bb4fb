"""ENTRY: whether a number can be right, given what is known of its indicator. It asks, and forbids only
what cannot be.

Each rule takes a proposed reading and what is known, and gives a doubt to be confirmed with a reason, or nothing. A rule
says nothing where what it would compare with is missing. To add one, write the function and put it into `RULES`.
"""

from .context import Context, Doubt, Proposed, Publication, publication_of
from .loading import comparable, contexts, each_context
from .rules import RULES, doubts

__all__ = [
    "RULES",
    "Context",
    "Doubt",
    "Proposed",
    "Publication",
    "comparable",
    "contexts",
    "doubts",
    "each_context",
    "publication_of",
]
