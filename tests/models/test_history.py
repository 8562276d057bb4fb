"""One public history: what it tells on which moment, and that the page, the file and the feed tell the same."""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as configured
from django.db import router, transaction
from django.db.models import Q
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.core import db_router
from indicators.dashboard.changes import changes
from indicators.dashboard.exports.changes import CHANGES_COLUMNS, change_rows, public_changes
from indicators.dashboard.report_selection import ReportSelection
from indicators.models import Figure, OfficialVerdict, State
from indicators.public.history import AGGREGATE, FIGURE, TARGET, VERDICT, ChangeKind, in_order, public_history
from indicators.queries.term_overview import Filter
from tests.factories import (
    make_figure,
    make_indicator,
    make_official_verdict,
    make_person,
    make_sector,
    make_target,
    make_term,
    new_official_verdict,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(moment):
    """It is that moment in Lạng Sơn: noon, where only a day is given."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return time_machine.travel(
        found.replace(tzinfo=HERE) + timedelta(hours=12 if len(str(moment)) == 10 else 0), tick=False
    )


def edit(record, moment, **fields):
    record.refresh_from_db()
    for name, value in fields.items():
        setattr(record, name, value)
    with at(moment):
        record.save()


def told(kind=FIGURE, as_of=TODAY, **asked):
    """The history in short: the moment in Lạng Sơn, what happened, the values before and after."""
    return [
        (
            f"{one.at.astimezone(HERE):%m-%d %H:%M}",
            one.what.value,
            *(one and float(one.value) for one in (one.before, one.after)),
        )
        for one in public_history(kind, as_of, **asked)
    ]


@pytest.fixture
def indicator():
    return make_indicator(code="growth", unit_vi="%")


def later(indicator, stored, day, **fields):
    """A figure that is approved before the day on which it is published."""
    with at(stored):
        return make_figure(indicator=indicator, year=2025, value="6.5", published_on=day, **fields)


# --- the moment


def test_what_is_published_later_is_told_at_the_beginning_of_its_day(indicator):
    later(indicator, "2026-11-01", "2026-11-10")
    assert told() == [("11-10 00:00", "published", None, 6.5)]
    assert told(as_of=date(2026, 11, 9)) == []


def test_what_is_stored_after_its_day_is_told_when_it_is_stored(indicator):
    later(indicator, "2026-11-10", "2026-11-10")
    assert told()[0][0] == "11-10 12:00"


def test_a_value_that_never_had_its_day_was_never_public(indicator):
    figure = later(indicator, "2026-11-01", "2026-11-10")
    edit(figure, "2026-11-05", value="6.7")
    assert told() == [("11-10 00:00", "published", None, 6.7)]


def test_what_is_put_off_leaves_and_comes_back_on_its_day(indicator):
    figure = later(indicator, "2026-11-01", "2026-11-01")
    edit(figure, "2026-11-05", published_on=date(2026, 11, 20))
    assert [one[:2] for one in told()] == [
        ("11-01 12:00", "published"),
        ("11-05 12:00", "withdrawn"),
        ("11-20 00:00", "back"),
    ]
    keys = [change.key for change in public_changes(ReportSelection(TODAY))]
    assert len(set(keys)) == 3


def test_a_version_of_midnight_follows_what_the_day_had_brought(indicator):
    figure = later(indicator, "2026-11-01", "2026-11-10")
    edit(figure, "2026-11-10T00:00", value="6.7")
    assert told() == [("11-10 00:00", "published", None, 6.5), ("11-10 00:00", "changed", 6.5, 6.7)]


def test_a_clock_that_was_put_back_turns_nothing_around(indicator):
    figure = later(indicator, "2026-11-10", "2026-11-01")
    edit(figure, "2026-11-09", value="6.7")
    edit(figure, "2026-11-09", state=State.RETURNED)
    assert [one[:2] for one in told()] == [("11-10 12:00", what) for what in ("published", "changed", "withdrawn")]


def test_that_a_target_is_replaced_shows_on_the_day_it_is(indicator):
    with at("2026-11-01"):
        target = make_target(indicator=indicator)
    edit(target, "2026-11-02", replaced_on=date(2026, 11, 20), low="8")
    early, late = list(public_history(TARGET, TODAY))[1:]
    assert (early.after.low, early.after.replaced_on) == (8, None)
    assert (late.at.astimezone(HERE).day, late.after.replaced_on) == (20, date(2026, 11, 20))
    assert len(list(public_history(TARGET, date(2026, 11, 19)))) == 2


def test_a_verdict_on_a_target_that_is_gone_is_told_to_its_end(indicator):
    with at("2026-11-01"):
        verdict = make_official_verdict(target=make_target(indicator=indicator))
    with at("2026-11-02"):
        verdict.delete()
        verdict.target.delete()
    for narrow in (None, Q(indicator=indicator.pk)):
        assert [one.what for one in public_history(VERDICT, TODAY, narrow=narrow)] == [
            ChangeKind.PUBLISHED,
            ChangeKind.REMOVED,
        ]


def test_a_verdict_is_not_known_before_its_target(indicator):
    with at("2026-11-01"):
        target = make_target(indicator=indicator, decided_on="2026-11-10")
        make_official_verdict(target=target, decided_on="2026-11-01")
    (one,) = public_history(VERDICT, TODAY)
    assert one.at.astimezone(HERE).day == 10


# --- a part of it


def test_a_figure_that_moves_to_another_indicator_leaves_one_and_arrives_at_the_other(indicator):
    figure, other = later(indicator, "2026-11-01", "2026-11-01"), make_indicator(code="other")
    edit(figure, "2026-11-05", indicator=other)
    assert told(narrow=Q(indicator=indicator.pk))[1:] == [("11-05 12:00", "left", 6.5, None)]
    assert told(narrow=Q(indicator=other.pk)) == [("11-05 12:00", "arrived", None, 6.5)]
    assert [(one.what, one.subject) for page in (indicator, other) for one in changes(page, TODAY)] == [
        (ChangeKind.LEFT, "Số liệu năm 2025"),
        (ChangeKind.ARRIVED, "Số liệu năm 2025"),
    ]


def test_a_figure_that_moves_to_another_year_leaves_the_file_of_the_term(indicator):
    figure = later(indicator, "2026-11-01", "2026-11-01")
    edit(figure, "2026-11-05", year=2026)
    terms = make_term(first_year=2021, last_year=2025), make_term(first_year=2026, last_year=2030)
    assert [[row[2] for row in change_rows(ReportSelection(TODAY, term))] for term in terms] == [
        ["published", "withdrawn"],
        ["published"],
    ]


def test_a_target_that_moves_to_another_sector_takes_its_verdict_along(indicator):
    with at("2026-11-01"):
        verdict = make_official_verdict(target=make_target(indicator=indicator))
    edit(verdict.target, "2026-11-05", indicator=make_indicator(sector=make_sector(code="society")))
    files = [
        [row[1:3] for row in change_rows(ReportSelection(TODAY, None, Filter(sector=one)))]
        for one in ("economy", "society")
    ]
    assert files == [
        [("target", "published"), ("target", "withdrawn")],
        [("verdict", "published"), ("target", "published")],
    ]


def test_what_came_before_a_moment_is_left_out_and_still_known(indicator):
    figure = later(indicator, "2026-11-01", "2026-11-01")
    edit(figure, "2026-11-03", state=State.RETURNED)
    edit(figure, "2026-11-05", state=State.APPROVED)
    since = datetime(2026, 11, 4, tzinfo=HERE)
    assert told(since=since) == [("11-05 12:00", "back", 6.5, 6.5)]


# --- the page, the file and the feed tell the same


@pytest.fixture
def story(indicator):
    """Approved, corrected, withdrawn and published again, published later, adopted and replaced, decided on."""
    with at("2026-10-01"):
        figure = make_figure(indicator=indicator, value="6.5")
        old = make_target(indicator=indicator, low="7")
    edit(figure, "2026-10-02", value="6.6", note="đính chính")
    edit(figure, "2026-10-03", state=State.RETURNED)
    edit(figure, "2026-10-05", state=State.APPROVED)
    delayed = later(indicator, "2026-10-06", "2026-10-20")
    edit(delayed, "2026-10-21", value="6.8")
    with at("2026-10-07"):
        new = make_target(indicator=indicator, low="8", decided_on="2026-10-25")
    edit(old, "2026-10-07", replaced_on=date(2026, 10, 25))
    verdict = new_official_verdict(target=new, decided_on="2026-10-26")
    verdict._history_user = make_person("chief")
    with at("2026-10-26"):
        verdict.save()
    with at("2026-10-27"):
        OfficialVerdict.objects.get().delete()
    return indicator


SAME = {ChangeKind.BACK: "published", ChangeKind.REMOVED: "withdrawn"}


def test_the_page_tells_what_the_file_tells_but_for_what_was_only_published(story):
    rows = [dict(zip(CHANGES_COLUMNS, row, strict=True)) for row in change_rows(ReportSelection(TODAY))]
    in_file = Counter(dict.fromkeys((row["changed_on"], row["record"], row["change"]) for row in rows))
    records = {"Số liệu": "figure", "Mục tiêu": "target", "Đánh giá": "verdict"}
    on_page = [
        (
            one.on,
            next(name for word, name in records.items() if one.subject.startswith(word)),
            SAME.get(one.what, one.what),
        )
        for one in reversed(changes(story, TODAY))
    ]
    first = {(date(2026, 10, 1), "figure"), (date(2026, 10, 1), "target"), (date(2026, 10, 20), "figure")}
    first.add((date(2026, 10, 25), "target"))
    assert on_page == [one for one in in_file if not (one[2] == "published" and one[:2] in first)]


def test_the_feed_tells_what_the_file_tells(story, client, public):
    with at("2026-11-22"):
        items = client.get("/api/v1/changes?since=2026-09-01&limit=1000").json()["items"]
        rows = [dict(zip(CHANGES_COLUMNS, row, strict=True)) for row in change_rows(ReportSelection(TODAY))]
    names = ("record", "change", "field", "period", "indicator")
    assert [[one[name] for name in names] for one in items] == [[row[name] for name in names] for row in rows]


def test_every_kind_of_record_is_in_the_one_history(story):
    kinds = (FIGURE, TARGET, AGGREGATE, VERDICT)
    moments = list(in_order(*(public_history(kind, TODAY) for kind in kinds)))
    assert [one.at for one in moments] == sorted(one.at for one in moments)
    assert {one.kind.name for one in moments} == {"figure", "target", "verdict"}


# --- who follows it loses nothing


@pytest.fixture
def standby(monkeypatch):
    """A replica that answers, and notes what was read from where."""
    monkeypatch.setitem(configured.DATABASES, "replica", configured.DATABASES["default"])
    monkeypatch.setattr(db_router, "_is_reachable", lambda: True)
    monkeypatch.setitem(db_router._pause, "until", 0.0)


def test_what_came_since_a_moment_is_never_asked_of_a_copy(client, public, standby, monkeypatch):
    asked = []
    monkeypatch.setattr(db_router, "read", lambda request, answer: asked.append(request.path) or answer())
    assert client.get("/api/v1/changes").status_code == client.get("/api/v1/figures").status_code == 200
    assert asked == ["/api/v1/figures"]
    assert router.db_for_read(Figure) == "default"


class Follower:
    """Asks from `next_since` to `next_since`, part by part, drops what it knows, and keeps the values that are public."""

    def __init__(self):
        self.client, self.since, self.known, self.values = Client(), "2026-10-31", set(), {}

    def ask(self):
        address, query = "/api/v1/changes", {"since": self.since, "limit": 2}
        while address:
            answer = self.client.get(address, query).json()
            for item in answer["items"]:
                if item["id"] not in self.known:
                    self.learn(item)
            self.known |= {item["id"] for item in answer["items"]}
            address, query = answer["next"], {}
        self.since = answer["next_since"]

    def learn(self, item):
        if item["change"] == "withdrawn":
            del self.values[item["record_id"]]
        elif item["field"] == "value":
            self.values[item["record_id"]] = float(item["after"])


def public_values(day):
    return {figure.pk: float(figure.value) for figure in Figure.objects.published(day)}


# What is done with which figure on which day of November, how many minutes before it shows, and the day it is published.
deeds = st.lists(
    st.tuples(
        st.integers(1, 4), st.integers(0, 1), st.sampled_from(["store", "value", "return", "approve", "day"]),
        st.integers(0, 59), st.integers(1, 6),
    ),
    min_size=1, max_size=10,
)  # fmt: skip


def do(deed, figures, indicator):
    """One deed, dated as many minutes before noon as its transaction takes."""
    day, which, what, minutes, number = deed
    figure, moment = figures.get(which), f"2026-11-{day:02}T{11 if minutes else 12}:{(60 - minutes) % 60:02}"
    published_on = date(2026, 11, number)
    if figure is None:
        figures[which] = later(indicator, moment, published_on, through_month=which + 1)
    elif what == "day":
        edit(figure, moment, published_on=published_on)
    elif what in ("value", "store"):
        edit(figure, moment, value=number)
    else:
        edit(figure, moment, state=State.RETURNED if what == "return" else State.APPROVED)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds)
def test_who_asks_every_day_knows_what_is_public_every_day(public, indicator, deeds):
    """The follower asks at noon; what is dated before noon shows only after it asked."""
    with transaction.atomic():
        follower, figures = Follower(), {}
        for day in range(1, 7):
            with at(f"2026-11-{day:02}T12:00"):
                follower.ask()
            for deed in deeds:
                if deed[0] == day:
                    do(deed, figures, indicator)
            with at(f"2026-11-{day:02}T12:01"):
                follower.ask()
                assert follower.values == public_values(date(2026, 11, day))
        transaction.set_rollback(True)
