"""The staff pages that are no page of one record. They stand below the address of the figures' list in the admin, behind the
same door: `admin_view` lets in who is staff, and the right that a page takes stands beside its address. What depends on the
record is asked by the view."""

from collections.abc import Callable
from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from ..workflow.permissions import Action, may
from .views import completeness, evidence, explanations, imports, queue, sheet, target_list, target_moves, transitions

app_name = "staff"


def staff_only(view: Callable[..., HttpResponseBase], action: Action | None = None) -> Callable[..., HttpResponseBase]:
    """`view` behind the door of the admin, for those who may do `action`: it raises PermissionDenied for others. The login
    middleware reads the door too."""

    @wraps(view)
    def permitted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if action and not may(request.user, action):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    guarded = admin.site.admin_view(permitted)
    # The attribute that Django's LoginRequiredMiddleware reads: `admin_view` asks for staff, and leads to the admin's login.
    guarded.login_required = True  # type: ignore[attr-defined]
    return guarded


urlpatterns = [
    path("sheet/", staff_only(sheet.entry_sheet, Action.ENTER), name="sheet"),
    path("queue/", staff_only(queue.queue, Action.APPROVE), name="queue"),
    path("targets/list/", staff_only(target_list.target_list, Action.PROPOSE_TARGETS), name="target-list"),
    path("targets/moves/", staff_only(target_moves.move_targets), name="target-moves"),
    path("completeness/", staff_only(completeness.completeness), name="completeness"),
    path("import/", staff_only(imports.upload_page, Action.ENTER), name="import"),
    path("import/template/", staff_only(imports.template, Action.ENTER), name="import-template"),
    path("import/<int:pk>/", staff_only(imports.review_page, Action.ENTER), name="import-review"),
    path("import/<int:pk>/to-mend/", staff_only(imports.to_mend, Action.ENTER), name="import-to-mend"),
    path("<int:pk>/transition/", staff_only(transitions.transition_figure), name="transition"),
    path("explanations/<int:pk>/decide/", staff_only(explanations.decide), name="explanation-decide"),
    path("<int:pk>/evidence/", staff_only(evidence.add), name="evidence-add"),
    path("<int:pk>/evidence/<slug:key>/", staff_only(evidence.download), name="evidence"),
    path("<int:pk>/evidence/<slug:key>/remove/", staff_only(evidence.remove_file), name="evidence-remove"),
]
