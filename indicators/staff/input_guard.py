"""What an address or a posted form may say on the pages of records; the rest is refused before the database is asked."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup, DisallowedModelAdminToField
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest
from django.db import DataError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..core.limits import CHOSEN_ROWS
from ..models.texts import read_text

LARGEST_KEY = 2**63 - 1
LONGEST_TEXT = 2000  # letters of a quote, a note or a reason
REPEATED_LENGTH = 40  # as much of a text as a message repeats
BAD_LOOKUP_ERRORS = (DisallowedModelAdminLookup, DisallowedModelAdminToField, ValueError, OverflowError, DataError)


def is_key(text: str) -> bool:
    """Whether the text can be the primary key of a record."""
    return bool(re.fullmatch("[0-9]{1,19}", text)) and int(text) <= LARGEST_KEY


def key_or_404(text: str) -> str:
    """The text, where it can be a primary key. Raises Http404 where it cannot."""
    if not is_key(text):
        raise Http404
    return text


def small_number(text: str | None) -> int | None:
    """The number of at most four digits, such as a year; None when the text is anything else."""
    return int(text) if text and re.fullmatch("[0-9]{1,4}", text) else None


def typed_reason(request: HttpRequest, name: str) -> str:
    """The reason posted under this name, "" when there is none. Raises ValidationError when it cannot be kept."""
    return forms.CharField(max_length=LONGEST_TEXT, required=False).clean(read_text(request.POST.get(name, "")))


def limit_of(field: models.Field) -> dict[str, int]:
    """The longest text that the form field of a model field without a limit of its own takes."""
    return {"max_length": LONGEST_TEXT} if isinstance(field, models.TextField) else {}


class KeySelect(AutocompleteSelect):
    """Shows again what was chosen, where it can be a record; what was forged is only a mistake on the form.

    `chosen` is the record that the form has read already: Django would read it once more for its label.
    """

    chosen: models.Model | None = None

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        if self.chosen is None or value != [str(self.chosen.pk)]:
            return super().optgroups(name, [key for key in value if is_key(str(key))], attrs)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        label = self.choices.field.label_from_instance(self.chosen)
        options.append(self.create_option(name, self.chosen.pk, label, True, len(options)))
        return [(None, options, 0)]


class AutocompleteGuardMixin:
    """Relations that are searched for, on a page or in its rows."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs["widget"] = KeySelect(db_field, self.admin_site)  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class InputGuardMixin(AutocompleteGuardMixin, admin.ModelAdmin):
    """Pages of records that no address and no forged form brings down."""

    # What our own links ask a list for beside its filters.
    linked_lookups: tuple[str, ...] = ()

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        return super().get_object(request, object_id, from_field) if from_field or is_key(object_id) else None

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().history_view(request, key_or_404(object_id), *args, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address fills in; of relations only what can be a key."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        relations = {field.name for field in self.opts.get_fields() if field.is_relation}
        return {name: value for name, value in initial.items() if name not in relations or _are_keys(value)}

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the filters, the days above the list and our own links ask for."""
        filters = self.list_filter if request is None else self.get_list_filter(request)
        allowed = {*self.linked_lookups, *(name for list_filter in filters for name in _lookups_of(list_filter))}
        if self.date_hierarchy:
            allowed |= {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        return lookup in allowed and super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Raises IncorrectLookupParameters, which leads back to the whole list, for what the database cannot compare."""
        try:
            # A query that PostgreSQL refuses would break the transaction around it.
            with transaction.atomic():
                return super().get_changelist_instance(request)
        except BAD_LOOKUP_ERRORS as error:
            raise IncorrectLookupParameters from error

    def response_action(self, request: HttpRequest, queryset: models.QuerySet, *args: Any, **kwargs: Any) -> Any:
        """Raises BadRequest for chosen rows that can be no records, and for more than can be dealt with at once."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if (queryset.count() if request.POST.get("select_across") == "1" else len(chosen)) > CHOSEN_ROWS:
            raise BadRequest(_("At most %(most)s rows can be chosen at once. Choose fewer.") % {"most": CHOSEN_ROWS})
        if not _are_keys(chosen):
            raise BadRequest(_("What was chosen is not in this list. Open the list again and choose anew."))
        return super().response_action(request, queryset, *args, **kwargs)


def _are_keys(value: Any) -> bool:
    return all(is_key(key) for key in (value if isinstance(value, list) else [value]))


def _lookups_of(list_filter: Any) -> set[str]:
    """The names under which a filter of a list stands in an address."""
    if isinstance(list_filter, type):
        return {list_filter.parameter_name}  # type: ignore[attr-defined]
    path = list_filter if isinstance(list_filter, str) else list_filter[0]
    return {path, *(f"{path}__{ending}" for ending in ("exact", "id__exact", "isnull"))}
