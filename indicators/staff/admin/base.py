"""What the pages of all records share: reading fields, read-only pages, history, search, columns."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import NestedObjects, flatten_fieldsets
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS, IntegrityError, models, transaction
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy, ngettext
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from ...models import Conflict, Indicator, Source
from ...sentences.formatting import NO_VALUE, short_period, value_text
from ...workflow.permissions import enterable
from ..forms import PERIOD, RecordForm, TextField, months
from ..input_guard import InputGuardMixin, key_or_404, small_number
from ..record_text import field_text

# A source's whole name fills half a screen.
SOURCE_LENGTH = 48
# What only looks: it writes nothing, so it needs no transaction and may remember what it read.
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
PERIOD_END = F("year") * 12 + F("through_month")


@lru_cache
def as_text(model: type[models.Model], name: str) -> Callable[[models.Model], str]:
    """A read-only line for a number, year or mark: Django would print 82 as 82,0000, 2020 as 2.020 and no as a red cross."""
    field: Any = model._meta.get_field(name)

    @admin.display(description=PERIOD if name == "through_month" else field.verbose_name)
    def text(record: models.Model) -> str:
        return field_text(field, getattr(record, name))

    return text


class ChangeDescriptions(HistoricalRecordContextHelper):
    """What changed from one version to the next, in words."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> str:
        return field_text(self.model._meta.get_field(change.field), value)


class RecordAdmin(InputGuardMixin, SimpleHistoryAdmin):
    """A record with its history; a page without the right to change shows words, not fields."""

    form = RecordForm
    formfield_overrides = {
        models.CharField: {"form_class": TextField},
        models.TextField: {"form_class": TextField, "widget": AdminTextareaWidget(attrs={"rows": 3})},
        models.URLField: {"assume_scheme": "https"},
    }
    list_per_page = 50
    change_form_template = "admin/indicators/record_form.html"
    object_history_list_template = "admin/indicators/history_list.html"
    object_history_form_template = "admin/indicators/history_form.html"

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return retry_on_conflict(super().changeform_view, request, *args, **kwargs)

    def may_write(self, request: HttpRequest, obj: models.Model | None) -> bool:
        return self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if self.may_write(request, obj):
            return fieldsets
        return [(title, {**options, "fields": self._readable(options["fields"])}) for title, options in fieldsets]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        if self.may_write(request, obj):
            return super().get_readonly_fields(request, obj)
        return flatten_fieldsets(self.get_fieldsets(request, obj))

    def _readable(self, names: Iterable) -> list:
        """The lines of a read-only page; what only a form asks for, a reason, is no part of the record."""
        model: Any = self.model
        stored = {field.name: field for field in self.opts.fields}
        lines: list[Any] = []
        for name in names:
            if isinstance(name, tuple):
                lines.append(self._readable(name))
            elif name in stored or name not in self.form.declared_fields:
                is_written = isinstance(stored.get(name), models.DecimalField | models.BooleanField)
                lines.append(as_text(model, name) if is_written or name.endswith(("year", "month")) else name)
        return lines

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> ChangeDescriptions:
        return ChangeDescriptions(self.model, historical_record)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Raises Http404 for a record that the user may not see, as for one that never was."""
        if not self.may_see(request, key_or_404(object_id)):
            raise Http404
        return super().history_view(request, object_id, *args, **kwargs)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Raises PermissionDenied for those who would bring back a version that they may not write, Http404 as above."""
        object_id, version_id = key_or_404(object_id), key_or_404(version_id)
        if not self.may_see(request, object_id):
            raise Http404
        # simple_history lets everybody who may look at a version post it as the present state.
        if request.method == "POST" and not self.may_restore(request, object_id):
            raise PermissionDenied
        return retry_on_conflict(super().history_form_view, request, object_id, version_id, extra_context)

    def may_see(self, request: HttpRequest, object_id: str) -> bool:
        """Whether the record is among those that the user may see; one that was deleted, by its history."""
        is_stored = self.model._base_manager.filter(pk=object_id).exists()
        return self.get_object(request, object_id) is not None if is_stored else True

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """What a page of deletion lists. Nobody needs a right to delete what others rest on: it stays anyway, and only
        those of them are named that the user may see."""
        listed, counted, rights_needed, protected = super().get_deleted_objects(objs, request)
        if protected:
            return listed, counted, set(), protecting_names(objs, request)
        return listed, counted, rights_needed, protected

    def may_restore(self, request: HttpRequest, object_id: str) -> bool:
        """Whether the user may bring back an old version: change the record, or add it when it was deleted."""
        return self.may_write(request, self.get_object(request, object_id))


def protecting_names(objs: Any, request: HttpRequest) -> list[str]:
    """The records that rest on `objs`, so that these cannot be deleted: those that the user may see by name."""
    collector = NestedObjects(using=DEFAULT_DB_ALIAS, origin=objs)
    collector.collect(objs)
    keys_by_model: dict[type[models.Model], set[Any]] = defaultdict(set)
    for record in collector.protected:
        keys_by_model[type(record)].add(record.pk)
    names = []
    for model, keys in keys_by_model.items():
        if admin.site.is_registered(model):
            visible = admin.site.get_model_admin(model).get_queryset(request).filter(pk__in=keys)
            names += [f"{model._meta.verbose_name}: {record}" for record in visible]
    if hidden := len(collector.protected) - len(names):
        text = ngettext("%(count)d record that you may not see", "%(count)d records that you may not see", hidden)
        names.append(text % {"count": hidden})
    return names


