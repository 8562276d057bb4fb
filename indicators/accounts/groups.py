"""The four groups of an office and what each may do. Every migration sets them anew, says so, and keeps it in the
history of the group.

Whoever needs other rights gets a group of their own making: these are what documentation and training speak of.
"""

import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

ADMINISTRATORS = "Quản trị chỉ tiêu"

CATALOGUE = ("sector", "agency", "term", "indicator", "target", "comparison", "officialresult")
VIEWED = (*CATALOGUE, "aggregate", "source", "figure", "officialverdict", "explanation", "deadline", "assignment")

_VIEW = [f"view_{model}" for model in VIEWED]
_EDIT = [
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
    ADMINISTRATORS: [
        *_VIEW,
        *_EDIT,
        "view_membership",
        "view_signin",
        "view_historywithdrawal",
        "add_historywithdrawal",
    ],
    # Officials look, and ask the agency whose target is in danger.
    "Xem": [*_VIEW, "ask_explanation"],
}


def create(using: str = "default", stdout: Any = None, **_signal: object) -> None:
    """Make the groups, and give each exactly the rights listed here. What was changed by hand is reported as it is undone."""
    for name, codenames in GROUPS.items():
        group, is_new = Group.objects.using(using).get_or_create(name=name)
        ours = Q(content_type__app_label__in=("indicators", "accounts"), codename__in=codenames)
        listed = set(Permission.objects.using(using).filter(ours).select_related("content_type"))
        stored = set(group.permissions.select_related("content_type"))
        if stored == listed:
            continue
        with translation.override(settings.LANGUAGE_CODE):  # `migrate` speaks English
            group._change_reason = _("Set anew by an upgrade")  # type: ignore[attr-defined]
        group.permissions.set(listed)
        if not is_new:
            _report(name, listed - stored, stored - listed, stdout)


def _report(name: str, given: set[Permission], taken: set[Permission], stdout: Any) -> None:
    """Say which rights a group has or has not any more."""
    words = [f"+ {right.name}" for right in sorted(given, key=str)] + [
        f"- {right.name}" for right in sorted(taken, key=str)
    ]
    message = _(
        "The rights of the group “%(name)s” were set anew: %(what)s. Who needs others gets a group of their own."
    )
    (stdout or sys.stderr).write(message % {"name": name, "what": ", ".join(words)} + "\n")
