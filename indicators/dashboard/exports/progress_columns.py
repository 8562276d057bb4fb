"""The columns of the progress report, once: progress.csv, progress_csv and /api/v1/progress are made from this list.

A new column is a line here and a line in the tables of docs/reports.md and docs/api.md, which tests hold against it.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from ...assessment import Reason, Status
from ...models import FigureStatus
from ...models.targets import Basis, Bound, Scope, TargetStatus, VerdictChoice
from ...queries.progress import ProgressRow, target_fact
from ...sentences import sentence
from ...text.periods import Period


class ProgressColumn(NamedTuple):
    """One column: its name, what it reads from a judged row, the type of that (`| None`: may be empty), and what it
    holds, as "English · tiếng Việt"."""

    name: str
    value: Callable[[ProgressRow], Any]
    type: Any
    text: str


def progress_values(rows: Iterable[ProgressRow]) -> Iterator[list[Any]]:
    """The values of each judged row, in the order of PROGRESS_COLUMNS."""
    for row in rows:
        yield [column.value(row) for column in PROGRESS_COLUMNS]


def _latest_period(row: ProgressRow) -> str | None:
    return Period(row.latest.year, row.latest.through_month).code if row.latest else None


def _baseline_period(row: ProgressRow) -> Period | None:
    """The baseline, where the judgement has one: levels and ranks by value."""
    target, indicator = row.target, row.target.indicator
    if indicator.judged_by_parts or indicator.kind not in ("level", "rank") or target.basis != Basis.VALUE:
        return None
    return target_fact(target).baseline


def _baseline_code(row: ProgressRow) -> str | None:
    period = _baseline_period(row)
    return period.code if period else None


def _baseline_value(row: ProgressRow) -> Decimal | None:
    period = _baseline_period(row)
    baseline = row.versions.figures.get(period) if period else None
    return baseline.value if baseline else None


PROGRESS_COLUMNS = tuple(
    ProgressColumn(*column)
    for column in (
        ("term", lambda row: row.target.term.code, str, "Code of the term · nhiệm kỳ"),
        ("scope", lambda row: row.target.scope, Scope, "term: target of the term; annual: plan of a year · phạm vi"),
        ("first_year", lambda row: row.target.first_year, int, "First year · năm đầu"),
        ("last_year", lambda row: row.target.last_year, int, "Last year · năm cuối"),
        ("indicator", lambda row: row.target.indicator.code, str, "Code of the indicator · chỉ tiêu"),
        ("name_vi", lambda row: row.target.indicator.name_vi, str, "Name of the indicator · tên chỉ tiêu"),
        ("sector", lambda row: row.target.indicator.sector.code, str, "Code of the sector · lĩnh vực"),
        ("unit_vi", lambda row: row.target.indicator.unit_vi, str, "Unit · đơn vị"),
        ("as_written_vi", lambda row: row.target.as_written_vi, str, "The words of the document · nguyên văn"),
        ("bound", lambda row: row.target.bound, Bound, "How low and high bind · loại giới hạn"),
        ("low", lambda row: row.target.low, Decimal | None, "Lower value · cận dưới"),
        ("high", lambda row: row.target.high, Decimal | None, "Upper value · cận trên"),
        ("basis", lambda row: row.target.basis, Basis, "Value of the last year, yearly average or total · cách tính"),
        ("target_status", lambda row: row.target.status, TargetStatus, "draft or adopted · trạng thái mục tiêu"),
        (
            "counted",
            lambda row: row.target.counted,
            bool,
            "Counts in x/N of its term · thuộc danh mục chỉ tiêu Đại hội",
        ),
        ("latest_period", _latest_period, str | None, "Latest period with a figure: 2020 or 2019-9M · kỳ mới nhất"),
        ("latest_value", lambda row: row.latest and row.latest.value, Decimal | None, "Its value · giá trị mới nhất"),
        (
            "latest_status",
            lambda row: row.latest and row.latest.status,
            FigureStatus | None,
            "How firm it is · ước / sơ bộ / chính thức",
        ),
        ("baseline_period", _baseline_code, str | None, "Period of the baseline · kỳ gốc"),
        ("baseline_value", _baseline_value, Decimal | None, "Its value · giá trị gốc"),
        (
            "measured_value",
            lambda row: row.verdict.measured_value,
            Decimal | None,
            "What is measured against the target · giá trị đánh giá",
        ),
        ("forecast", lambda row: row.verdict.forecast, Decimal | None, "Where the pace so far leads · dự báo theo đà"),
        (
            "pace_ratio",
            lambda row: row.verdict.pace_ratio,
            Decimal | None,
            "Pace so far over the pace of the plan · tỷ lệ tiến độ",
        ),
        (
            "needed_pace",
            lambda row: row.verdict.needed_pace,
            Decimal | None,
            "Pace a year that is still needed · mức cần đạt mỗi năm",
        ),
        (
            "acceleration",
            lambda row: row.verdict.acceleration,
            Decimal | None,
            "Needed pace over the pace so far · mức phải tăng tốc",
        ),
        ("status", lambda row: str(row.verdict.status), Status, "The computed verdict · đánh giá"),
        (
            "reason",
            lambda row: str(row.verdict.reason),
            Reason,
            "Why, where the verdict needs a reason; else empty · lý do",
        ),
        (
            "provisional",
            lambda row: row.verdict.provisional,
            bool,
            "Rests on an estimate or a preliminary figure · tạm tính",
        ),
        ("approximate", lambda row: row.verdict.approximate, bool, "Rests on a value that is not exact · khoảng"),
        ("nearly", lambda row: row.verdict.nearly, bool, "Missed by at most 2 % of the bound · xấp xỉ đạt"),
        (
            "official_status",
            lambda row: row.official and row.official.verdict,
            VerdictChoice | None,
            "The official verdict, which counts where there is one · kết luận",
        ),
        (
            "official_reason",
            lambda row: row.official and row.official.reason,
            str | None,
            "Its reason · lý do kết luận",
        ),
        ("source", lambda row: row.target.source.code, str, "Code of the target's source · nguồn của mục tiêu"),
        ("explanation_vi", lambda row: sentence(row, "vi"), str, "One sentence in Vietnamese · diễn giải"),
    )
)
