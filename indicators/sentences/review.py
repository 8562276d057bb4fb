"""The paragraph for a report: how the counted targets stand, with each one's number, ready to be copied."""

from collections.abc import Sequence
from typing import Protocol

from ..assessment import Status
from ..models.targets import Bound, TargetStatus
from ..queries.progress import ProgressRow
from ..text.numbers import format_number
from . import measured_period, sentence
from .formatting import EN_DASH, with_unit
from .sentence_builder import SentenceBuilder

_HEADINGS = {
    Status.EXCEEDED: ("Vượt mục tiêu", "Exceeded"),
    Status.ACHIEVED: ("Đạt", "Achieved"),
    Status.MISSED: ("Không đạt", "Missed"),
    Status.ON_TRACK: ("Đúng tiến độ", "On track"),
    Status.AT_RISK: ("Có nguy cơ không đạt", "At risk"),
    Status.OFF_TRACK: ("Chậm tiến độ", "Off track"),
    Status.MOVING_AWAY: ("Diễn biến ngược mục tiêu", "Moving away from the target"),
    Status.CANNOT_JUDGE: ("Chưa đánh giá được", "Cannot be judged yet"),
    Status.NO_DATA: ("Chưa có số liệu", "No data yet"),
}


class Count(Protocol):
    """How many targets there are and how many are met."""

    @property
    def met(self) -> int: ...
    @property
    def entered(self) -> int: ...
    @property
    def declared(self) -> int | None: ...
    @property
    def missing(self) -> int: ...
    @property
    def provisional(self) -> int: ...


def overall(term: str, rows: Sequence[ProgressRow], count: Count, language: str) -> str:
    """The first sentence of a review: how many targets of the term called `term` have a result, and how the rest stands."""
    statuses = [Status(row.counts_as) for row in rows]
    running = sum(not status.is_final and not status.is_refusal for status in statuses)
    unknown = sum(status.is_refusal for status in statuses)
    rest = [
        _say(language, f"; {number} {vi}", f"; {number} {en}")
        for number, vi, en in (
            (running, "đang thực hiện", "on the way"),
            (unknown, "chưa có số liệu hoặc chưa đánh giá được", "without data or a verdict"),
        )
        if number
    ]
    of = f"{count.entered}/{count.declared}" if count.missing else str(count.entered)
    return f"{term}: {_score(of, rows, count, bool(count.missing), language)}{''.join(rest)}."


def _score(of: str, rows: Sequence[ProgressRow], count: Count, partial: bool, language: str) -> str:
    """How many of `of` targets have a final result, and which; "0/20 met" is never said of what is not known (§9).

    `partial` says that the list is incomplete, so that nobody takes it for complete.
    """
    judged = sum(Status(row.counts_as).is_final for row in rows)
    missed, provisional = judged - count.met, _provisionally(count, language)
    entered = (" đã nhập", " entered") if partial else ("", "")
    targets = "target" if count.entered == 1 else "targets"
    if not judged:
        return _say(
            language,
            f"{of} chỉ tiêu{entered[0]}, chưa chỉ tiêu nào có kết quả cuối cùng",
            f"{of} {targets}{entered[1]}, none with a final result yet",
        )
    if judged == count.entered and not partial:
        return _say(
            language,
            f"có {count.met}/{of} chỉ tiêu đạt và vượt{provisional}",
            f"{count.met} of {of} {targets} met or exceeded{provisional}",
        )
    some = _say(language, f", {judged} có kết quả cuối cùng", f", {judged} with a final result")
    some = "" if judged == count.entered else some
    return _say(
        language,
        f"{of} chỉ tiêu{entered[0]}{some}: {count.met} đạt và vượt{provisional}, {missed} không đạt",
        f"{of} {targets}{entered[1]}{some}: {count.met} met or exceeded{provisional}, {missed} missed",
    )


