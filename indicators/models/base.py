"""What all records share."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from ..core.language import active_language

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# 15 significant digits is what SQLite's numbers carry without loss, so both databases give back what was stored.
NUMBER: dict[str, Any] = {"max_digits": 15, "decimal_places": 4}


# A year outside of this is a slip of the finger; dates end at 9999.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


def year_field(label: "StrOrPromise", **options: Any) -> models.PositiveSmallIntegerField:
    """A calendar year. `years_in_range` holds the database to the same limits."""
    validators = [MinValueValidator(EARLIEST_YEAR), MaxValueValidator(LATEST_YEAR)]
    return models.PositiveSmallIntegerField(label, validators=validators, **options)


def years_in_range(name: str, *fields: str) -> models.CheckConstraint:
    """Each of `fields` is a year that can be meant, or empty."""
    condition = Q()
    for field in fields:
        within = Q(**{f"{field}__gte": EARLIEST_YEAR, f"{field}__lte": LATEST_YEAR})
        condition &= Q(**{f"{field}__isnull": True}) | within
    message = _("A year must be between 1900 and 2199.")
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=message)


def beginning(day: date) -> datetime:
    """Midnight in Lạng Sơn: what is public from `day` on is so from then on."""
    return timezone.make_aware(datetime.combine(day, time.min))


class UserNameField(models.CharField):
    """The user name of the person in another field as it was when the record was made; it survives a new name."""

    def __init__(self, *args: Any, person: str = "history_user", **options: Any) -> None:
        self.person = person
        # The database's own default, too: the release before knows nothing of the column.
        given: dict[str, Any] = {"max_length": 150, "blank": True, "editable": False, "default": "", "db_default": ""}
        super().__init__(*args, **given | options)

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        if add and (person := getattr(model_instance, self.person)):
            setattr(model_instance, self.attname, person.get_username())
        return super().pre_save(model_instance, add)


class NamedHistory(models.Model):
    """What every version of a record holds beside the record: the name of who made it."""

    history_user_name = UserNameField(_("by whom"))

    class Meta:
        abstract = True


class Conflict(Exception):
    """Somebody else saved the record in the meantime; saving would overwrite what they wrote."""


class Recorded(models.Model):
    """A record whose every change is kept: who, when, what, why; and which nobody overwrites unseen.

    `version` counts the saves. A record is saved only over the version it was read from.
    """

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    history = HistoricalRecords(inherit=True, bases=[NamedHistory])

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        """Store the record as the next version. Raises Conflict when the stored one is not the one that was read."""
        if self._state.adding:
            return super().save(**options)
        read = self.version
        try:
            with transaction.atomic(using=self._state.db):
                self._lock(read)
                self.version = read + 1
                if options.get("update_fields"):
                    options["update_fields"] = {*options["update_fields"], "version"}
                super().save(**options)
        except BaseException:
            self.version = read
            raise

    def _lock(self, read: int) -> None:
        """Hold the stored record until the transaction ends. Raises Conflict when it is not the version that was read."""
        rows = type(self)._base_manager.select_for_update().filter(pk=self.pk)
        stored = rows.values_list("version", flat=True).first()
        if stored is not None and stored != read:
            raise Conflict(self)


class SourcedQuerySet(models.QuerySet):
    """Records that are as old as their source."""

    def known_on(self, as_of: date) -> "SourcedQuerySet":
        """Those whose source was out on `as_of`; one without a date counts as always known."""
        return self.filter(Q(source__issued_on__isnull=True) | Q(source__issued_on__lte=as_of))


class Bilingual(models.Model):
    """A record with a name in both languages."""

    name_vi = models.CharField(_("name in Vietnamese"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language; the Vietnamese one where English is missing."""
        return translated(self, "name")


def translated(record: models.Model, attribute: str) -> str:
    """`attribute` of `record` in the active language, Vietnamese where the English text is empty."""
    vietnamese: str = getattr(record, f"{attribute}_vi")
    return vietnamese if active_language() == "vi" else getattr(record, f"{attribute}_en") or vietnamese


class ByteOrder(Func):
    """Text compared byte by byte, as Python does; PostgreSQL's own order depends on the server's locale."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)
