"""Rules over a record and what it points to, stated once as a Q and held in three places.

Forms and the data package ask `holds` in Python before anything is written; the database refuses by its own
CheckConstraints and, for rules that cross tables, by the triggers that `indicators.triggers` makes from `CrossRule`s.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

_COMPARE = {
    "exact": lambda value, other: value == other,
    "lt": lambda value, other: value < other,
    "lte": lambda value, other: value <= other,
    "gt": lambda value, other: value > other,
    "gte": lambda value, other: value >= other,
    "in": lambda value, other: value in other,
}


@dataclass(frozen=True)
class CrossRule:
    """A rule over a record and a related one. `depends_on` names, for each other model whose change can break it,
    the path from the record to it."""

    name: str
    condition: Q
    message: str
    depends_on: dict[str, str]

    @staticmethod
    def all() -> "list[tuple[type[models.Model], CrossRule]]":
        """Every rule with the model it belongs to."""
        models_of_app = apps.get_app_config("indicators").get_models()
        return [(model, rule) for model in models_of_app for rule in getattr(model, "cross_rules", [])]

    @staticmethod
    def validate_all(record: models.Model) -> None:
        """Raises ValidationError with every cross rule that `record` breaks, itself or by what rests on it."""
        broken = [rule.message for rule in getattr(record, "cross_rules", []) if not holds(rule.condition, record)]
        for model, rule in CrossRule.all():
            path = rule.depends_on.get(record._meta.label)
            if (
                path
                and record.pk
                and any(not rule.holds_with(path, record, other) for other in _resting_on(record, model, path))
            ):
                broken.append(rule.message)
        if broken:
            raise ValidationError(list(dict.fromkeys(broken)))

    def holds_with(self, path: str, record: models.Model, dependent: models.Model) -> bool:
        """Whether `dependent` satisfies the rule when `record`, as it is about to be saved, stands at its `path`."""
        setattr(dependent, path, record)
        return holds(self.condition, dependent)


def broken_rules(record: models.Model) -> "list[tuple[Q, str]]":
    """Condition and message of each check constraint and cross rule that `record` breaks; asks no database."""
    checks = [(rule.condition, rule.violation_error_message) for rule in _check_constraints(type(record))]
    checks += [(rule.condition, rule.message) for rule in getattr(record, "cross_rules", [])]
    return [(condition, message) for condition, message in checks if not holds(condition, record)]


def _resting_on(record: models.Model, model: type[models.Model], path: str) -> models.QuerySet:
    return model._base_manager.filter(**{path: record.pk})


@lru_cache
def _check_constraints(model: type[models.Model]) -> tuple[models.CheckConstraint, ...]:
    return tuple(rule for rule in model._meta.constraints if isinstance(rule, models.CheckConstraint))


def holds(condition: Q, record: models.Model) -> bool:
    """Whether `record` satisfies `condition` as a database constraint would: unknown (NULL) counts as satisfied."""
    return _truth(condition, record) is not False


def fields_of(condition: Q) -> list[str]:
    """The names of the record's own fields that `condition` looks at, in order, each once."""
    names: dict[str, None] = {}
    for child in condition.children:
        found = fields_of(child) if isinstance(child, Q) else [child[0].split("__")[0]]
        names |= dict.fromkeys(found)
    return list(names)


def _truth(condition: Q, record: models.Model) -> bool | None:
    """True, False or None (unknown), by SQL's three-valued logic."""
    parts = [_truth(child, record) if isinstance(child, Q) else _leaf(child, record) for child in condition.children]
    decisive = condition.connector == Q.OR
    result = decisive if decisive in parts else (None if None in parts else not decisive)
    return (not result if result is not None else None) if condition.negated else result


def _leaf(child: tuple[str, Any], record: models.Model) -> bool | None:
    path, _, lookup = child[0].rpartition("__")
    if lookup not in _COMPARE and lookup != "isnull":
        path, lookup = child[0], "exact"
    value = _value(path, record)
    if lookup == "isnull":
        return (value is None) == child[1]
    other = _value(child[1].name, record) if isinstance(child[1], F) else child[1]
    return None if value is None or other is None else bool(_COMPARE[lookup](value, other))


def _value(path: str, record: Any) -> Any:
    """What `path` (with __ across relations) leads to; a record itself stands for its primary key."""
    for name in path.split("__"):
        record = None if record is None else getattr(record, name)
    return record.pk if isinstance(record, models.Model) else record