def published(year: int | None, met: int, declared: int, source: str, language: str) -> str:
    """The province's own count beside ours: that of one `year`, or of the whole term."""
    return _say(
        language,
        f"Theo công bố của tỉnh về {f'năm {year}' if year else 'cả nhiệm kỳ'}: {met}/{declared} chỉ tiêu đạt và vượt"
        f" (nguồn: {source}).",
        f"As published by the province for {year or 'the whole term'}: {met} of {declared} targets met or exceeded"
        f" (source: {source}).",
    )


def of_sector(name: str, rows: Sequence[ProgressRow], count: Count, partial: bool, language: str) -> str:
    """The sentences on the counted targets of one sector: how many are met, then all of them by verdict.

    `partial` says that the list of the term is incomplete, so that nobody takes the sector's for complete.
    """
    subject = _say(language, f"Về {name[0].lower()}{name[1:]}: ", f"{name}: ")
    score = _score(str(count.entered), rows, count, partial, language)
    return " ".join([f"{subject}{score}.", *_by_verdict(rows, language)])


def _by_verdict(rows: Sequence[ProgressRow], language: str) -> list[str]:
    """One sentence for each verdict that occurs, with the targets that have it."""
    texts = []
    for status, heading in _HEADINGS.items():
        if items := [_item(row, status, language) for row in rows if row.counts_as == status]:
            texts.append(f"{_say(language, *heading)}: {'; '.join(items)}.")
    return texts


def _item(row: ProgressRow, status: Status, language: str) -> str:
    """A target as reports cite it: "GRDP bình quân đầu người 71,1/76–78 triệu đồng/người/năm"."""
    builder = SentenceBuilder(row, language)
    text = builder.name(row.target.indicator)
    if not status.is_refusal and row.verdict.measured_value is not None:
        text = f"{text} {with_unit(f'{builder.measured_number()}/{_goal(builder)}', builder.unit)}"
    notes = _notes(row, status, language)
    return f"{text} ({', '.join(notes)})" if notes else text


def _notes(row: ProgressRow, status: Status, language: str) -> list[str]:
    """What a number alone would hide: that it is not the last one, not settled, or not what decided."""
    draft = row.target.status == TargetStatus.DRAFT
    notes = [_say(language, "mục tiêu dự thảo", "draft target")] if draft else []
    if status.is_refusal:
        return notes
    if row.target.indicator.judged_by_parts and not row.official:
        own_sentence = sentence(row, language).removesuffix(".")
        notes.append(own_sentence[0].lower() + own_sentence[1:])
    if not status.is_final and row.verdict.measured_value is not None:
        notes.append(measured_period(row, language))
    if row.official:
        notes.append(_say(language, "đánh giá chính thức", "official verdict"))
    if row.verdict.nearly and not row.official:
        notes.append(_say(language, "xấp xỉ đạt", "nearly achieved"))
    if row.verdict.provisional:
        notes.append(_say(language, "tạm tính", "provisional"))
    return notes


def _goal(builder: SentenceBuilder) -> str:
    """The bound as the lower half of a fraction: "76–78", "dưới 3", "2.000"."""
    target = builder.target
    low, high = (None if edge is None else format_number(edge, builder.language) for edge in (target.low, target.high))
    words = {
        Bound.MORE_THAN: ("trên ", "over "),
        Bound.LESS_THAN: ("dưới ", "below "),
        Bound.ABOUT: ("khoảng ", "about "),
    }.get(Bound(target.bound), ("", ""))
    edges = dict.fromkeys(edge for edge in (low, high) if edge is not None)
    return builder.say(*words) + EN_DASH.join(edges)


def _provisionally(count: Count, language: str) -> str:
    if not count.provisional:
        return ""
    return _say(language, f", trong đó {count.provisional} tạm tính", f", {count.provisional} of them provisionally")


def _say(language: str, vietnamese: str, english: str) -> str:
    return vietnamese if language == "vi" else english
