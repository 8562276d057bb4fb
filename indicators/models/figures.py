"""What was published. Versions stay beside each other; nothing is overwritten by the next."""

from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..core.language import active_language
from ..text.numbers import format_number, with_unit
from ..text.periods import FULL_YEAR, Period
from .base import NUMBER, ByteOrder, Recorded, SourcedQuerySet, year_field, years_in_range
from .catalogue import Indicator, Reliability, Source
from .cross_rules import CrossRule


class Qualifier(models.TextChoices):
    EXACT = "exact", _("exact")
    OVER = "over", _("over (trên, hơn)")
    UNDER = "under", _("under (gần, dưới)")
    ABOUT = "about", _("about (khoảng)")
    NIL = "nil", _("did not occur (-)")
    UNCOLLECTED = "uncollected", _("not collected (…)")


VALUELESS = (Qualifier.NIL, Qualifier.UNCOLLECTED)

# What makes two records one: for the database, the data package, imported files and the entry sheet alike.
FIGURE_KEY = ("indicator", "year", "through_month", "status", "published_on", "source")
AGGREGATE_KEY = ("indicator", "first_year", "last_year", "measure", "published_on", "source")
COMPARISON_KEY = ("indicator", "year", "through_month", "measure", "source", "value")
_figure_key = attrgetter(*(f"{name}_id" if name in ("indicator", "source") else name for name in FIGURE_KEY))


class FigureStatus(models.TextChoices):
    """How firm a published number is, from the first estimate to the final one."""

    ESTIMATE = "estimate", _("estimate")
    REPORTED = "reported", _("reported")
    PRELIMINARY = "preliminary", _("preliminary")
    FINAL = "final", _("final")


class State(models.TextChoices):
    """Where a figure is on its way through the office; only approved ones count and show."""

    ENTERED = "entered", _("entered")
    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("returned")


def month_field() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        _("through month"),
        default=FULL_YEAR,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text=_("12 is the whole year; 9 is January to September (for a level: the end of September)."),
    )


def month_is_1_to_12(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(through_month__gte=1, through_month__lte=12),
        name=name,
        violation_error_message=_("The month must be from 1 to 12."),
    )


def value_unless_none(name: str) -> models.CheckConstraint:
    """A number is there exactly when the qualifier says there is one: missing is not zero."""
    return models.CheckConstraint(
        condition=Q(qualifier__in=VALUELESS, value__isnull=True)
        | (~Q(qualifier__in=VALUELESS) & Q(value__isnull=False)),
        name=name,
        violation_error_message=_("“Did not occur” and “not collected” have no value; everything else needs one."),
    )


class VersionQuerySet(models.QuerySet):
    """Published versions, and which of them is in force."""

    same_fact: tuple[str, ...]

    def published(self, as_of: date) -> "VersionQuerySet":
        """Every version that was public on `as_of`."""
        return self.filter(published_on__lte=as_of)

    def in_force(self, as_of: date) -> "VersionQuerySet":
        """One version per fact, by the order of section 1 of the method: exact before qualified, then the highest
        status, then the latest published, then the more reliable source, then the last by source code. `nil` and
        `uncollected` never are."""
        return self.published(as_of).exclude(qualifier__in=VALUELESS).placed().filter(place=1)

    def placed(self) -> "VersionQuerySet":
        """With `place`, 1 for the one of each fact that counts among these versions; one without a value comes last."""
        # The order of `precedence` in assessment/facts.py once more, for lists too long to be read row by row; random
        # versions in tests/queries/test_progress.py hold the two together.
        status_rank = Case(
            *(When(status=status, then=Value(rank)) for rank, status in enumerate(FigureStatus)),
            output_field=IntegerField(),
        )
        exact_first = Case(
            When(qualifier=Qualifier.EXACT, then=Value(0)), default=Value(1), output_field=IntegerField()
        )
        valued_first = Case(When(qualifier__in=VALUELESS, then=Value(1)), default=Value(0), output_field=IntegerField())
        reliability_rank = Case(
            *(When(source__reliability=mark, then=Value(rank)) for rank, mark in enumerate(Reliability)),
            default=Value(len(Reliability)),
            output_field=IntegerField(),
        )
        place = Window(
            RowNumber(),
            partition_by=[F(field) for field in self.same_fact],
            order_by=[
                valued_first,
                exact_first,
                status_rank.desc(),
                F("published_on").desc(),
                reliability_rank,
                ByteOrder("source__code").desc(),
            ],
        )
        return self.annotate(place=place)


