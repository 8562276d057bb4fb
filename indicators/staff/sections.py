"""The links in the header of the staff pages: to each person their work."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..workflow.permissions import Person

# Address, name, and the rights of which one is enough (none: everybody who works here), in the order of the header.
SECTIONS = (
    ("admin:index", _("Today"), ()),
    ("staff:sheet", _("Enter figures"), ("add_figure",)),
    ("staff:queue", _("Approve figures"), ("approve_figure",)),
    ("staff:completeness", _("Missing"), ("add_figure", "approve_figure")),
    ("admin:indicators_figure_changelist", _("Figures"), ("view_figure",)),
    ("admin:indicators_target_changelist", _("Targets"), ("change_target",)),
    ("admin:indicators_source_changelist", _("Sources"), ("add_source",)),
    ("admin:indicators_explanation_changelist", _("Explanations"), ("ask_explanation", "change_explanation")),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A link of the header; the page of one record belongs to the list it is in."""

    address: str
    name: str
    is_current: bool


def sections_of(person: Person, path: str) -> list[Section]:
    """The links for `person`, that of the section with `path` marked."""
    offered = [
        (reverse(address), str(name))
        for address, name, rights in SECTIONS
        if not rights or any(person.has_perm(f"indicators.{right}") for right in rights)
    ]
    home = reverse("admin:index")
    # The sheet and the queue stand below the list of figures: the longest address that fits is meant.
    fitting = [
        address for address, _name in offered if path == address or (address != home and path.startswith(address))
    ]
    current = max(fitting, key=len, default="")
    return [Section(address, name, address == current) for address, name in offered]
