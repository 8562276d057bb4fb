"""The staff pages that are no page of one record. They stand below the address of the figures' list in the admin, behind the
same door: `admin_view` lets in who is staff, each view asks for the right that it takes."""

from collections.abc import Callable

from django.contrib import admin
from django.http import HttpResponseBase
from django.urls import path

from .views import completeness, evidence, imports, queue, sheet, transitions

app_name = "staff"


def staff_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """`view` behind the door of the admin, which says so to the login middleware too."""
    guarded = admin.site.admin_view(view)
    guarded.login_required = True  # type: ignore[attr-defined]
    return guarded


urlpatterns = [
    path("sheet/", staff_only(sheet.entry_sheet), name="sheet"),
    path("first-steps/", staff_only(sheet.first_steps), name="first-steps"),
    path("queue/", staff_only(queue.queue), name="queue"),
    path("completeness/", staff_only(completeness.completeness), name="completeness"),
    path("import/", staff_only(imports.upload_page), name="import"),
    path("import/template/", staff_only(imports.template), name="import-template"),
    path("import/<int:pk>/", staff_only(imports.review_page), name="import-review"),
    path("<int:pk>/move/", staff_only(transitions.move_figure), name="move"),
    path("<int:pk>/evidence/", staff_only(evidence.add), name="evidence-add"),
    path("<int:pk>/evidence/<slug:key>/", staff_only(evidence.download), name="evidence"),
    path("<int:pk>/evidence/<slug:key>/remove/", staff_only(evidence.remove_file), name="evidence-remove"),
]