class FigureQuerySet(VersionQuerySet):
    same_fact = ("indicator_id", "year", "through_month")

    def published(self, as_of: date) -> "FigureQuerySet":
        """Every version that was public on `as_of`; of a figure that was corrected, what stood there that day."""
        was_there = Q(corrected_on__isnull=True) | Q(corrected_on__lte=as_of)
        still_there = Q(replaced_on__isnull=True) | Q(replaced_on__gt=as_of)
        return self.filter(was_there, still_there, published_on__lte=as_of, state=State.APPROVED)

    def without_earlier(self) -> "FigureQuerySet":
        """The figures the office works on: without the earlier versions that are kept of corrected ones."""
        return self.filter(earlier_of__isnull=True)


def public_moments(history: models.QuerySet) -> models.QuerySet:
    """Of the history of figures what touched the public: not the drafts of a correction while the approved value stands."""
    return history.filter(earlier_of__isnull=True).exclude(Q(being_corrected=True) & ~Q(state=State.APPROVED))


class AggregateQuerySet(VersionQuerySet):
    same_fact = ("indicator_id", "first_year", "last_year", "measure")


class Figure(Recorded):
    """One published value of an indicator for one period."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="figures", verbose_name=_("indicator"))
    year = year_field(_("year"))
    through_month = month_field()
    value = models.DecimalField(_("value"), null=True, blank=True, **NUMBER)
    qualifier = models.CharField(_("qualifier"), max_length=11, choices=Qualifier, default=Qualifier.EXACT)
    status = models.CharField(_("status"), max_length=11, choices=FigureStatus)
    published_on = models.DateField(_("published on"))
    series_break = models.BooleanField(
        _("series break"), default=False, help_text=_("Not comparable with the figures before it.")
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="figures", verbose_name=_("source"))
    quote_vi = models.TextField(_("quote"), blank=True, help_text=_("The words of the source, copied exactly."))
    note = models.TextField(_("note"), blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.ENTERED)
    # A correction (indicators.workflow) takes nothing from the public before there is something better: what was
    # approved is kept as a row of its own, which stands until the corrected value is approved, and for the days before.
    being_corrected = models.BooleanField(
        _("being corrected, the approved value stands"), default=False, editable=False
    )
    corrected_on = models.DateField(_("corrected on"), null=True, editable=False)
    earlier_of = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="earlier", verbose_name=_("earlier version of")
    )
    replaced_on = models.DateField(_("replaced on"), null=True, editable=False)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["indicator", "year", "through_month", "published_on", "pk"]
        permissions = [("approve_figure", _("Can approve figures"))]
        constraints = [
            models.UniqueConstraint(
                fields=FIGURE_KEY,
                name="figure_key",
                condition=Q(earlier_of__isnull=True),
                violation_error_message=_(
                    "This figure exists already: same indicator, period, status, day of publication and source."
                ),
            ),
            years_in_range("figure_year_in_range", "year"),
            month_is_1_to_12("figure_month_1_to_12"),
            value_unless_none("figure_value_unless_none"),
            models.CheckConstraint(
                condition=Q(earlier_of__isnull=True, replaced_on__isnull=True)
                | Q(earlier_of__isnull=False, state="approved"),
                name="figure_earlier_version_is_approved",
                violation_error_message=_("Only an approved figure has earlier versions, and only those are replaced."),
            ),
        ]

    # A trigger and no CheckConstraint: on SQLite the year of a day is a function of Django's, which whoever else opens
    # the file, to check or to copy it, does not have.
    cross_rules = [
        CrossRule(
            name="figure_published_after_its_year_began",
            condition=Q(year__lte=F("published_on__year")),
            message=_(
                "It cannot have been published before its year began. Check the day of publication and the period."
            ),
            depends_on={},
        ),
    ]

    def clean(self) -> None:
        CrossRule.validate_all(self)

    def __str__(self) -> str:
        """The figure as pages and messages name it, its period in words and its value with the unit."""
        period = str(self.year)
        if not self.period.is_full_year:
            told = {"months": self.through_month, "year": self.year}
            period = gettext("%(months)d months of %(year)d") % told
        return f"{self.indicator}, {period}: {self._value_text()}"

    def _value_text(self) -> str:
        if self.value is None:
            return "-" if self.qualifier == Qualifier.NIL else "…"
        return with_unit(format_number(Decimal(self.value), active_language()), self.indicator.unit)

    @property
    def natural_key(self) -> tuple[Any, ...]:
        """The values of FIGURE_KEY; of indicator and source the primary key."""
        return _figure_key(self)

    @property
    def period(self) -> Period:
        return Period(self.year, self.through_month)


class Measure(models.TextChoices):
    AVERAGE = "average", _("average")
    TOTAL = "total", _("total")


class Aggregate(Recorded):
    """An average or total over several years as a source itself publishes it; never a yearly figure."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="aggregates", verbose_name=_("indicator"))
    first_year = year_field(_("first year"))
    last_year = year_field(_("last year"))
    measure = models.CharField(_("measure"), max_length=7, choices=Measure)
    value = models.DecimalField(_("value"), null=True, blank=True, **NUMBER)
    qualifier = models.CharField(_("qualifier"), max_length=11, choices=Qualifier, default=Qualifier.EXACT)
    status = models.CharField(_("status"), max_length=11, choices=FigureStatus)
    published_on = models.DateField(_("published on"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="aggregates", verbose_name=_("source"))
    quote_vi = models.TextField(_("quote"), blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = AggregateQuerySet.as_manager()

    class Meta:
        verbose_name = _("published average or total")
        verbose_name_plural = _("published averages and totals")
        ordering = ["indicator", "first_year", "last_year", "measure", "published_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=AGGREGATE_KEY,
                name="aggregate_key",
                violation_error_message=_(
                    "This value exists already: same indicator, years, measure, day of publication and source."
                ),
            ),
            years_in_range("aggregate_years_in_range", "first_year", "last_year"),
            models.CheckConstraint(
                condition=Q(first_year__lte=F("last_year")),
                name="aggregate_first_year_before_last",
                violation_error_message=_("The first year must not be after the last year."),
            ),
            value_unless_none("aggregate_value_unless_none"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.first_year}–{self.last_year}"


class ComparisonMeasure(models.TextChoices):
    PERCENT_OF_PLAN = "percent_of_plan", _("percent of plan")
    PERCENT_OF_ESTIMATE = "percent_of_estimate", _("percent of the budget estimate")
    YEAR_ON_YEAR = "year_on_year", _("change on the same period last year, %")
    EXCESS_OVER_TARGET = "excess_over_target", _("above the target by, %")
    POINTS_DIFFERENCE = "points_difference", _("difference in percentage points")


class Comparison(Recorded):
    """A percentage that a source prints beside a figure. It is shown, never computed with."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="comparisons", verbose_name=_("indicator"))
    year = year_field(_("year"))
    through_month = month_field()
    measure = models.CharField(_("measure"), max_length=19, choices=ComparisonMeasure)
    value = models.DecimalField(_("value"), **NUMBER)
    qualifier = models.CharField(_("qualifier"), max_length=11, choices=Qualifier, default=Qualifier.EXACT)
    source = models.ForeignKey(Source, models.PROTECT, related_name="comparisons", verbose_name=_("source"))
    quote_vi = models.TextField(_("quote"), blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = SourcedQuerySet.as_manager()

    class Meta:
        verbose_name = _("published comparison")
        verbose_name_plural = _("published comparisons")
        ordering = ["indicator", "year", "through_month", "measure", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=COMPARISON_KEY,
                name="comparison_key",
                violation_error_message=_("This comparison exists already."),
            ),
            years_in_range("comparison_year_in_range", "year"),
            month_is_1_to_12("comparison_month_1_to_12"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period.code}: {self.get_measure_display()}"

    @property
    def period(self) -> Period:
        return Period(self.year, self.through_month)
