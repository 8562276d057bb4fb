"""A pasted list of targets: its lines in names and phrases, and the indicators that a name most likely means."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..models import Indicator
from ..text.bound_words import UnitError, read_bound, split_line, unit_factor
from ..text.numbers import with_unit
from ..text.vietnamese import fold, tidy

LONGEST_LIST = 100  # lines; a term has 34 targets
SUGGESTIONS = 5
# How alike two names have to be, from 0 to 1, and how much more than the next one, to be taken without asking.
SURE, APART = 0.7, 0.15

_ORDINAL = re.compile(r"\s*(?:[-–+•*]|\(?(?:\d{1,2}|[ivxIVX]{1,5}|[a-zđ])[.)])\s+")
_ORDINAL_CELL = re.compile(r"[-–+•*]|\(?(?:\d{1,3}|[ivxIVX]{1,5}|[a-zđ])[.)]?")


class TargetLine(NamedTuple):
    """One line of a list: as pasted, the name in it, and the words of the target, "" where none can be read."""

    text: str
    name: str
    words: str


def target_lines(pasted: str) -> list[TargetLine]:
    """The lines of a list or a table, without their ordinals; a quoted cell of a table may go over several lines."""
    if "\t" in pasted:
        rows = csv.reader(pasted.splitlines(keepends=True), delimiter="\t")
        lines = [_table_line([" ".join(tidy(cell).split()) for cell in row]) for row in rows]
    else:
        lines = [_text_line(" ".join(tidy(line).split())) for line in pasted.splitlines()]
    return [line for line in lines if line.name][:LONGEST_LIST]


def _text_line(text: str) -> TargetLine:
    name, words = split_line(_ORDINAL.sub("", text + " ", count=1))
    return TargetLine(text, name, words)


def _table_line(cells: Sequence[str]) -> TargetLine:
    """A row: the name is its first cell but for the ordinal, the words the one cell after it that states a bound."""
    filled = [cell for cell in cells if cell]
    text = " | ".join(filled)
    if len(filled) > 1 and _ORDINAL_CELL.fullmatch(filled[0]):
        filled = filled[1:]
    if len(filled) < 2:
        return _text_line(filled[0]) if filled else TargetLine("", "", "")
    name, *others = filled
    bounds = [cell for cell in others if _is_bound(cell)]
    units = [cell for cell in others if not any(sign.isdigit() for sign in cell)]
    # Of two numbers nobody knows which is the target: they are asked about, not chosen.
    words = bounds[0] if len(bounds) == 1 else ""
    if words and units and not read_bound(words).unit:
        words = with_unit(words, units[0])
    return TargetLine(text, name, words)


def _is_bound(cell: str) -> bool:
    try:
        read_bound(cell)
    except ValueError:
        return False
    return True


class Suggestion(NamedTuple):
    """The indicators that a line may mean, the likeliest first, and whether the first one is sure."""

    indicators: list[Indicator]
    is_sure: bool


def suggest(line: TargetLine, indicators: Iterable[Indicator]) -> Suggestion:
    """Which of `indicators` the line is about, by code or name; one whose unit the words contradict comes last."""
    typed = fold(line.name)
    ranked = sorted(((_likeness(typed, line.words, each), each) for each in indicators), key=lambda pair: -pair[0])
    best = ranked[:SUGGESTIONS]
    if not best:
        return Suggestion([], is_sure=False)
    next_best = best[1][0] if len(best) > 1 else 0.0
    is_sure = best[0][0] >= SURE and best[0][0] - next_best >= APART
    return Suggestion([indicator for likeness, indicator in best if likeness > 0], is_sure)


def _likeness(typed: str, words: str, indicator: Indicator) -> float:
    """From 0 to 2: 2 for the same code or name, more than 1 for a name that begins alike, else by shared words."""
    likeness = 0.0
    for name in (indicator.name_vi, indicator.name_en):
        known = fold(name)
        if not known:
            continue
        if typed in (known, fold(indicator.code)):
            likeness = 2.0
        elif known.startswith(typed) or typed.startswith(known):
            likeness = max(likeness, 1 + _shared(typed, known))
        else:
            likeness = max(likeness, _shared(typed, known))
    return likeness if likeness == 2 or _unit_fits(words, indicator.unit_vi) else likeness / 4


def _shared(first: str, second: str) -> float:
    """The share of the words of both texts that they have in common; half of it where they name different numbers: another
    standard, another period is another indicator."""
    own, other = set(_words(first)), set(_words(second))
    if not own or not other:
        return 0.0
    numbers, other_numbers = ({word for word in words if word.isdigit()} for words in (own, other))
    share = 2 * len(own & other) / (len(own) + len(other))
    return share / 2 if numbers and other_numbers and numbers != other_numbers else share


def _words(text: str) -> Iterator[str]:
    return (match[0] for match in re.finditer(r"\w+", text))


def _unit_fits(words: str, unit: str) -> bool:
    if not words:
        return True
    try:
        written = read_bound(words).unit
        unit_factor(written, unit)
    except UnitError:
        return False
    except ValueError:
        return True
    return True
