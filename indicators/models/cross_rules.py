"""Rules over a record and what it points to, stated once as a Q and held in three places.

Forms and the data package ask `holds` in Python before anything is written; the database refuses by its own
CheckConstraints and, for rules that cross tables, by the triggers that `indicators.models.triggers` makes from `CrossRule`s.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_COMPARE = {
    "exact": lambda value, other: value == other,
    "lt": lambda value, other: value < other,
    "lte": lambda value, other: value <= other,
    "gt": lambda value, other: value > other,
    "gte": lambda value, other: value >= other,
    "in": lambda value, other: value in other,
}


# True, False or None (unknown), by SQL's three-valued logic.
Test = Callable[[Any], bool | None]


@dataclass(frozen=True)
class CrossRule:
    """A rule over a record and a related one. `depends_on` names, for each other model whose change can break it,
    the path from the record to it."""

    name: str
    condition: Q
    message: "StrOrPromise"
    depends_on: dict[str, str]

    @staticmethod
    def all() -> "list[tuple[type[models.Model], CrossRule]]":
        """Every rule with the model it belongs to."""
        models_of_app = apps.get_app_config("indicators").get_models()
        return [(model, rule) for model in models_of_app for rule in getattr(model, "cross_rules", [])]

    @staticmethod
    def validate_all(record: models.Model) -> None:
        """Raises ValidationError with every cross rule that `record` breaks, itself or by what rests on it."""
        broken = [rule.message for rule in _cross_rules(record) if not holds(rule.condition, record)]
        if record.pk:
            for model, rule, path in CrossRule.depending_on(record):
                dependents = model._base_manager.filter(**{path: record.pk})
                broken += [rule.message for dependent in dependents if not rule.holds_with(path, record, dependent)]
        if broken:
            raise ValidationError(list(dict.fromkeys(broken)))

    @staticmethod
    def depending_on(record: models.Model) -> "Iterator[tuple[type[models.Model], CrossRule, str]]":
        """The rules that a change of `record` can break for others: their model, the rule, the path to `record`."""
        for model, rule in CrossRule.all():
            if path := rule.depends_on.get(record._meta.label):
                yield model, rule, path

    def holds_with(self, path: str, record: models.Model, dependent: models.Model) -> bool:
        """Whether `dependent` satisfies the rule when `record`, as it is about to be saved, stands at its `path`."""
        # What is stored of `record` is the version before: the rule has to be asked of the one that is to come.
        setattr(dependent, path, record)
        return holds(self.condition, dependent)


def broken_rules(record: models.Model) -> list[tuple[Q, str]]:
    """Condition and message of each check constraint and cross rule that `record` breaks; asks no database."""
    return [(condition, str(message)) for condition, message, test in _rules(type(record)) if test(record) is False]


def _cross_rules(record: models.Model | type[models.Model]) -> list[CrossRule]:
    return getattr(record, "cross_rules", [])


@lru_cache
def _rules(model: type[models.Model]) -> list[tuple[Q, Any, Test]]:
    """Condition, message and test of each check constraint and cross rule of `model`."""
    checks = [rule for rule in model._meta.constraints if isinstance(rule, models.CheckConstraint)]
    rules = [(rule.condition, rule.violation_error_message) for rule in checks if isinstance(rule.condition, Q)]
    rules += [(rule.condition, rule.message) for rule in _cross_rules(model)]
    return [(condition, message, _test(condition)) for condition, message in rules]


def holds(condition: Q, record: models.Model) -> bool:
    """Whether `record` satisfies `condition` as a database constraint would: unknown (NULL) counts as satisfied."""
    return _test(condition)(record) is not False


def fields_of(condition: Q) -> list[str]:
    """The names of the record's own fields that `condition` looks at, in order, each once."""
    names: dict[str, None] = {}
    for child in _children(condition):
        names |= dict.fromkeys(fields_of(child) if isinstance(child, Q) else _fields_of_leaf(child))
    return list(names)


def _children(condition: Q) -> list[Any]:
    """The parts of a condition: conditions, or pairs of lookup and value."""
    return list(condition.children)


def _fields_of_leaf(child: tuple[str, Any]) -> list[str]:
    other = [_name(child[1])] if isinstance(child[1], F) else []
    return [path.split("__")[0] for path in (child[0], *other)]


def _test(condition: Q) -> Test:
    """What tells of a record whether it satisfies `condition`; made once for many records."""
    parts = [_test(child) if isinstance(child, Q) else _leaf(child) for child in _children(condition)]
    # One true part decides an OR, one false part an AND; where none decides, an unknown part makes the whole unknown.
    decisive, negated = condition.connector == Q.OR, condition.negated

    def truth(record: Any) -> bool | None:
        unknown = False
        for part in parts:
            answer = part(record)
            if answer is decisive:
                return decisive is not negated
            unknown = unknown or answer is None
        return None if unknown else decisive is negated

    return truth


def _leaf(child: tuple[str, Any]) -> Test:
    path, _, lookup = child[0].rpartition("__")
    if lookup not in _COMPARE and lookup != "isnull":
        path, lookup = child[0], "exact"
    names = path.split("__")
    if lookup == "isnull":
        return lambda record: (_reached(names, record) is None) is child[1]
    if isinstance(child[1], F):
        others = _name(child[1]).split("__")
        return lambda record: _compared(lookup, _value(names, record), _value(others, record))
    return lambda record: _compared(lookup, _value(names, record), child[1])


def _compared(lookup: str, value: Any, other: Any) -> bool | None:
    return None if value is None or other is None else bool(_COMPARE[lookup](value, other))


def _name(field: Any) -> str:
    """The field that an F() names."""
    return str(field.name)


def _value(names: list[str], record: Any) -> Any:
    """What a path of `names` leads to; a record itself stands for its primary key."""
    reached = _reached(names, record)
    return reached.pk if isinstance(reached, models.Model) else reached


def _reached(names: list[str], record: Any) -> Any:
    """What a path of `names` across relations leads to, None where it ends on the way or nothing is set yet."""
    for name in names:
        record = None if record is None else getattr(record, name, None)
    return record
