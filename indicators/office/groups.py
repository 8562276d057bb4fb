"""RECORD: the four groups of an office and what each may do. Every migration sets them anew.

Whoever needs other rights gets a group of their own making: these are what documentation and training speak of.
"""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

CATALOGUE = ("sector", "agency", "term", "indicator", "target", "comparison", "officialresult")
VIEWED = (*CATALOGUE, "aggregate", "source", "figure", "officialverdict", "explanation", "deadline", "assignment")

_VIEW = [f"view_{model}" for model in VIEWED]
_KEEP = [
    f"{verb}_{model}"
    for verb in ("add", "change", "delete")
    for model in (*CATALOGUE, "source", "assignment", "deadline", "membership")
]

GROUPS = {
    "Nhập liệu": [*_VIEW, "add_figure", "change_figure", "delete_figure", "add_source", "change_explanation"],
    # A published average wins over the yearly figures as soon as it is there: whoever approves enters it.
    "Duyệt số liệu": [
        *_VIEW,
        "add_aggregate",
        "change_aggregate",
        "approve_figure",
        "decide_verdict",
        "ask_explanation",
        "view_membership",
    ],
    "Quản trị chỉ tiêu": [*_VIEW, *_KEEP, "view_membership"],
    "Xem": _VIEW,
}


def create(using: str = "default", **_signal: object) -> None:
    """Make the groups, and give each exactly the rights listed here."""
    for name, codenames in GROUPS.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        ours = Q(content_type__app_label="indicators", codename__in=codenames)
        group.permissions.set(Permission.objects.using(using).filter(ours))
