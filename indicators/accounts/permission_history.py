"""The history of a person's rights: groups, permissions, flags and agencies; any moment of it can be brought back."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import label_for_field
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from simple_history.utils import get_history_model_for_model

from ..models import Agency, Membership
from ..staff.input_guard import key_or_404

# How a user was after each save.
Version = get_history_model_for_model(User)
GroupVersion = get_history_model_for_model(Group)
FLAGS = ("is_active", "is_staff", "is_superuser")


@dataclass(frozen=True)
class Rights:
    """What a person was at a moment: user name and e-mail address, the flags, the primary keys of groups, permissions and
    agencies."""

    identity: tuple[str, str]
    flags: tuple[bool, ...]
    groups: frozenset[int]
    permissions: frozenset[int]
    agencies: frozenset[int]


@dataclass(frozen=True)
class RightsChange:
    """What somebody gave or took at a moment; `gained` and `lost` are words. `key` names the moment."""

    key: str
    at: datetime
    by: str
    reason: str
    gained: list[str]
    lost: list[str]


@dataclass(frozen=True)
class _Moment:
    key: str
    at: datetime
    record: Any
    rights: Rights


def moments(person: User) -> list[_Moment]:
    """The rights after each change, oldest first, from the versions of the user and of the memberships; four queries."""
    own = Version.objects.filter(id=person.pk)
    groups, permissions = (
        _related_keys(person, "groups", "group_id"),
        _related_keys(person, "user_permissions", "permission_id"),
    )
    memberships = Membership.history.filter(user_id=person.pk)
    nothing = Rights(("", ""), (False,) * len(FLAGS), frozenset(), frozenset(), frozenset())
    records = [("u", version) for version in own] + [("m", version) for version in memberships]
    records.sort(key=lambda pair: (pair[1].history_date, pair[1].history_id))
    history, rights, agency_of = [], nothing, {}
    for kind, version in records:
        if kind == "m":
            agency_of[version.id] = None if version.history_type == "-" else version.agency_id
            agencies = frozenset(pk for pk in agency_of.values() if pk)
            rights = replace(rights, agencies=agencies)
        else:
            flags = tuple(getattr(version, flag) for flag in FLAGS)
            given = groups[version.history_id], permissions[version.history_id]
            rights = Rights((version.username, version.email), flags, *given, rights.agencies)
        history.append(_Moment(f"{kind}{version.history_id}", version.history_date, version, rights))
    return history


def _related_keys(person: User, relation: str, column: str) -> dict[int, frozenset[int]]:
    """What each version of the user was related to, by the number of the version."""
    rows = getattr(Version, relation).filter(history__id=person.pk)
    keys: dict[int, set[int]] = defaultdict(set)
    for version, pk in rows.values_list("history_id", column):
        keys[version].add(pk)
    return defaultdict(frozenset, {version: frozenset(related) for version, related in keys.items()})


def rights_changes(person: User) -> list[RightsChange]:
    """What was given and taken, the latest first, with each new name, address and password that somebody else set; other
    saves that left the rights as they were are left out."""
    return list(_changes(moments(person)))[::-1]


def _changes(history: list[_Moment]) -> Iterator[RightsChange]:
    names, before = _RightNames(), frozenset[str]()
    for moment in history:
        now = names.of(moment.rights)
        if now != before or moment.record.history_change_reason:
            record = moment.record
            reason = record.history_change_reason or ""
            gained, lost = sorted(now - before), sorted(before - now)
            yield RightsChange(moment.key, moment.at, record.history_user_name, reason, gained, lost)
        before = now


class _RightNames:
    """Rights in words; what was deleted since has its number."""

    @cached_property
    def _groups(self) -> dict[int, str]:
        """Also of groups that are gone, by what they were called last."""
        return dict(GroupVersion.objects.order_by("history_date", "history_id").values_list("id", "name"))

    @cached_property
    def _permissions(self) -> dict[int, Permission]:
        return Permission.objects.select_related("content_type").in_bulk()

    @cached_property
    def _agencies(self) -> dict[int, Agency]:
        return Agency.objects.in_bulk()

    def of(self, rights: Rights) -> frozenset[str]:
        flags = (str(label_for_field(name, User)) for name, on in zip(FLAGS, rights.flags, strict=True) if on)
        user_name, address = rights.identity
        return frozenset(
            [
                *([_("user name %(name)s") % {"name": user_name}] if user_name else []),
                *([_("e-mail address %(address)s") % {"address": address}] if address else []),
                *flags,
                *(_("group %(name)s") % {"name": self._groups.get(pk, pk)} for pk in rights.groups),
                *(_("permission %(name)s") % {"name": self._name(pk)} for pk in rights.permissions),
                *(_("agency %(name)s") % {"name": self._agencies.get(pk, pk)} for pk in rights.agencies),
            ]
        )

    def _name(self, pk: int) -> str:
        permission = self._permissions.get(pk)
        return permission.name if permission else str(pk)


def restore(person: User, rights: Rights, *, reason: str) -> None:
    """Give the person exactly the rights of that moment, as far as groups, permissions and agencies still exist."""
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=person.pk)
        for name, on in zip(FLAGS, rights.flags, strict=True):
            setattr(person, name, on)
        person._change_reason = reason  # type: ignore[attr-defined]
        person.save()
        person.groups.set(Group.objects.filter(pk__in=rights.groups))
        person.user_permissions.set(Permission.objects.filter(pk__in=rights.permissions))
        memberships = {membership.agency_id: membership for membership in Membership.objects.filter(user=person)}
        for pk, membership in memberships.items():
            if pk not in rights.agencies:
                membership._change_reason = reason  # type: ignore[attr-defined]
                membership.delete()
        for agency in Agency.objects.filter(pk__in=rights.agencies - memberships.keys()):
            membership = Membership(user=person, agency=agency)
            membership._change_reason = reason  # type: ignore[attr-defined]
            membership.save()


class PermissionHistoryMixin:
    """The history page of a user, and bringing back the rights of a moment, which superusers do for others."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.restore_view)  # type: ignore[attr-defined]
        own = path("<int:pk>/history/<slug:key>/restore/", view, name="auth_user_restore")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What was given to the person and taken, the latest first. Raises PermissionDenied and Http404."""
        person = get_object_or_404(User, pk=key_or_404(object_id))
        if not self.has_view_or_change_permission(request, person):  # type: ignore[attr-defined]
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("History of the rights of %(person)s") % {"person": person},
            "object": person,
            "opts": User._meta,
            "module_name": capfirst(User._meta.verbose_name_plural),
            "changes": rights_changes(person),
            "may_restore": may_restore(request, person),
        }
        return TemplateResponse(request, "admin/indicators/rights_history.html", context)

    @method_decorator(require_POST)
    def restore_view(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        """Bring back the rights of the moment `key`. Raises PermissionDenied, also where there is no such moment."""
        person = get_object_or_404(User, pk=pk)
        if not may_restore(request, person):
            raise PermissionDenied
        moment = next((moment for moment in moments(person) if moment.key == key), None)
        if moment is None:
            raise PermissionDenied
        restore(person, moment.rights, reason=_("Rights brought back from the history"))
        messages.success(request, _("The rights are those of that moment again."))
        return redirect("admin:auth_user_history", pk)


def may_restore(request: HttpRequest, person: User) -> bool:
    """Superusers may, for anybody but themselves: nobody locks themselves out, or in."""
    return request.user.is_superuser and request.user.pk != person.pk
