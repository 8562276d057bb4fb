"""The way of a figure to the public: its states, the transitions between them, and who may make them.

    enter → (entered) → submit → (submitted) → approve → (approved)
                ↑  ←──── withdraw ────┘  └── return → (returned) → submit …
    (approved) → ask → (approved)          a clerk asks for a correction, the figure stays public
    (approved) → reopen → (returned)       an approver lets it be mended; what was approved stays public until the
                                           mended value is approved, and for the days before that it stays known
    (approved) → decline → (approved)      or says why the figure stays as it is
    (approved) → retract → (returned)      an approver takes off the pages what should not be there at all
    (returned) → retract → (returned)      also while it is reopened: then what stayed public goes

Every change of a figure by a person goes through `services`. Data packages, loaded on the command line, bring figures that
are approved.
"""

from .guards import Refused, guard_delete, guard_transition, guard_write
from .services import (
    TransitionResult,
    apply_transition,
    correct_submitted,
    remove,
    replace_earlier,
    rivals_among,
    write,
    write_many,
)
from .transitions import (
    EDITABLE_STATES,
    RETURNING_KINDS,
    TRANSITIONS,
    Transition,
    correction_request,
    is_unmended,
    returning_step,
)

__all__ = [
    "EDITABLE_STATES",
    "RETURNING_KINDS",
    "TRANSITIONS",
    "Refused",
    "Transition",
    "TransitionResult",
    "apply_transition",
    "correct_submitted",
    "correction_request",
    "guard_delete",
    "guard_transition",
    "guard_write",
    "is_unmended",
    "remove",
    "replace_earlier",
    "returning_step",
    "rivals_among",
    "write",
    "write_many",
]
