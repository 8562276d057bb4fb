"""How the targets of a term stand, in counts that nobody can misread: what is known first, what is not known by name (§9)."""

from typing import NamedTuple, Protocol


class Count(Protocol):
    """The counted targets of a term: those with a result, those on the way, those without a verdict or not entered."""

    @property
    def met(self) -> int: ...
    @property
    def missed(self) -> int: ...
    @property
    def on_track(self) -> int: ...
    @property
    def in_danger(self) -> int: ...
    @property
    def open(self) -> int: ...
    @property
    def missing(self) -> int: ...
    @property
    def declared(self) -> int | None: ...
    @property
    def provisional(self) -> int: ...
    @property
    def nearly(self) -> int: ...


class CountPart(NamedTuple):
    """ "2", "có kết luận: 0 đạt và vượt, 2 không đạt"; whether it is known, not what is still to come."""

    number: str
    words: str
    is_known: bool


def count_parts(count: Count, language: str) -> list[CountPart]:
    """What is known of the targets and what is not, each with its number; nothing that is none."""
    vi, judged, running = language == "vi", count.met + count.missed, count.on_track + count.in_danger
    parts = []
    if judged:
        parts.append(CountPart(str(judged), _result(count, vi), True))
    if running:
        split = (f"{count.on_track} đúng tiến độ", f"{count.in_danger} cần quan tâm")
        if not vi:
            split = (f"{count.on_track} on track", f"{count.in_danger} in danger")
        parts.append(CountPart(str(running), f"{'đang thực hiện' if vi else 'on the way'}: {', '.join(split)}", True))
    if count.open:
        parts.append(CountPart(str(count.open), "chưa đủ số liệu" if vi else "without enough data", False))
    if count.missing:
        words = "chưa nhập vào hệ thống" if vi else "not entered yet"
        parts.append(CountPart(f"{count.missing}/{count.declared}", words, False))
    return parts


def _result(count: Count, vi: bool) -> str:
    provisional = f" ({count.provisional} {'tạm tính' if vi else 'provisional'})" if count.provisional else ""
    nearly = f" ({count.nearly} {'xấp xỉ' if vi else 'nearly'})" if count.nearly else ""
    if vi:
        return f"có kết luận: {count.met} đạt và vượt{provisional}, {count.missed} không đạt{nearly}"
    return f"with a result: {count.met} met or exceeded{provisional}, {count.missed} missed{nearly}"


def count_text(count: Count, language: str) -> str:
    """The parts as one line."""
    parts = count_parts(count, language)
    if not parts:
        return "chưa nhập chỉ tiêu nào" if language == "vi" else "no target entered yet"
    return " · ".join(f"{part.number} {part.words}" for part in parts)
