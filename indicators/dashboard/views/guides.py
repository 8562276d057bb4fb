"""Help by role: one screen of numbered steps each, written in both languages as the method is."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from ..decorators import dashboard

OFFICIAL = "official"
ROLES = {
    OFFICIAL: _("For officials: looking up, comparing, asking"),
    "clerk": _("For clerks: entering figures"),
    "approver": _("For approvers: approving and returning"),
    "keeper": _("For keepers of the catalogue: indicators, targets, agencies"),
    "administrator": _("For administrators: people, rights, records of use"),
}


@dashboard
def help_index(request: HttpRequest) -> HttpResponse:
    """The roles, each with its page; those of staff ask for a login."""
    return render(request, "help/index.html", {"section": "help", "roles": ROLES.items(), "open_role": OFFICIAL})


@dashboard
def official_help(request: HttpRequest) -> HttpResponse:
    """The page of the only role that needs no account."""
    return _role_page(request, OFFICIAL)


def staff_help(request: HttpRequest, role: str) -> HttpResponse:
    """The page of `role` for whoever is logged in. Raises Http404 for a role that is none."""
    if role not in ROLES:
        raise Http404
    return _role_page(request, role)


# The middleware closes every view that is not opened; this one says so.
staff_help.login_required = True  # type: ignore[attr-defined]


def _role_page(request: HttpRequest, role: str) -> HttpResponse:
    context = {"section": "help", "role": role, "title": ROLES[role]}
    return render(request, "help/role.html", context)
