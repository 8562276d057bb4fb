"""Sectors, agencies, sources, terms and indicators."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, URLValidator, validate_slug
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from ..text.vietnamese import fold
from .base import Bilingual, Recorded, translated, year_field, years_in_range
from .cross_rules import CrossRule


class Searchable(models.QuerySet):
    """Records of a small catalogue, found by words with or without diacritics."""

    text_fields: tuple[str, ...] = ("code", "name_vi", "name_en")

    def matching(self, text: str) -> "Searchable":
        """The records in whose code or names every word of `text` occurs. Reads the whole catalogue once."""
        words = fold(text).split()
        rows = self.order_by().values_list("pk", *self.text_fields)
        folded = ((pk, fold(" ".join(texts))) for pk, *texts in rows)
        return self.filter(pk__in=[pk for pk, text in folded if all(word in text for word in words)])

    def beginning_first(self, text: str) -> "Searchable":
        """These records, those first whose code or a name begins with `text`. Reads them once."""
        typed = fold(text)
        rows = self.order_by().values_list("pk", *self.text_fields)
        first = [pk for pk, *texts in rows if any(fold(each).startswith(typed) for each in texts)]
        place = Case(When(pk__in=first, then=Value(0)), default=Value(1))
        return self.order_by(place, *(self.query.order_by or self.model._meta.ordering or ()))


class SearchableSources(Searchable):
    text_fields = ("code", "title_vi", "publisher", "number")


class TermQuerySet(Searchable):
    def with_targets(self) -> "TermQuerySet":
        """The terms that pages show: one without a target is still being entered."""
        return self.filter(targets__isnull=False).distinct()


def code_field() -> models.CharField:
    """A stable code that files, addresses and other systems hold on to."""
    return models.CharField(_("code"), max_length=80, unique=True, validators=[validate_slug])


def successors_of(record: "Agency | Indicator") -> list[Any]:
    """What came after `record`, one after the other, up to the last; a chain that leads back ends before it repeats."""
    chain: list[Any] = []
    passed, other = {record.pk}, record.successor
    while other is not None and other.pk not in passed:
        chain.append(other)
        passed.add(other.pk)
        other = other.successor
    return chain


def refuse_circle(record: "Agency | Indicator") -> None:
    """Raises ValidationError when the successors of `record` lead back into their chain."""
    last = (successors_of(record) or [record])[-1]
    if last.successor is not None:
        raise ValidationError({"successor": _("A chain of successors must end; this one leads back to its start.")})


class Sector(Bilingual, Recorded):
    """One of the groups of the official table (Kinh tế, Xã hội, …)."""

    code = code_field()
    order = models.PositiveSmallIntegerField(_("order"))

    objects = Searchable.as_manager()

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["order", "code"]


class Agency(Bilingual, Recorded):
    """A body that answers for indicators, with the dates it existed and the body that took over from it."""

    code = code_field()
    valid_from = models.DateField(
        _("valid from"), null=True, blank=True, help_text=_("Empty: since before the data begins.")
    )
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("Empty: the body still exists."))
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
        help_text=_("The body that took over its work, for example after the mergers of 01/03/2025."),
    )

    objects = Searchable.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                name="agency_valid_from_before_to",
                violation_error_message=_("The first day must not be after the last day."),
            ),
            models.CheckConstraint(
                condition=~Q(successor=F("id")) | Q(successor__isnull=True),
                name="agency_not_its_own_successor",
                violation_error_message=_("A body cannot succeed itself."),
            ),
        ]

    def clean(self) -> None:
        """Raises ValidationError when the successors lead back to this body."""
        refuse_circle(self)


class Reliability(models.TextChoices):
    OFFICIAL = "A", _("A: official")
    PRESS = "B", _("B: established press")
    WEAK = "C", _("C: weak")


class Source(Recorded):
    """A document or page that figures and targets were read from."""

    code = code_field()
    title_vi = models.CharField(_("title"), max_length=500)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    number = models.CharField(_("document number"), max_length=80, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    url = models.URLField(
        _("address"), max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    reliability = models.CharField(_("reliability"), max_length=1, choices=Reliability)
    note = models.TextField(_("note"), blank=True)

    objects = SearchableSources.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["pk"]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.title_vi, self.number, self.publisher) if part)


class Term(Bilingual, Recorded):
    """A term of the Party congress; people name it by its last year, the year of its targets."""

    code = code_field()
    first_year = year_field(_("first year"))
    last_year = year_field(_("last year"), unique=True)
    congress_vi = models.CharField(_("congress in Vietnamese"), max_length=300, blank=True)
    congress_en = models.CharField(_("congress in English"), max_length=300, blank=True)
    declared_targets = models.PositiveSmallIntegerField(
        _("declared targets"),
        null=True,
        blank=True,
        help_text=_("N in x/N: the number the congress documents announce. Empty: unknown."),
    )
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, verbose_name=_("source"))

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["first_year"]
        constraints = [
            years_in_range("term_years_in_range", "first_year", "last_year"),
            models.CheckConstraint(
                condition=Q(first_year__lte=F("last_year")),
                name="term_first_year_before_last",
                violation_error_message=_("The first year must not be after the last year."),
            ),
        ]

    @property
    def congress(self) -> str:
        return translated(self, "congress")


class Better(models.TextChoices):
    HIGHER = "higher", _("higher is better")
    LOWER = "lower", _("lower is better")
    BAND = "band", _("inside the range")
    NONE = "none", _("no direction: not judged")


class Kind(models.TextChoices):
    LEVEL = "level", _("level: position at the end of the month")
    FLOW = "flow", _("flow: accumulates from January")
    RATE = "rate", _("rate: change on the same period a year earlier")
    RANK = "rank", _("rank")


class Path(models.TextChoices):
    LINEAR = "linear", _("linear")
    COMPOUND = "compound", _("compound")


class Indicator(Bilingual, Recorded):
    """What is measured, in which unit, and which way is better. The measuring standard is part of it."""

    code = code_field()
    sector = models.ForeignKey(Sector, models.PROTECT, verbose_name=_("sector"))
    order = models.PositiveSmallIntegerField(_("order"), help_text=_("Order inside the sector."))
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("The indicator this one is a part of (“trong đó”). Parts go one level deep."),
    )
    unit_vi = models.CharField(_("unit in Vietnamese"), max_length=60)
    unit_en = models.CharField(_("unit in English"), max_length=60, blank=True)
    decimals = models.PositiveSmallIntegerField(
        _("decimals"), default=0, validators=[MaxValueValidator(4)], help_text=_("Digits shown after the comma.")
    )
    better = models.CharField(_("better"), max_length=6, choices=Better, default=Better.HIGHER)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.LEVEL)
    path = models.CharField(
        _("path"),
        max_length=8,
        choices=Path,
        default=Path.LINEAR,
        help_text=_("How a level moves between two dates; for a rate, how years are averaged."),
    )
    judged_by_parts = models.BooleanField(
        _("judged by its parts"), default=False, help_text=_("It has no number of its own; its parts decide.")
    )
    headline = models.BooleanField(_("headline"), default=False, help_text=_("Shown first, on a card."))
    definition_vi = models.TextField(_("definition in Vietnamese"), blank=True)
    definition_en = models.TextField(_("definition in English"), blank=True)
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("responsible agency"),
        related_name="indicators",
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("goes on as"),
        help_text=_("The indicator that measures the same by the standard that came after. It lends no numbers."),
    )

    objects = Searchable.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["sector__order", "sector__code", "order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="indicator_not_its_own_part",
                violation_error_message=_("An indicator cannot be a part of itself."),
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                name="indicator_not_its_own_successor",
                violation_error_message=_("An indicator cannot go on as itself."),
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=4),
                name="indicator_decimals_at_most_4",
                violation_error_message=_("At most four decimals are kept."),
            ),
        ]

    cross_rules = [
        CrossRule(
            name="indicator_part_has_no_parts",
            condition=Q(parent__isnull=True) | Q(parent__parent__isnull=True),
            message=_("A part has no parts: parts go one level deep."),
            depends_on={"indicators.Indicator": "parent"},
        ),
    ]

    def clean(self) -> None:
        CrossRule.validate_all(self)
        refuse_circle(self)

    @property
    def goes_on_as(self) -> "Indicator | None":
        """The indicator that lives: the last of those that took over the series; None where it ends with this one."""
        return (successors_of(self) or [None])[-1]

    @property
    def unit(self) -> str:
        return translated(self, "unit")

    @property
    def definition(self) -> str:
        return translated(self, "definition")
