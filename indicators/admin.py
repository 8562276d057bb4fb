"""Where Django looks for the staff pages of the app; they live in `staff/admin/`."""

from .staff import admin  # noqa: F401
