"""ENTRY: the way of a figure through the office. Which states and moves there are, and who may make them, stands here.

    enter → (entered) → submit → (submitted) → approve → (approved)
                ↑  ←──── withdraw ────┘  └── return → (returned) → submit …
    (approved) → ask → (approved)          a clerk asks for a correction, the figure stays public
    (approved) → reopen → (returned)       an approver lets it be mended; what was approved stays public until the
                                           mended value is approved, and for the days before that it stays known
    (approved) → decline → (approved)      or says why the figure stays as it is
    (approved) → retract → (returned)      an approver takes off the pages what should not be there at all

Every change of a figure by a person goes through `write`, `write_many`, `remove` or `carry_out`; they lock the figure, check the
person's right to that very figure, and leave a step behind. Data packages, loaded on the command line, bring figures that
are approved.
"""

from .guards import Refused, refusal, refusal_to_remove, refusal_to_write
from .moving import Outcome, carry_out, replace_earlier
from .services import remove, write, write_many
from .steps import asked_to_mend, sent_back
from .transitions import MENDABLE, MOVES, Move

__all__ = [
    "MENDABLE",
    "MOVES",
    "Move",
    "Outcome",
    "Refused",
    "asked_to_mend",
    "carry_out",
    "refusal",
    "refusal_to_remove",
    "refusal_to_write",
    "remove",
    "replace_earlier",
    "sent_back",
    "write",
    "write_many",
]
