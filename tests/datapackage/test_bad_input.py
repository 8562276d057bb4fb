"""A data package that is not as it should be: every place is named, the exit code is 1, nothing is written."""

import json

import pytest
from django.core.management import call_command
from django.utils.translation import override

from indicators.datapackage.loader import load_package
from indicators.datapackage.reader import PackageInvalid
from indicators.models import Agency, Figure, Indicator
from indicators.public.schema import TABLES
from tests.factories import write_package

pytestmark = pytest.mark.django_db

FIGURE = "growth,2021,12,6.67,exact,reported,2022-01-10,false,report,,"


def stored():
    """Every row of every table and its history, as far as counting goes."""
    return [(table.name, table.model._base_manager.count(), table.model.history.count()) for table in TABLES]


def problems_of(folder):
    """What loading complains about; it must not have changed anything."""
    before = stored()
    with override("en"), pytest.raises(PackageInvalid) as caught:
        load_package(folder)
    assert stored() == before
    return caught.value.problems


def place(problem):
    return problem.file, problem.line, problem.column, problem.value


def edit(folder, name, old, new):
    """Replace text in a file of the package."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


def write_figures(folder, *lines):
    """A package whose figures.csv has these lines below its header."""
    write_package(folder, figures=[])
    with (folder / "figures.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("".join(f"{line}\n" for line in lines))
    return folder


# file, text to replace, replacement, then the place: line, column, value; and a word of what is expected
BAD_CELLS = {
    "a number with a decimal comma": ("figures.csv", ",6.67,", ',"1.234,5",', 2, "value", "1.234,5", "decimal point"),
    "a number with a grouping comma": ("figures.csv", ",6.67,", ',"1,234.5",', 2, "value", "1,234.5", "decimal point"),
    "a number with a power": ("figures.csv", ",6.67,", ",1e5,", 2, "value", "1e5", "decimal point"),
    "a number with a blank": ("figures.csv", ",6.67,", ", 6.67,", 2, "value", " 6.67", "decimal point"),
    "a number that is none": ("figures.csv", ",6.67,", ",NaN,", 2, "value", "NaN", "decimal point"),
    "digits of another script": ("figures.csv", ",6.67,", ",٣,", 2, "value", "٣", "decimal point"),
    "too many decimals": ("figures.csv", ",6.67,", ",6.66667,", 2, "value", "6.66667", "4 after it"),
    "too large a number": ("figures.csv", ",6.67,", ",100000000000,", 2, "value", "100000000000", "11 digits"),
    "a day that does not exist": ("figures.csv", "2022-01-10", "2020-02-31", 2, "published_on", "2020-02-31", "exists"),
    "a day the other way round": ("figures.csv", "2022-01-10", "10/01/2022", 2, "published_on", "10/01/2022", "2020-09-27"),
    "no day of publication": ("figures.csv", "2022-01-10", "", 2, "published_on", "", "a value"),
    "no day of decision": ("targets.csv", "2020-09-27", "", 2, "decided_on", "", "a value"),
    "month 13": ("figures.csv", ",12,", ",13,", 2, "through_month", "13", "12"),
    "month 0": ("figures.csv", ",12,", ",0,", 2, "through_month", "0", "1"),
    "a year of another age": ("figures.csv", ",2021,", ",20211,", 2, "year", "20211", "2199"),
    "a year with decimals": ("figures.csv", ",2021,", ",2021.0,", 2, "year", "2021.0", "whole number"),
    "a negative count": ("official_results.csv", ",20,", ",-20,", 2, "declared_targets", "-20", "whole number"),
    "an unknown status": ("figures.csv", "reported", "chính thức", 2, "status", "chính thức", "preliminary"),
    "an unknown bound": ("targets.csv", "between", ">=", 2, "bound", ">=", "at_least"),
    "yes for true": ("indicators.csv", "true", "yes", 2, "headline", "yes", "true or false"),
    "an unknown indicator": ("figures.csv", "growth", "GROWTH", 2, "indicator", "GROWTH", "indicators.csv"),
    "an unknown sector": ("indicators.csv", ",economy,", ",economics,", 2, "sector", "economics", "sectors.csv"),
    "an unknown successor": ("agencies.csv", ",,,,", ",,,,nobody", 2, "successor", "nobody", "agencies.csv"),
    "an unknown parent": ("indicators.csv", "economy,1,", "economy,1,nothing", 2, "parent", "nothing", "indicators.csv"),
    "a code with blanks": ("sectors.csv", "economy,", "kinh tế,", 2, "code", "kinh tế", "letters"),
    "no name": ("sectors.csv", "Kinh tế", "", 2, "name_vi", "", "a value"),
    "a script for an address": ("sources.csv", ",,,,A", ",,,javascript:alert(1),A", 2, "url", "javascript:alert(1)", "URL"),
    "a file for an address": ("sources.csv", ",,,,A", ",,,file:///etc/passwd,A", 2, "url", "file:///etc/passwd", "URL"),
    "text that is too long": ("sectors.csv", "Kinh tế", "x" * 301, 2, "name_vi", "x" * 80, "300"),
    "a null character": ("sources.csv", "Báo cáo", "Báo\0cáo", 2, "title_vi", "Báo\0cáo", "U+0000"),
    "a bell": ("sources.csv", "Báo cáo", "Báo\acáo", 2, "title_vi", "Báo\acáo", "U+0007"),
    "an old font": ("sources.csv", "Báo cáo", "S¶n l\u00adîng", 2, "title_vi", "S¶n l\u00adîng", "Sản lượng"),
    "a floor where lower is better": ("indicators.csv", "higher", "rank", 2, "better", "rank", "higher"),
    "a verdict without a reason": ("verdicts.csv", "Thông báo", "", 2, "reason", "", "a value"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_CELLS.values(), ids=BAD_CELLS)
def test_a_bad_cell_is_named_with_its_place_value_and_what_was_expected(tmp_path, case):
    name, old, new, line, column, value, expected = case
    edit(write_package(tmp_path), name, old, new)
    found = {place(problem): problem.expected for problem in problems_of(tmp_path)}
    assert expected in found[name, line, column, value]


def test_a_verdict_on_a_target_that_is_nowhere_is_named_by_its_key(tmp_path):
    edit(write_package(tmp_path), "verdicts.csv", "2020-09-27", "2020-09-28")
    (problem,) = problems_of(tmp_path)
    key = "indicator,term,scope,first_year,last_year,decided_on_target"
    assert place(problem) == ("verdicts.csv", 2, key, "growth,XVII,term,2021,2025,2020-09-28")
    assert "targets.csv" in problem.expected


# file, text to replace, replacement, then what of the row must be shown and a word of the rule
BROKEN_RULES = {
    "low above high": ("targets.csv", ",7,7.5,", ",7.5,7,", {"low=7.5", "high=7"}, "lower value"),
    "a range without its end": ("targets.csv", ",7,7.5,", ",7,,", {"bound=between", "high="}, "both"),
    "years in the wrong order": ("targets.csv", "2021,2025", "2026,2025", {"first_year=2026"}, "first year"),
    "replaced before decided": ("targets.csv", "-27,,", "-27,2020-01-01,", {"replaced_on=2020-01-01"}, "replaced"),
    "a value where nothing occurred": ("figures.csv", "exact", "nil", {"qualifier=nil", "value=6.67"}, "have no value"),
    "no value": ("figures.csv", "6.67", "", {"qualifier=exact", "value="}, "needs one"),
    "more met than declared": ("official_results.csv", ",18,", ",21,", {"met_or_exceeded=21"}, "declared"),
    "a body that ended before it began": (
        "agencies.csv",
        ",,,,",
        ",,2025-03-02,2025-03-01,",
        {"valid_to=2025-03-01"},
        "day",
    ),
    "a target that does not fit its kind": ("indicators.csv", "level", "rate", {"basis=value"}, "one year"),
}


@pytest.mark.parametrize("case", BROKEN_RULES.values(), ids=BROKEN_RULES)
def test_a_row_that_breaks_a_rule_is_named_with_the_cells_that_matter(tmp_path, case):
    name, old, new, cells, expected = case
    edit(write_package(tmp_path), name, old, new)
    (problem,) = (problem for problem in problems_of(tmp_path) if cells <= set(problem.value.split(", ")))
    assert problem.line == 2
    assert set(problem.column.split(",")) == {cell.split("=")[0] for cell in problem.value.split(", ")}
    assert expected in problem.expected


WRONG_HEADERS = [
    ("value,qualifier", "qualifier,value"),
    ("indicator,", ""),
    (",note", ""),
    (",note", ",note,more"),
    ("year", "Year"),
    (",", ";"),
]


@pytest.mark.parametrize(("old", "new"), WRONG_HEADERS)
def test_a_wrong_header_is_shown_beside_the_right_one(tmp_path, old, new):
    edit(write_package(tmp_path), "figures.csv", old, new)
    (problem,) = problems_of(tmp_path)
    assert (problem.file, problem.line) == ("figures.csv", 1)
    assert "indicator,year,through_month,value" in problem.expected
    assert new in problem.value


@pytest.mark.parametrize("line", [FIGURE + ",", FIGURE[:-1], "growth", ";".join(FIGURE.split(","))])
def test_a_row_with_the_wrong_number_of_cells_is_named(tmp_path, line):
    (problem,) = problems_of(write_figures(tmp_path, FIGURE, line))
    assert place(problem) == ("figures.csv", 3, "", line)
    assert "11 cells" in problem.expected


def test_bytes_that_are_not_utf_8_are_named_by_their_line(tmp_path):
    write_figures(tmp_path, FIGURE)
    with (tmp_path / "figures.csv").open("ab") as file:
        file.write("growth,2022,12,7,exact,reported,2023-01-10,false,report,ước đạt,\n".encode("cp1258", "replace"))
    (problem,) = problems_of(tmp_path)
    assert (problem.file, problem.line) == ("figures.csv", 3)
    assert "UTF-8" in problem.expected


def test_a_file_saved_as_utf_16_is_named(tmp_path):
    path = write_package(tmp_path) / "figures.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    assert [(problem.file, problem.line) for problem in problems_of(tmp_path)] == [("figures.csv", 1)]


def test_an_unclosed_quote_is_named(tmp_path):
    problems = problems_of(
        write_figures(tmp_path, FIGURE, 'growth,2022,12,7,exact,reported,2023-01-10,false,report,"ước')
    )
    assert [problem.file for problem in problems] == ["figures.csv"]
    assert problems[0].line >= 3
    assert "CSV" in problems[0].expected


def test_text_after_a_quote_is_named(tmp_path):
    (problem,) = problems_of(write_figures(tmp_path, FIGURE[:-1] + '"a"b,'))
    assert (problem.file, problem.line) == ("figures.csv", 2)


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    """A quote of three lines takes three lines."""
    long_quote = FIGURE[:-1] + '"một\nhai\nba",'
    (problem,) = problems_of(write_figures(tmp_path, long_quote, FIGURE.replace("6.67", "x")))
    assert place(problem) == ("figures.csv", 5, "value", "x")


# --- keys and parts


@pytest.mark.parametrize(("table", "column", "value"), [
    ("sectors", "code", "economy"),
    ("figures", "indicator,year,through_month,status,published_on,source", "growth,2021,12,reported,2022-01-10,report"),
    ("targets", "indicator,term,scope,first_year,last_year,decided_on", "growth,XVII,term,2021,2025,2020-09-27"),
    ("aggregates", "indicator,first_year,last_year,measure,published_on,source", "growth,2021,2022,average,2023-12-31,report"),
    ("comparisons", "indicator,year,through_month,measure,source,value", "growth,2021,12,percent_of_plan,report,105.3"),
    ("official_results", "term,year", "XVII,"),
    ("verdicts", "indicator,term,scope,first_year,last_year,decided_on_target", "growth,XVII,term,2021,2025,2020-09-27"),
])  # fmt: skip
def test_a_key_that_comes_twice_is_named_with_the_line_of_the_first(tmp_path, table, column, value):
    write_package(tmp_path, **{table: [{}, {}]})
    (problem,) = problems_of(tmp_path)
    assert place(problem) == (f"{table}.csv", 3, column, value)
    assert "line 2" in problem.expected


def test_parts_that_lead_in_a_circle_are_named_each(tmp_path):
    write_package(tmp_path, indicators=[{}, {"code": "a", "parent": "b"}, {"code": "b", "parent": "a"}])
    found = {place(problem): problem.expected for problem in problems_of(tmp_path)}
    assert "lead back" in found["indicators.csv", 3, "parent", "b"]
    assert "lead back" in found["indicators.csv", 4, "parent", "a"]


def test_an_indicator_that_is_its_own_part_is_named(tmp_path):
    write_package(tmp_path, indicators=[{}, {"code": "a", "parent": "a"}])
    assert ("indicators.csv", 3, "parent", "a") in map(place, problems_of(tmp_path))


def test_a_circle_with_what_is_stored_is_named(tmp_path):
    load_package(write_package(tmp_path, indicators=[{}, {"code": "a"}, {"code": "b", "parent": "a"}]))
    write_package(tmp_path, indicators=[{}, {"code": "a", "parent": "b"}])
    assert {(problem.file, problem.line) for problem in problems_of(tmp_path)} == {("indicators.csv", 3)}


def test_a_part_of_a_part_is_named(tmp_path):
    parts = [{}, {"code": "part", "parent": "growth"}]
    load_package(write_package(tmp_path, indicators=parts))
    write_package(tmp_path, indicators=[*parts, {"code": "particle", "parent": "part"}])
    (problem,) = problems_of(tmp_path)
    assert place(problem) == ("indicators.csv", 4, "parent", "parent=part")
    assert "one level" in problem.expected


def test_a_change_that_breaks_what_is_stored_is_refused(tmp_path):
    """The target is not in the package: only the database sees that it no longer fits."""
    load_package(write_package(tmp_path, targets=[{"bound": "at_least", "high": ""}], verdicts=[]))
    write_package(tmp_path, indicators=[{"better": "lower"}], targets=[], verdicts=[])
    assert {problem.file for problem in problems_of(tmp_path)} == {"indicators.csv"}
    assert Indicator.objects.get().better == "higher"


def test_two_changes_that_fit_only_together_are_told_with_file_line_and_column(tmp_path):
    load_package(write_package(tmp_path, targets=[{"bound": "at_least", "high": ""}], verdicts=[]))
    targets = [{"bound": "at_most", "low": "", "high": "7.5"}]
    write_package(tmp_path, indicators=[{"better": "lower"}], targets=targets, verdicts=[])
    (problem,) = problems_of(tmp_path)
    assert place(problem) == ("indicators.csv", 2, "better", "lower")
    assert "first load targets.csv alone" in problem.expected
    assert Indicator.objects.get().better == "higher"


# --- folders and the descriptor


@pytest.mark.parametrize("make", [lambda folder: folder.mkdir(), lambda folder: None, lambda folder: folder.touch()])
def test_a_folder_that_is_empty_or_missing_or_a_file_is_named(tmp_path, make):
    folder = tmp_path / "package"
    make(folder)
    (problem,) = problems_of(folder)
    assert problem.file == str(folder)
    assert "figures.csv" in problem.expected


def test_a_file_that_the_descriptor_names_must_be_there(tmp_path):
    write_package(tmp_path)
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [{"path": "figures.csv"}]}))
    assert load_package(tmp_path).created["figures.csv"] == 1
    (tmp_path / "figures.csv").unlink()
    (problem,) = problems_of(tmp_path)
    assert problem.file == "figures.csv"
    assert "descriptor" in problem.expected


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"resources": 3}', '{"resources": [{}]}', "\ud800"])
def test_a_descriptor_that_cannot_be_read_is_named(tmp_path, text):
    write_package(tmp_path)
    (tmp_path / "datapackage.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    (problem,) = problems_of(tmp_path)
    assert problem.file == "datapackage.json"
    assert "resources" in problem.expected


# --- the whole run


def with_many_problems(folder):
    """A package with problems in four files."""
    write_package(folder, figures=[{}, {"year": "2022", "value": "1.234,5"}, {"year": "2023", "source": "nowhere"}])
    edit(folder, "targets.csv", ",7,7.5,", ",7.5,7,")
    edit(folder, "official_results.csv", ",20,", ",hai mươi,")
    (folder / "aggregates.csv").write_bytes(b"\xff")
    return folder


def test_all_problems_are_reported_in_one_run(tmp_path):
    places = [place(problem) for problem in problems_of(with_many_problems(tmp_path))]
    assert ("aggregates.csv", 1, "", "ff") in places
    assert ("figures.csv", 3, "value", "1.234,5") in places
    assert ("figures.csv", 4, "source", "nowhere") in places
    assert ("official_results.csv", 2, "declared_targets", "hai mươi") in places
    assert ("targets.csv", 2, "low,high", "low=7.5, high=7") in places


def test_problems_are_sorted_by_place(tmp_path):
    places = [(problem.file, problem.line) for problem in problems_of(with_many_problems(tmp_path))]
    assert places == sorted(places)


def test_every_bad_cell_of_a_row_is_named(tmp_path):
    write_package(tmp_path, figures=[{"value": "x", "published_on": "y", "status": "z"}])
    assert [problem.column for problem in problems_of(tmp_path)] == ["value", "status", "published_on"]


def test_the_command_prints_every_place_and_ends_with_1(tmp_path, capsys):
    before = stored()
    with override("en"), pytest.raises(SystemExit) as ended:
        call_command("load_package", with_many_problems(tmp_path))
    printed = capsys.readouterr().err
    assert ended.value.code == 1
    for line in ("figures.csv:3 value «1.234,5»", "figures.csv:4 source «nowhere»", "targets.csv:2 low,high"):
        assert line in printed
    assert "nothing was written" in printed
    assert stored() == before


def test_a_stored_row_survives_a_bad_package(tmp_path):
    load_package(write_package(tmp_path))
    write_package(tmp_path, figures=[{"value": "9"}, {"year": "2022", "value": "x"}])
    assert [place(problem) for problem in problems_of(tmp_path)] == [("figures.csv", 3, "value", "x")]
    assert str(Figure.objects.get().value) == "6.6700"


def test_a_part_of_a_part_in_one_package_is_named(tmp_path):
    parts = [{}, {"code": "part", "parent": "growth"}, {"code": "particle", "parent": "part"}]
    (problem,) = problems_of(write_package(tmp_path, indicators=parts))
    assert place(problem) == ("indicators.csv", 4, "parent", "parent=part")


def test_bodies_that_succeed_each_other_across_two_loads_are_named(tmp_path):
    load_package(write_package(tmp_path, agencies=[{}, {"code": "a"}, {"code": "b", "successor": "a"}]))
    write_package(tmp_path, agencies=[{}, {"code": "a", "successor": "b"}])
    assert ("agencies.csv", 3, "successor", "b") in map(place, problems_of(tmp_path))
    assert Agency.objects.get(code="a").successor is None


def test_a_descriptor_whose_path_is_a_list_is_named(tmp_path):
    write_package(tmp_path)
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [{"path": ["figures.csv"]}]}))
    assert [problem.file for problem in problems_of(tmp_path)] == ["datapackage.json"]


def test_a_file_without_a_header_is_named(tmp_path):
    (write_package(tmp_path) / "figures.csv").write_bytes(b"")
    assert [(problem.file, problem.line) for problem in problems_of(tmp_path)] == [("figures.csv", 1)]


def test_every_unknown_code_of_a_row_is_named(tmp_path):
    write_package(tmp_path, figures=[{"indicator": "x", "source": "y"}])
    assert [problem.column for problem in problems_of(tmp_path)] == ["indicator", "source"]


def test_a_day_of_a_week_is_not_a_date(tmp_path):
    edit(write_package(tmp_path), "figures.csv", "2022-01-10", "2022-W01-1")
    assert [place(problem) for problem in problems_of(tmp_path)] == [("figures.csv", 2, "published_on", "2022-W01-1")]


def test_two_terms_of_one_last_year_are_named_by_their_line(tmp_path):
    (problem,) = problems_of(write_package(tmp_path, terms=[{}, {"code": "other"}]))
    assert (problem.file, problem.line, problem.column) == ("terms.csv", 3, "last_year")


def test_a_changed_row_that_no_longer_fits_what_is_stored_is_named_by_its_line(tmp_path):
    load_package(write_package(tmp_path, targets=[{"bound": "at_least", "high": ""}], verdicts=[]))
    write_package(tmp_path, indicators=[{"better": "lower"}], targets=[], verdicts=[])
    (problem,) = problems_of(tmp_path)
    assert (problem.file, problem.line) == ("indicators.csv", 2)


def test_a_bad_row_does_not_make_the_rows_that_name_it_bad(tmp_path):
    write_package(tmp_path, indicators=[{"decimals": "x"}])
    assert [place(problem) for problem in problems_of(tmp_path)] == [("indicators.csv", 2, "decimals", "x")]


def test_years_in_the_wrong_order_show_both_years(tmp_path):
    (problem,) = problems_of(write_package(tmp_path, aggregates=[{"first_year": "2026"}]))
    assert problem.value == "first_year=2026, last_year=2022"
