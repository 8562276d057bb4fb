"""What was resolved, and what the province itself declares reached."""

from datetime import date
from decimal import Decimal
from operator import attrgetter

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .base import NUMBER, Recorded, SourcedQuerySet, year_field, years_in_range
from .catalogue import Indicator, Source, Term
from .cross_rules import CrossRule


class Scope(models.TextChoices):
    TERM = "term", _("target of the term")
    ANNUAL = "annual", _("plan of a year")


class Bound(models.TextChoices):
    AT_LEAST = "at_least", _("at least (≥)")
    MORE_THAN = "more_than", _("more than (>)")
    AT_MOST = "at_most", _("at most (≤)")
    LESS_THAN = "less_than", _("less than (<)")
    BETWEEN = "between", _("between two values")
    ABOUT = "about", _("about (±5 %)")
    PARTS = "parts", _("judged by its parts")


class Basis(models.TextChoices):
    VALUE = "value", _("value of the last year")
    AVERAGE = "average", _("average of the years")
    TOTAL = "total", _("total of the years")


class TargetStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    ADOPTED = "adopted", _("adopted")


FLOORS = (Bound.AT_LEAST, Bound.MORE_THAN)
CEILINGS = (Bound.AT_MOST, Bound.LESS_THAN)
RANGES = (Bound.BETWEEN, Bound.ABOUT)

# What makes two targets one.
TARGET_KEY = ("indicator", "term", "scope", "first_year", "last_year", "decided_on")


class TargetQuerySet(models.QuerySet):
    def current(self) -> "TargetQuerySet":
        """The targets the office works with: without what stood before a correction, and without what was taken back."""
        return self.filter(shown_until__isnull=True)

    def published(self, as_of: date) -> "TargetQuerySet":
        """The targets decided on or before `as_of`; of one that was corrected, what stood there that day."""
        was_there = Q(corrected_on__isnull=True) | Q(corrected_on__lte=as_of)
        still_there = Q(shown_until__isnull=True) | Q(shown_until__gt=as_of)
        return self.filter(was_there, still_there, decided_on__lte=as_of)

    def in_force(self, as_of: date) -> "TargetQuerySet":
        """The published targets that were not yet replaced on `as_of`."""
        return self.published(as_of).filter(Q(replaced_on__isnull=True) | Q(replaced_on__gt=as_of))

    def year_plans(self, as_of: date) -> "dict[tuple[int, int], Target]":
        """The plans of these targets in force on `as_of`, by indicator (primary key) and year; of several the firmest."""
        plans = self.in_force(as_of).filter(scope=Scope.ANNUAL).select_related("indicator")
        return {(plan.indicator_id, plan.last_year): plan for plan in sorted(plans, key=attrgetter("firmness"))}

    def with_everything(self) -> "TargetQuerySet":
        """The targets with all they name, in the order of the official tables."""
        return self.select_related("indicator__sector", "term", "source").order_by(
            "term__first_year",
            "indicator__sector__order",
            "indicator__sector__code",
            "indicator__order",
            "indicator__code",
            "-scope",  # term before annual
            "last_year",
            "first_year",
            "decided_on",
        )