def retry_on_conflict(
    view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponse:
    """What `view` answers. Where somebody saved between its reading and its writing it is asked once more: then its form
    sees what was saved, and says so."""
    if request.method in SAFE_METHODS:
        return view(request, *args, **kwargs)
    try:
        with transaction.atomic():
            return view(request, *args, **kwargs)
    except (Conflict, IntegrityError):
        return view(request, *args, **kwargs)


class CatalogueAdmin(RecordAdmin):
    """A record found by the words of its code and names, with or without diacritics, in lists and in autocompletes."""

    search_fields = ("code",)
    search_help_text = gettext_lazy("Words of the name or the code, with or without diacritics.")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet, bool]:
        if not search_term.strip():
            return queryset, False
        matching = queryset.matching(search_term)
        # A list keeps the order of its columns; who chooses from it means what begins as typed.
        is_choice = request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"
        return matching.beginning_first(search_term) if is_choice else matching, False

    @admin.display(description=gettext_lazy("name"), ordering="name_vi")
    def name_text(self, record: Any) -> str:
        return record.name


class IndicatorRecordAdmin(RecordAdmin):
    """A record about an indicator: each word looked for is in the indicator, in the source, or is a year."""

    search_fields = ("indicator__code",)
    search_help_text = gettext_lazy("Words of the indicator or the source, with or without diacritics, and years.")
    autocomplete_fields: ClassVar[tuple[str, ...]] = ("indicator", "source")
    indicator_path = "indicator"
    source_path = "source"
    year_paths = ("year", "year")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet, bool]:
        for word in search_term.split():
            queryset = queryset.filter(self._about(word))
        return queryset, False

    def _about(self, word: str) -> Q:
        indicators, sources = Indicator.objects.matching(word), Source.objects.matching(word)
        matches = Q((f"{self.indicator_path}__in", indicators)) | Q((f"{self.source_path}__in", sources))
        if len(word) == 4 and word.isascii() and word.isdigit():
            first, last = self.year_paths
            matches |= Q((f"{first}__lte", int(word)), (f"{last}__gte", int(word)))
        return matches

    @admin.display(description=gettext_lazy("indicator"), ordering="indicator__name_vi")
    def indicator_name(self, record: Any) -> str:
        return record.indicator.name

    @admin.display(description=gettext_lazy("source"), ordering="source__title_vi")
    def source_name(self, record: Any) -> str:
        return source_label(record.source)

    @admin.display(description=gettext_lazy("value"), ordering="value")
    def value_text(self, record: Any) -> str:
        return value_text(record, record.indicator.unit)


def source_label(source: Source | None) -> str:
    """The name of a source, as much of it as a column holds."""
    return Truncator(str(source)).chars(SOURCE_LENGTH) if source else NO_VALUE


# Bodies that merged answer for nothing any more; only those that do are offered.
BY_AGENCY = ("indicator__agency", admin.RelatedOnlyFieldListFilter)


class OwnFilter(admin.SimpleListFilter):
    """The records of the own agencies, first of all for whoever works for one; those of all where somebody asks for them, or
    for one indicator."""

    title = gettext_lazy("agency")
    parameter_name = "whose"
    ALL = "all"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        if request.user.is_superuser or not enterable(request.user).exists():
            return []
        return [("", gettext_lazy("my agency")), (self.ALL, gettext_lazy("all agencies"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice, title in self.lookup_choices:
            yield {
                "selected": (self.value() or "") == choice,
                "query_string": changelist.get_query_string({self.parameter_name: choice or None}),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == self.ALL or "indicator__id__exact" in request.GET:
            return queryset
        return queryset.filter(indicator__in=enterable(request.user))


class YearFilter(admin.SimpleListFilter):
    """The records of one year; Django's own filter would offer the year 2.020."""

    title = gettext_lazy("year")
    parameter_name = "year"
    field = "year"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        years = model_admin.get_queryset(request).order_by(f"-{self.field}").values_list(self.field, flat=True)
        return [(str(year), str(year)) for year in years.distinct() if year is not None]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        year = small_number(self.value())
        return queryset if year is None else queryset.filter(**{self.field: year})


class LastYearFilter(YearFilter):
    title = gettext_lazy("last year")
    parameter_name = "last_year"
    field = "last_year"


class PeriodFilter(admin.SimpleListFilter):
    """The records of the same period of any year."""

    title = gettext_lazy("period")
    parameter_name = "through_month"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        used = set(model_admin.get_queryset(request).order_by().values_list("through_month", flat=True).distinct())
        # Texts, as addresses hold them: the numbers beside the choices are counted with them too.
        return [(str(month), label) for month, label in months() if month in used]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        month = small_number(self.value())
        return queryset if month is None else queryset.filter(through_month=month)


class PeriodAdmin(IndicatorRecordAdmin):
    """A record of one period."""

    @admin.display(description=gettext_lazy("period"), ordering=PERIOD_END)
    def period_text(self, record: Any) -> str:
        return short_period(record.period)
