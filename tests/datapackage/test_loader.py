"""Loading a data package: what is created, updated, left alone and reported, and at what cost."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from indicators.datapackage import bulk_diff, loader
from indicators.datapackage.descriptor import descriptor
from indicators.datapackage.loader import load_package
from indicators.datapackage.reader import PackageInvalid
from indicators.models import Agency, Figure, Indicator, OfficialVerdict, Target
from indicators.public.schema import TABLES
from tests.factories import make_figure, new_figure, write_package

pytestmark = pytest.mark.django_db

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
LANGSON = FIXTURES / "langson"

# The columns of the data package as other systems hold on to them.
HEADERS = {
    "sectors.csv": "code,order,name_vi,name_en",
    "agencies.csv": "code,name_vi,name_en,valid_from,valid_to,successor",
    "terms.csv": "code,name_vi,name_en,first_year,last_year,congress_vi,congress_en,declared_targets,source",
    "sources.csv": "code,title_vi,publisher,number,issued_on,url,reliability,note",
    "indicators.csv": "code,sector,order,parent,name_vi,name_en,unit_vi,unit_en,decimals,better,kind,path,"
    "judged_by_parts,headline,definition_vi,definition_en,agency,successor",
    "targets.csv": "indicator,term,scope,first_year,last_year,baseline_year,bound,low,high,basis,status,counted,"
    "decided_on,replaced_on,as_written_vi,source,quote_vi,note",
    "figures.csv": "indicator,year,through_month,value,qualifier,status,published_on,series_break,source,quote_vi,note",
    "aggregates.csv": "indicator,first_year,last_year,measure,value,qualifier,status,published_on,source,quote_vi,note",
    "comparisons.csv": "indicator,year,through_month,measure,value,qualifier,source,quote_vi,note",
    "official_results.csv": "term,year,declared_targets,met_or_exceeded,source,quote_vi,note",
    "verdicts.csv": "indicator,term,scope,first_year,last_year,decided_on_target,verdict,reason,decided_on",
}


def rows_in(path):
    """The number of rows below the header."""
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def row_counts():
    """How many rows every table of the app has, those of the history included."""
    models = {table.model for table in TABLES}
    counts = {model.__name__: model._base_manager.count() for model in models}
    return counts | {f"history of {model.__name__}": model.history.count() for model in models}


def test_the_columns_are_the_promised_ones():
    assert {table.file_name: ",".join(table.column_names) for table in TABLES} == HEADERS


def package_folders():
    return [folder for folder in (LANGSON, FIXTURES / "mau") if folder.is_dir()]


@pytest.mark.parametrize("folder", package_folders(), ids=lambda folder: folder.name)
def test_every_row_of_our_own_data_is_loaded_with_its_history(folder):
    loaded = load_package(folder)
    for table in TABLES:
        path = folder / table.file_name
        expected = rows_in(path) if path.exists() else 0
        assert loaded.created[table.file_name] == table.model._base_manager.count() == expected
        assert table.model.history.count() == expected


@pytest.mark.parametrize("folder", package_folders(), ids=lambda folder: folder.name)
def test_loading_twice_changes_nothing(folder):
    load_package(folder)
    before = row_counts()
    again = load_package(folder)
    assert not any(again.created.values())
    assert not any(again.updated.values())
    assert row_counts() == before


def test_numbers_days_and_text_arrive_unchanged():
    load_package(LANGSON)
    figure = Figure.objects.get(indicator__code="grdp-growth", year=2020, status="estimate", through_month=12)
    assert figure.value == Decimal("2.03")
    assert figure.published_on.isoformat() == "2020-12-31"
    assert figure.quote_vi == "Tốc độ tăng trưởng tổng sản phẩm trên địa bàn (GRDP) ước đạt 2,03%"
    assert figure.state == "approved"


def test_relations_are_set_also_inside_a_table():
    load_package(LANGSON)
    part = Indicator.objects.get(code="grdp-growth-services")
    assert part.parent.code == "grdp-growth"
    assert Agency.objects.exclude(successor=None).exists()


def test_a_package_may_leave_out_the_descriptor_and_empty_files(tmp_path):
    write_package(tmp_path)
    (tmp_path / "verdicts.csv").unlink()
    (tmp_path / "comparisons.csv").unlink()
    loaded = load_package(tmp_path)
    assert loaded.created["figures.csv"] == 1
    assert loaded.created["verdicts.csv"] == 0


def test_a_byte_order_mark_and_windows_line_ends_are_understood(tmp_path):
    write_package(tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_package(tmp_path).created["figures.csv"] == 1


def test_text_is_kept_composed_and_without_hard_spaces(tmp_path):
    write_package(tmp_path, sources=[{"title_vi": " Ba\u0301o\u00a0cáo "}])
    load_package(tmp_path)
    assert Target.objects.get().source.title_vi == "Báo cáo"


def test_a_row_may_point_to_a_record_that_is_stored_already(tmp_path):
    load_package(write_package(tmp_path / "all"))
    later = tmp_path / "later"
    write_package(later, figures=[{"year": "2022"}])
    for path in later.iterdir():
        if path.name != "figures.csv":
            path.unlink()
    assert load_package(later).created["figures.csv"] == 1
    assert Figure.objects.count() == 2


def test_rows_may_stand_before_what_they_point_to_in_the_same_file(tmp_path):
    parts = [{"code": "part", "parent": "growth"}, {}]
    bodies = [{"code": "planning", "successor": "finance"}, {}]
    load_package(write_package(tmp_path, indicators=parts, agencies=bodies))
    assert Indicator.objects.get(code="part").parent.code == "growth"
    assert Agency.objects.get(code="planning").successor.code == "finance"


# --- updates


def test_a_known_key_with_other_content_is_updated_with_its_history_and_reported(tmp_path):
    load_package(write_package(tmp_path))
    loaded = load_package(write_package(tmp_path, figures=[{"value": "6.70", "note": "đính chính"}]))
    figure = Figure.objects.get()
    assert (figure.value, figure.note) == (Decimal("6.7"), "đính chính")
    assert [version.value for version in figure.history.all()] == [Decimal("6.7"), Decimal("6.67")]
    assert loaded.updated == {table.file_name: int(table.name == "figures") for table in TABLES}
    assert len(loaded.updates) == 1
    assert "figures.csv" in loaded.updates[0]
    assert "value, note" in loaded.updates[0]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("sectors", {"name_en": "Economy"}),
        ("agencies", {"valid_to": "2025-03-01"}),
        ("sources", {"url": "https://example.org/1"}),
        ("terms", {"declared_targets": "20"}),
        ("indicators", {"decimals": "1", "agency": ""}),
        ("targets", {"high": "8", "replaced_on": "2023-01-01"}),
        ("aggregates", {"status": "final"}),
        ("comparisons", {"quote_vi": "bằng 105,3%"}),
        ("official_results", {"met_or_exceeded": "19"}),
        ("verdicts", {"verdict": "missed", "reason": "Khác"}),
    ],
)
def test_every_table_is_updated_in_place(tmp_path, name, change):
    load_package(write_package(tmp_path))
    before = row_counts()
    loaded = load_package(write_package(tmp_path, **{name: [change]}))
    model = next(table.model for table in TABLES if table.name == name)
    assert loaded.updated[f"{name}.csv"] == 1
    assert row_counts() == before | {f"history of {model.__name__}": 2}
    assert all(loaded.unchanged[table.file_name] == 1 for table in TABLES if table.name != name)


def test_the_parent_of_an_indicator_can_be_changed(tmp_path):
    load_package(write_package(tmp_path, indicators=[{}, {"code": "part"}]))
    load_package(write_package(tmp_path, indicators=[{}, {"code": "part", "parent": "growth"}]))
    assert Indicator.objects.get(code="part").parent.code == "growth"


def test_another_version_of_a_figure_is_a_new_row(tmp_path):
    load_package(write_package(tmp_path))
    load_package(write_package(tmp_path, figures=[{}, {"status": "final", "value": "6.70"}]))
    assert sorted(Figure.objects.values_list("value", flat=True)) == [Decimal("6.67"), Decimal("6.70")]


def test_rows_that_are_not_in_the_package_stay(tmp_path):
    load_package(write_package(tmp_path, figures=[{}, {"year": "2020"}]))
    load_package(write_package(tmp_path, figures=[{"year": "2022"}]))
    assert sorted(Figure.objects.values_list("year", flat=True)) == [2020, 2021, 2022]


def test_a_figure_that_waited_for_approval_is_approved_by_the_package(tmp_path):
    load_package(write_package(tmp_path))
    Figure.objects.update(state="entered")
    assert load_package(write_package(tmp_path)).updated["figures.csv"] == 1
    assert Figure.objects.get().state == "approved"


def test_who_decided_a_verdict_is_not_lost_when_its_reason_is_updated(tmp_path):
    load_package(write_package(tmp_path))
    person = get_user_model().objects.create(username="lan")
    OfficialVerdict.objects.update(decided_by=person)
    load_package(write_package(tmp_path, verdicts=[{"reason": "Khác"}]))
    assert OfficialVerdict.objects.get().decided_by == person


def test_what_contradicts_stored_rows_only_in_the_database_is_a_problem_too(tmp_path):
    """Another term of the same last year: the key is another, the last year is taken."""
    load_package(write_package(tmp_path))
    before = row_counts()
    with pytest.raises(loader.PackageInvalid) as caught:
        load_package(write_package(tmp_path, terms=[{"code": "other"}], targets=[], verdicts=[], official_results=[]))
    assert [problem.file for problem in caught.value.problems] == ["terms.csv"]
    assert row_counts() == before


@pytest.mark.parametrize(
    ("name", "change"), [("figures", {"value": "6.70"}), ("sources", {"url": "https://example.org/1"})]
)
def test_what_is_saved_while_a_package_is_checked_is_not_overwritten(tmp_path, monkeypatch, name, change):
    load_package(write_package(tmp_path))
    model = next(table.model for table in TABLES if table.name == name)

    def saved_by_somebody(*checked):
        model.objects.get().save()

    monkeypatch.setattr(loader, "check_dependents", saved_by_somebody)
    with pytest.raises(loader.PackageInvalid) as caught:
        load_package(write_package(tmp_path, **{name: [change]}))
    assert [problem.file for problem in caught.value.problems] == [f"{name}.csv"]
    assert model.objects.get().history.count() == 2


def test_a_long_file_is_compared_in_parts_with_the_same_result(tmp_path, monkeypatch):
    codes = [{"code": f"growth-{number}"} for number in range(10)]
    figures = [{"indicator": code["code"], "year": str(year)} for year in range(2000, 2010) for code in codes]
    load_package(write_package(tmp_path, indicators=[{}, *codes], figures=[{}, *figures]))
    monkeypatch.setattr(bulk_diff, "GROUP", 10)
    figures[50] = figures[50] | {"value": "7.5"}
    loaded = load_package(write_package(tmp_path, indicators=[{}, *codes], figures=[{}, *figures, {"year": "1999"}]))
    assert (loaded.created["figures.csv"], loaded.updated["figures.csv"]) == (1, 1)
    assert loaded.unchanged["figures.csv"] == 100


def test_the_same_key_twice_is_found_however_far_apart_in_a_long_file(tmp_path, monkeypatch):
    monkeypatch.setattr(bulk_diff, "GROUP", 10)
    figures = [{"year": str(year)} for year in range(1970, 2020)]
    with pytest.raises(loader.PackageInvalid) as caught:
        load_package(write_package(tmp_path, figures=[*figures, {"year": "1971"}]))
    assert [(problem.line, "3" in problem.expected) for problem in caught.value.problems] == [(52, True)]


# --- dry run and command


def test_a_dry_run_writes_nothing_and_reports_the_same(tmp_path):
    load_package(write_package(tmp_path))
    before = row_counts()
    write_package(tmp_path, figures=[{"value": "6.70"}, {"year": "2022"}])
    tried = load_package(tmp_path, dry_run=True)
    assert row_counts() == before
    assert Figure.objects.get().value == Decimal("6.67")
    assert tried == load_package(tmp_path)


def test_the_command_counts_and_names_what_it_updated(tmp_path, capsys):
    load_package(write_package(tmp_path))
    write_package(tmp_path, figures=[{"value": "6.70"}, {"year": "2022"}])
    with override("en"):
        call_command("load_package", tmp_path)
    printed = capsys.readouterr().out
    assert "figures.csv: 1 new, 1 updated, 0 unchanged" in printed
    assert "updated: figures.csv: Tăng trưởng, 2021: 6.7% (value)" in printed


def test_the_command_says_that_a_dry_run_wrote_nothing(tmp_path, capsys):
    with override("en"):
        call_command("load_package", write_package(tmp_path), "--dry-run")
    assert "nothing was written" in capsys.readouterr().out
    assert not Figure.objects.exists()


def test_after_the_command_the_database_knows_how_much_there_is(tmp_path):
    call_command("load_package", write_package(tmp_path))
    statistics = {"sqlite": ("sqlite_stat1", "tbl"), "postgresql": ("pg_stats", "tablename")}
    table, column = statistics[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table} WHERE {column} = 'indicators_figure'")
        assert cursor.fetchone()[0] > 0


# --- cost


def many_figures(count):
    """Rows of one indicator, all different."""
    return [{"year": str(1900 + place // 12), "through_month": str(place % 12 + 1)} for place in range(count)]


def queries_of_loading(folder):
    with CaptureQueriesContext(connection) as queries:
        load_package(folder)
    return len(queries)


def test_figures_are_written_in_batches(tmp_path, monkeypatch):
    """A batch takes three queries, for its keys, its rows and their history; nothing else grows."""
    monkeypatch.setattr(bulk_diff, "BATCH", 50)
    load_package(write_package(tmp_path))
    costs = []
    for count in (300, 600, 900):
        Figure.objects.all().delete()
        costs.append(queries_of_loading(write_package(tmp_path, figures=many_figures(count))))
    assert costs[1] - costs[0] == costs[2] - costs[1] <= 3 * 300 / 50


def test_loading_again_takes_no_more_queries_for_more_figures(tmp_path):
    costs = []
    for count in (100, 400):
        load_package(write_package(tmp_path, figures=many_figures(count)))
        costs.append(queries_of_loading(tmp_path))
    assert costs[0] == costs[1]


def test_progress_is_told_batch_by_batch(tmp_path, monkeypatch):
    monkeypatch.setattr(bulk_diff, "BATCH", 100)
    told = []
    write_package(tmp_path, figures=many_figures(250))
    load_package(tmp_path, progress=lambda name, done, total: told.append((name, done, total)))
    assert [step for step in told if step[0] == "figures.csv"] == [
        ("figures.csv", 100, 250),
        ("figures.csv", 200, 250),
        ("figures.csv", 250, 250),
    ]


# --- the descriptor


def test_the_descriptor_names_every_file_column_and_key():
    described = {record["path"]: record["schema"] for record in descriptor()["resources"]}
    assert {path: ",".join(field["name"] for field in one["fields"]) for path, one in described.items()} == HEADERS
    assert described["verdicts.csv"]["primaryKey"][-1] == "decided_on_target"
    types = {field["name"]: field["type"] for field in described["figures.csv"]["fields"]}
    assert (types["value"], types["year"], types["published_on"], types["series_break"]) == (
        "number",
        "integer",
        "date",
        "boolean",
    )


def test_the_descriptor_relates_codes_to_their_files():
    indicators = next(record for record in descriptor()["resources"] if record["name"] == "indicators")
    keys = {key["fields"][0]: key["reference"]["resource"] for key in indicators["schema"]["foreignKeys"]}
    assert keys == {"sector": "sectors", "parent": "", "agency": "agencies", "successor": ""}
    assert json.loads(json.dumps(descriptor())) == descriptor()


def test_a_stored_figure_that_was_entered_by_hand_is_untouched_by_a_load(tmp_path):
    by_hand = make_figure()
    load_package(write_package(tmp_path))
    by_hand.refresh_from_db()
    assert by_hand.history.count() == 1
    assert by_hand.value == new_figure().value


def test_the_history_of_a_verdict_keeps_who_decided_it(tmp_path):
    load_package(write_package(tmp_path))
    person = get_user_model().objects.create(username="lan")
    OfficialVerdict.objects.update(decided_by=person)
    load_package(write_package(tmp_path, verdicts=[{"reason": "Khác"}]))
    assert OfficialVerdict.objects.get().history.first().decided_by == person


def test_updates_are_written_in_batches(tmp_path):
    costs = []
    for count in (100, 400):
        load_package(write_package(tmp_path, figures=many_figures(count)))
        write_package(tmp_path, figures=[row | {"note": str(count)} for row in many_figures(count)])
        with CaptureQueriesContext(connection) as queries:
            load_package(tmp_path)
        costs.append(len(queries))
    assert costs[1] < 2 * costs[0]


# --- the series that goes on


def test_a_package_without_a_successor_column_still_loads(tmp_path):
    write_package(tmp_path)
    path = tmp_path / "indicators.csv"
    lines = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    place = lines[0].index("successor")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([row[:place] + row[place + 1 :] for row in lines])
    load_package(tmp_path)
    assert set(Indicator.objects.values_list("successor", flat=True)) == {None}


def test_another_column_that_is_missing_is_told(tmp_path):
    write_package(tmp_path)
    path = tmp_path / "indicators.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("agency,successor", "successor", 1), encoding="utf-8")
    with pytest.raises(PackageInvalid) as caught:
        load_package(tmp_path)
    assert ("indicators.csv", 1) in {(problem.file, problem.line) for problem in caught.value.problems}


@pytest.mark.parametrize("chain", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "b", "b": "c", "c": "a"}])
def test_a_series_that_goes_on_in_a_circle_is_refused(tmp_path, chain):
    indicators = [{"code": code, "successor": other} for code, other in chain.items()]
    write_package(tmp_path, indicators=[{"successor": ""}, *indicators])
    with pytest.raises(PackageInvalid) as caught:
        load_package(tmp_path)
    assert {problem.column for problem in caught.value.problems} == {"successor"}


def test_a_series_may_go_on_as_one_further_down_the_file(tmp_path):
    write_package(tmp_path, indicators=[{"code": "growth", "successor": "newer"}, {"code": "newer", "successor": ""}])
    load_package(tmp_path)
    assert Indicator.objects.get(code="growth").goes_on_as.code == "newer"
