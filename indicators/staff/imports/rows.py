"""A batch of rows → figures that are new, changed, unchanged or wrong. Nothing is written here."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import ModelResource
from import_export.results import RowResult

from ...models import Figure, FigureStatus, Qualifier
from ...models.cross_rules import broken_rules, fields_of
from ...workflow import guard_write
from ...workflow.permissions import Person
from .catalogue import Catalogue
from .cells import (
    DayWidget,
    IndicatorWidget,
    MonthWidget,
    SourceWidget,
    TextWidget,
    UnitWidget,
    ValueWidget,
    WordWidget,
    YearWidget,
    YesNoWidget,
)

BATCH = 1000
KEY = ("indicator", "year", "through_month", "status", "published_on", "source")
CONTENT = ("value", "qualifier", "series_break", "quote_vi", "note")
RELATIONS = ("indicator", "source")

Key = tuple[Any, ...]


def attribute(name: str) -> str:
    return f"{name}_id" if name in RELATIONS else name


def key_of(figure: Figure) -> Key:
    return tuple(getattr(figure, attribute(name)) for name in KEY)


class StoredFigures(BaseInstanceLoader):
    """The stored figure of each row of a batch, by its key; one query."""

    def __init__(self, resource: "FigureResource", dataset: Any) -> None:
        super().__init__(resource, dataset)
        self.keys = {row["line"]: key for row in dataset.dict if (key := self._key(row))}
        keys = set(self.keys.values())
        within = {f"{attribute(name)}__in": {key[at] for key in keys} for at, name in enumerate(KEY)}
        found = Figure.objects.without_earlier().filter(**within) if keys else Figure.objects.none()
        self.stored = {key: one for one in found.iterator(chunk_size=BATCH) if (key := key_of(one)) in keys}

    def get_instance(self, row: Mapping[str, Any]) -> Figure | None:
        key = self.keys.get(row["line"])
        return self.stored.get(key) if key else None

    def _key(self, row: Mapping[str, Any]) -> Key | None:
        try:
            return tuple(self.resource.fields[name].clean(row) for name in KEY)
        except ValueError:
            return None


class Outcome(RowResult):
    """What became of a row; `told` is what the preview says of it."""

    told: Any = None

    def add_instance_info(self, instance: Figure) -> None:
        """Nothing: the name of a figure would be looked up row by row."""


class FigureResource(ModelResource):
    """Figures in the columns of data packages. Rows name records by their codes, in words or codes, in any order.

    `before` has, while a row is in hand, the stored content of its figure, None for a new one. The figures that are to be
    written wait in `fresh`, where that is asked for.
    """

    class Meta:
        model = Figure
        fields = (*KEY, *CONTENT)
        import_id_fields = KEY
        instance_loader_class = StoredFigures
        use_bulk = True
        batch_size = BATCH
        skip_diff = True  # compared here, without a copy of every figure

    def __init__(
        self,
        *,
        by: Person,
        notation: str,
        day: Callable[[float], date] | None = None,
        keeps: bool = False,
        told: Callable[["FigureResource", Figure, Any], Any] = lambda *_: None,
    ) -> None:
        super().__init__()
        self.by, self.keeps, self.told = by, keeps, told
        self.fresh: list[Figure] = []
        self.catalogue = Catalogue(by)
        widgets = {
            "indicator": IndicatorWidget(self.catalogue),
            "unit": UnitWidget(self.catalogue),
            "year": YearWidget(),
            "through_month": MonthWidget(),
            "status": WordWidget(FigureStatus),
            "published_on": DayWidget(day),
            "source": SourceWidget(self.catalogue),
            "value": ValueWidget(self.catalogue, notation),
            "qualifier": WordWidget(Qualifier, empty=Qualifier.EXACT),
            "series_break": YesNoWidget(),
            "quote_vi": TextWidget(),
            "note": TextWidget(),
        }
        self.fields = {name: Field(attribute(name), name, widget) for name, widget in widgets.items()}
        self.lines: dict[Key, int] = {}
        self.line = 0
        self.before: dict[str, Any] | None = None
        self.figure = Figure()

    @classmethod
    def get_row_result_class(cls) -> type[Outcome]:
        return Outcome

    def after_init_instance(self, instance: Figure, new: bool, row: Any, **options: Any) -> None:
        self.line, self.figure = row["line"], instance
        self.before = None if new else {name: getattr(instance, name) for name in CONTENT}

    def skip_row(self, instance: Figure, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """Whether the row says what is stored already. The same figure twice in a file is no such row."""
        if import_validation_errors or self.lines.setdefault(key_of(instance), self.line) != self.line:
            return False
        return self.before == {name: getattr(instance, name) for name in CONTENT}

    def validate_instance(
        self, instance: Figure, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Raises ValidationError with everything that is wrong with the row, by column."""
        wrong = import_validation_errors or {}
        if not wrong:
            wrong = self._broken(instance)
        if wrong:
            raise ValidationError(wrong)

    def _broken(self, figure: Figure) -> dict[str, list[str]]:
        """What is wrong with a figure whose cells could all be read."""
        first = self.lines[key_of(figure)]
        if first != self.line:
            message = _(
                "Line %(line)s has the same figure: indicator, period, status, day and source. Keep one of them."
            )
            return {"indicator": [message % {"line": first}]}
        wrong = {(fields_of(condition) or ["value"])[-1]: [text] for condition, text in broken_rules(figure)}
        stored = figure if figure.pk else None
        if why := guard_write(stored, figure, self.by):
            wrong.setdefault("indicator", []).append(why)
        return wrong

    def after_import_row(self, row: Any, row_result: Any, **options: Any) -> None:
        row_result.told = self.told(self, self.figure, row)

    def bulk_create(self, using_transactions: Any, dry_run: Any, raise_errors: Any, **options: Any) -> None:
        self._keep(self.create_instances)

    def bulk_update(self, using_transactions: Any, dry_run: Any, raise_errors: Any, **options: Any) -> None:
        self._keep(self.update_instances)

    def _keep(self, figures: list[Figure]) -> None:
        if self.keeps:
            self.fresh += figures
        figures.clear()

    def after_import(self, dataset: Any, result: Any, **options: Any) -> None:
        """Nothing: no primary keys are brought, and setting the sequence back would take them from somebody else."""
