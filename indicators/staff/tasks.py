"""The lists of records, grouped by what one comes for instead of by the alphabet."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

TaskGroup = tuple[str, list[dict[str, Any]]]

TASKS = (
    (
        _("Targets and judgements"),
        ("Indicator", "Target", "TargetProposal", "OfficialVerdict", "OfficialResult", "Explanation"),
    ),
    (_("Published figures"), ("Figure", "Aggregate", "Comparison", "Source")),
    (_("Who reports and when"), ("Agency", "Assignment", "Membership", "Deadline")),
    (_("Frame of the catalogue"), ("Sector", "Term")),
    (_("Accounts and system"), ("User", "Group", "SignIn", "ApiToken", "HistoryWithdrawal")),
)
_OTHERS = _("Further records")


def task_groups(apps: Iterable[dict[str, Any]], *, sees_all: bool) -> list[TaskGroup]:
    """The models of Django's `apps` by task, in the order of TASKS; those that are only looked at just where `sees_all`."""
    models = {
        model["object_name"]: model
        for app in apps
        for model in app["models"]
        if sees_all or model["perms"]["add"] or model["perms"]["change"]
    }
    groups = [(str(task), [models.pop(name) for name in names if name in models]) for task, names in TASKS]
    groups.append((str(_OTHERS), list(models.values())))
    return [(task, listed) for task, listed in groups if listed]