class TargetColumns(models.Model):
    """What a document says of a target: of one that is public, and of one that is proposed."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="%(class)ss", verbose_name=_("indicator"))
    term = models.ForeignKey(Term, models.PROTECT, related_name="%(class)ss", verbose_name=_("term"))
    scope = models.CharField(_("scope"), max_length=6, choices=Scope, default=Scope.TERM)
    first_year = year_field(_("first year"))
    last_year = year_field(_("last year"))
    baseline_year = year_field(
        _("baseline year"), null=True, blank=True, help_text=_("Empty: the year before the first year.")
    )
    bound = models.CharField(_("bound"), max_length=9, choices=Bound)
    low = models.DecimalField(_("low"), null=True, blank=True, **NUMBER)
    high = models.DecimalField(_("high"), null=True, blank=True, **NUMBER)
    basis = models.CharField(_("basis"), max_length=7, choices=Basis, default=Basis.VALUE)
    status = models.CharField(
        pgettext_lazy("target", "status"), max_length=7, choices=TargetStatus, default=TargetStatus.ADOPTED
    )
    counted = models.BooleanField(_("counted"), default=False, help_text=_("Counts in x/N of its term."))
    decided_on = models.DateField(_("decided on"), help_text=_("The day from which it is known."))
    replaced_on = models.DateField(
        _("replaced on"), null=True, blank=True, help_text=_("The day from which another one took its place.")
    )
    as_written_vi = models.CharField(
        _("as written"), max_length=500, blank=True, help_text=_("The words of the document, for example “dưới 3%”.")
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="%(class)ss", verbose_name=_("source"))
    quote_vi = models.TextField(_("quote"), blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        abstract = True


class Target(TargetColumns, Recorded):
    """A target exactly as one document put it. The next version is another row; this one gets `replaced_on`."""

    # A typing error that was mended takes nothing from the past: what had been public is kept as a row of its own, which
    # is shown on the days before. What should never have been there is shown on the days before it was taken back.
    corrected_on = models.DateField(_("corrected on"), null=True, editable=False)
    earlier_of = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="earlier", verbose_name=_("earlier version of")
    )
    shown_until = models.DateField(_("shown until before"), null=True, editable=False)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["indicator", "last_year", "decided_on", "pk"]
        permissions = [("decide_verdict", _("Can decide the official verdict"))]
        constraints = [
            models.UniqueConstraint(
                fields=TARGET_KEY,
                name="target_key",
                condition=Q(shown_until__isnull=True),
                violation_error_message=_(
                    "This target exists already: same indicator, term, scope, years and day of decision."
                ),
            ),
            years_in_range("target_years_in_range", "first_year", "last_year", "baseline_year"),
            models.CheckConstraint(
                condition=Q(first_year__lte=F("last_year")),
                name="target_first_year_before_last",
                violation_error_message=_("The first year must not be after the last year."),
            ),
            models.CheckConstraint(
                condition=Q(baseline_year__isnull=True) | Q(baseline_year__lt=F("last_year")),
                name="target_baseline_before_last_year",
                violation_error_message=_("The baseline year must be before the last year."),
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="target_low_at_most_high",
                violation_error_message=_("The lower value must not be above the higher value."),
            ),
            models.CheckConstraint(
                condition=Q(bound__in=FLOORS, low__isnull=False, high__isnull=True)
                | Q(bound__in=CEILINGS, low__isnull=True, high__isnull=False)
                | Q(bound__in=RANGES, low__isnull=False, high__isnull=False)
                | Q(bound=Bound.PARTS, low__isnull=True, high__isnull=True),
                name="target_values_fit_bound",
                violation_error_message=_(
                    "“At least” and “more than” take only the lower value, “at most” and “less than” only the higher one,"
                    " “between” and “about” both, “judged by its parts” none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(replaced_on__isnull=True) | Q(replaced_on__gte=F("decided_on")),
                name="target_replaced_after_decided",
                violation_error_message=_("A target cannot be replaced before it was decided."),
            ),
            models.CheckConstraint(
                condition=Q(earlier_of__isnull=True) | Q(shown_until__isnull=False),
                name="target_earlier_version_has_ended",
                violation_error_message=_("An earlier version is shown until the day of its correction."),
            ),
        ]

    # What fits together, by section 1 of the method: these rules look at the indicator too.
    cross_rules = [
        CrossRule(
            name="target_bound_fits_direction",
            condition=Q(bound__in=FLOORS, indicator__better="higher")
            | Q(bound__in=CEILINGS, indicator__better="lower")
            | Q(bound__in=[*RANGES, Bound.PARTS]),
            message=_(
                "“At least” and “more than” need an indicator where higher is better, “at most” and “less than” lower."
            ),
            depends_on={"indicators.Indicator": "indicator"},
        ),
        CrossRule(
            name="target_basis_fits_kind",
            condition=Q(basis=Basis.VALUE, indicator__kind="level")
            | Q(basis=Basis.VALUE, indicator__kind="rank", bound__in=[Bound.AT_MOST, Bound.PARTS])
            | Q(basis=Basis.VALUE, indicator__kind__in=["flow", "rate"], first_year=F("last_year"))
            | Q(basis=Basis.VALUE, bound=Bound.PARTS)
            | Q(basis=Basis.AVERAGE, indicator__kind__in=["flow", "rate", "level"])
            | Q(basis=Basis.TOTAL, indicator__kind="flow"),
            message=_(
                "A total needs a flow; an average a flow, rate or level; a rank takes “at most” and the value of the last"
                " year; the value of a flow or rate is a target of one year."
            ),
            depends_on={"indicators.Indicator": "indicator"},
        ),
        CrossRule(
            name="target_counted_is_no_part",
            condition=Q(counted=False) | Q(indicator__parent__isnull=True),
            message=_("A part is shown under its indicator and never counts in x/N."),
            depends_on={"indicators.Indicator": "indicator"},
        ),
        CrossRule(
            name="target_parts_fit_indicator",
            condition=Q(bound=Bound.PARTS, indicator__judged_by_parts=True)
            | (~Q(bound=Bound.PARTS) & Q(indicator__judged_by_parts=False)),
            message=_("An indicator judged by its parts takes the bound “judged by its parts”, and no other does."),
            depends_on={"indicators.Indicator": "indicator"},
        ),
    ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.last_year}: {self.as_written_vi or self.get_bound_display()}"

    @property
    def firmness(self) -> tuple[bool, date]:
        """Sorts the targets of one frame: adopted after draft, then by the day of decision; the last one speaks."""
        return self.status == TargetStatus.ADOPTED, self.decided_on

    def is_in_force(self, as_of: date) -> bool:
        """What `in_force` of the queryset asks, of a target that was published that day and has been read."""
        return self.decided_on <= as_of and (self.replaced_on is None or self.replaced_on > as_of)

    @property
    def number(self) -> int:
        """The primary key that a target keeps through its corrections: what is decided and asked about it rests there."""
        return self.earlier_of_id or self.pk

    @property
    def main_edge(self) -> Decimal | None:
        """The number as written that has to be reached: of two the one on the side that is not better; the lower of a band."""
        first, second = self.low, self.high
        if self.indicator.better == "lower":
            first, second = second, first
        return second if first is None else first

    def edge(self, value: Decimal) -> Decimal | None:
        """The number as written that `value` is held against: of a band its nearer one, None inside it or without any."""
        if self.low is None or self.high is None or self.indicator.better in ("higher", "lower"):
            return self.main_edge
        if self.low <= value <= self.high:
            return self.low if self.low == self.high else None
        return self.low if value < self.low else self.high

    def clean(self) -> None:
        CrossRule.validate_all(self)


class OfficialResultQuerySet(SourcedQuerySet):
    """What the province declared of its targets."""

    def of_term(self, term: Term, as_of: date) -> "OfficialResultQuerySet":
        """What was known on `as_of` of the whole term and of its last year, with the sources."""
        whole_or_last = Q(year__isnull=True) | Q(year=term.last_year)
        return self.known_on(as_of).filter(whole_or_last, term=term).select_related("source")  # type: ignore[return-value]


class OfficialResult(Recorded):
    """The province's own count (18/20), for a term or for one year of it. Which targets were missed is not printed."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="official_results", verbose_name=_("term"))
    year = year_field(_("year"), null=True, blank=True, help_text=_("Empty: the whole term."))
    declared_targets = models.PositiveSmallIntegerField(_("declared targets"))
    met_or_exceeded = models.PositiveSmallIntegerField(_("met or exceeded"))
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("source"))
    quote_vi = models.TextField(_("quote"), blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = OfficialResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("official result")
        verbose_name_plural = _("official results")
        ordering = ["term", F("year").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "year"],
                name="official_result_key",
                violation_error_message=_("The result of this year exists already."),
            ),
            models.UniqueConstraint(
                fields=["term"],
                condition=Q(year__isnull=True),
                name="official_result_one_per_term",
                violation_error_message=_("The result of this term exists already."),
            ),
            years_in_range("official_result_year_in_range", "year"),
            models.CheckConstraint(
                condition=Q(met_or_exceeded__lte=F("declared_targets")),
                name="official_result_met_at_most_declared",
                violation_error_message=_("No more targets can be met than were declared."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year or self.term}: {self.met_or_exceeded}/{self.declared_targets}"


class VerdictChoice(models.TextChoices):
    EXCEEDED = "exceeded", _("exceeded")
    ACHIEVED = "achieved", _("achieved")
    MISSED = "missed", _("missed")


class OfficialVerdict(Recorded):
    """What a person with the right decided about a target. It stands beside the computed verdict, with its reason."""

    target = models.OneToOneField(Target, models.PROTECT, related_name="official_verdict", verbose_name=_("target"))
    verdict = models.CharField(_("verdict"), max_length=8, choices=VerdictChoice)
    reason = models.TextField(_("reason"))
    decided_on = models.DateField(_("decided on"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("decided by")
    )

    class Meta:
        verbose_name = _("official verdict")
        verbose_name_plural = _("official verdicts")
        ordering = ["target"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="official_verdict_has_reason",
                violation_error_message=_("An official verdict needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.get_verdict_display()}"
