"""Imports run one way, the judgement is pure, and the codes it uses are the ones that are stored."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from indicators import assessment, models
from indicators.assessment import Reason, Status, Verdict
from indicators.assessment.facts import PROVISIONAL, STATUS_RANK
from indicators.models.catalogue import Better, Kind
from indicators.models.catalogue import Path as PathOfLevel
from indicators.models.figures import FigureStatus, Measure, Qualifier
from indicators.models.targets import Basis, Bound, VerdictChoice

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "indicators"
PURE = ["indicators.text.periods", "indicators.text.numbers", "indicators.assessment"]


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def modules_loaded_by(module):
    """Every module that a fresh interpreter holds once `module` is imported, and did not hold before."""
    script = f"import sys; before = set(sys.modules); import {module}; print(*sorted(set(sys.modules) - before))"
    result = run(sys.executable, "-c", script)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


def test_imports_run_one_way():
    result = run(Path(sys.executable).with_name("lint-imports"), "--no-cache")
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("module", PURE)
def test_judging_and_reading_numbers_needs_no_django(module):
    assert [name for name in modules_loaded_by(module) if name.split(".")[0] in ("django", "plotly")] == []


def test_the_judgement_knows_nothing_of_ours_but_periods():
    ours = {name for name in modules_loaded_by("indicators.assessment") if name.startswith("indicators.")}
    others = {name for name in ours if not name.startswith("indicators.assessment")}
    assert others == {"indicators.text", "indicators.text.periods"}


@pytest.mark.parametrize("module", ["indicators.text.periods", "indicators.text.numbers"])
def test_periods_and_numerals_know_nothing_of_ours(module):
    ours = {name for name in modules_loaded_by(module) if name.startswith("indicators.")}
    assert ours - {"indicators.text"} == {module}


def sources_of_the_judgement():
    return [ast.parse(path.read_text(encoding="utf-8")) for path in (APP / "assessment").glob("*.py")]


def test_the_judgement_has_no_clock_and_no_floats():
    for tree in sources_of_the_judgement():
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.Attribute) and node.attr in ("today", "now", "time"))
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
            assert not (isinstance(node, ast.Name) and node.id == "float")


def codes_compared(tree):
    """The texts that stand in a comparison, or in a tuple or set compared with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for child in ast.walk(node):
                if isinstance(child, ast.Constant) and isinstance(child.value, str):
                    yield child.value


def test_the_judgement_compares_only_with_codes_that_are_stored():
    stored = {code for choices in (Better, Kind, PathOfLevel, Basis, Bound, Qualifier) for code in choices.values}
    compared = {code for tree in sources_of_the_judgement() for code in codes_compared(tree)}
    assert compared - stored == set()
    assert {"level", "rank", "flow", "rate", "about", "band", "compound", "average", "total"} <= compared


def test_figures_are_ranked_from_estimate_to_final():
    assert sorted(STATUS_RANK, key=STATUS_RANK.get) == FigureStatus.values
    assert set(FigureStatus.values) > PROVISIONAL


def test_an_official_verdict_is_one_of_the_final_statuses():
    assert set(VerdictChoice.values) == {str(status) for status in Status if status.is_final}


def test_the_measure_of_an_aggregate_is_the_basis_of_a_target():
    assert set(Measure.values) == set(Basis.values) - {Basis.VALUE}


@pytest.mark.parametrize(
    ("fact", "model"), [(assessment.FigureFact, models.Figure), (assessment.AggregateFact, models.Aggregate)]
)
def test_a_fact_has_the_fields_of_its_record_and_the_reliability_of_its_source(fact, model):
    own = {field.name for field in model._meta.get_fields()}
    assert set(fact._fields) - own == {"reliability"}
    assert fact._fields[-1] == "reliability"
    assert fact._field_defaults == {"reliability": ""}


def test_statuses_and_reasons_are_the_published_codes():
    """Of section 3 to 6 of the method, as the progress report prints them."""
    assert {str(status) for status in Status} == {
        *("exceeded", "achieved", "missed"),
        *("on_track", "at_risk", "off_track", "moving_away"),
        *("cannot_judge", "no_data"),
    }
    assert {str(reason) for reason in Reason} == {
        *("", "no_direction", "series_break", "non_positive_values", "no_figure", "no_figure_for_target_year"),
        *("missing_years", "stale", "no_baseline", "too_early", "non_positive_target", "parts_unjudged"),
        *("reversing", "met_at_baseline", "overshooting", "unprecedented"),
    }


def test_a_verdict_cannot_be_changed():
    with pytest.raises(AttributeError):
        Verdict(Status.MISSED).status = Status.ACHIEVED
