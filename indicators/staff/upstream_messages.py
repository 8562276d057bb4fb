"""Messages of Django and simple_history that staff see and that have no Vietnamese there, or an odd one.

Naming them here keeps them in our catalogue, which wins over theirs. Nothing imports this module.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

WITHOUT_VIETNAMESE = (
    gettext_noop("Add link"),
    gettext_noop("Added:"),
    gettext_noop("After you’ve created a user, you’ll be able to edit more user options."),
    gettext_noop("Breadcrumbs"),
    gettext_noop("Change or view list link"),
    gettext_noop("Change reason"),
    gettext_noop("Changed"),
    gettext_noop("Changed:"),
    gettext_noop("Choose a date from the list below to revert to a previous version of this object."),
    gettext_noop("Constraint “%(name)s” is violated."),
    gettext_noop("Created"),
    gettext_noop("Deleted"),
    gettext_noop("Deleted:"),
    gettext_noop("Disable password-based authentication"),
    gettext_noop("Disabled"),
    gettext_noop("Enable password-based authentication"),
    gettext_noop("Enabled"),
    gettext_noop("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
    gettext_noop("Error:"),
    gettext_noop("Filter navigation items"),
    gettext_noop("Forgotten your login credentials?"),
    gettext_noop("Hide counts"),
    gettext_noop(
        "ManagementForm data is missing or has been tampered with. Missing fields: %(field_names)s."
        " You may need to file a bug report if the issue persists."
    ),
    gettext_noop("Model name"),
    gettext_noop("Null characters are not allowed."),
    gettext_noop("Password-based authentication"),
    gettext_noop("Press the 'Revert' button below to revert to this version of the object."),
    gettext_noop("Raw passwords are not stored, so there is no way to see the user’s password."),
    gettext_noop("Reset password"),
    gettext_noop("Revert"),
    gettext_noop("Revert %(verbose_name)s"),
    gettext_noop("Revert %s"),
    gettext_noop("Select all objects on this page for an action"),
    gettext_noop("Select this object for an action - {}"),
    gettext_noop("Set password"),
    gettext_noop("Show counts"),
    gettext_noop("Sidebar"),
    gettext_noop("Skip to main content"),
    gettext_noop("The inline value did not match the parent instance."),
    gettext_noop("This object doesn't have a change history."),
    gettext_noop("Toggle navigation"),
    gettext_noop("Toggle theme (current theme: auto)"),
    gettext_noop("Toggle theme (current theme: dark)"),
    gettext_noop("Toggle theme (current theme: light)"),
    gettext_noop("View history: %s"),
    gettext_noop("View selected %(model)s"),
    gettext_noop("“%(pk)s” is not a valid value."),
    ngettext_lazy("Please correct the error below.", "Please correct the errors below."),
    ngettext_lazy("entry", "entries"),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)

# The word-by-word Vietnamese of these is hard to understand.
REWORDED = (
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("%(app)s administration"),
    gettext_noop("0 of %(cnt)s selected"),
    gettext_noop("Action:"),
    gettext_noop("Add"),
    gettext_noop("Add %(name)s"),
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("Any date"),
    gettext_noop(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the following related items will'
        " be deleted:"
    ),
    gettext_noop(
        "Are you sure you want to delete the selected %(objects_name)s? All of the following objects and their related items"
        " will be deleted:"
    ),
    gettext_noop("Change"),
    gettext_noop("Change %s"),
    gettext_noop("Click here to select the objects across all pages"),
    gettext_noop(
        "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the following protected related objects:"
    ),
    gettext_noop(
        "Deleting the selected %(objects_name)s would require deleting the following protected related objects:"
    ),
    gettext_noop("Delete multiple objects"),
    gettext_noop("Go"),
    gettext_noop("History"),
    gettext_noop("Items must be selected in order to perform actions on them. No items have been changed."),
    gettext_noop("Log out"),
    gettext_noop("Models in the %(name)s application"),
    gettext_noop("No action selected."),
    gettext_noop("No, take me back"),
    gettext_noop("Objects"),
    gettext_noop("Run the selected action"),
    gettext_noop("Save"),
    gettext_noop("Save and add another"),
    gettext_noop("Save and continue editing"),
    gettext_noop("The {name} “{obj}” was added successfully."),
    gettext_noop("The {name} “{obj}” was added successfully. You may add another {name} below."),
    gettext_noop("The {name} “{obj}” was changed successfully."),
    gettext_noop("The {name} “{obj}” was changed successfully. You may edit it again below."),
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop("View on site"),
    gettext_noop("View site"),
    gettext_noop("Welcome,"),
    ngettext_lazy("%(total_count)s selected", "All %(total_count)s selected"),
)
