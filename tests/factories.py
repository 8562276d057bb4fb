"""Tiny factories: a valid record (or fact, or package) from sensible defaults; keywords override what matters to a test.

`new_…` gives a record that is not stored, `make_…` a stored one. Numbers and days may be written as text: `low="7.5"`,
`decided_on="2020-09-27"`.
"""

import csv
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone

from indicators import assessment, models
from indicators.public.schema import TABLES
from indicators.text.periods import Period, last_day

_numbers = count(1)


# --- records of the database


def new_sector(**fields):
    return _new(models.Sector, {"code": _code("sector"), "order": 1, "name_vi": "Kinh tế"}, fields)


def new_agency(**fields):
    return _new(models.Agency, {"code": _code("agency"), "name_vi": "Sở Tài chính"}, fields)


def new_source(**fields):
    return _new(models.Source, {"code": _code("source"), "title_vi": "Báo cáo", "reliability": "A"}, fields)


def new_term(**fields):
    defaults = {"code": _code("term"), "name_vi": "Nhiệm kỳ", "first_year": 2021, "last_year": 2025}
    return _new(models.Term, defaults, fields)


def new_indicator(**fields):
    defaults = {"code": _code("indicator"), "order": 1, "name_vi": "Chỉ tiêu", "unit_vi": "%"}
    return _new(models.Indicator, defaults | _stored(fields, sector=sector), fields)


def new_target(**fields):
    """At least 7 as the value of 2025, decided in September 2020."""
    values = {} if "bound" in fields else {"bound": "at_least", "low": "7"}
    defaults = {"first_year": 2021, "last_year": 2025, "decided_on": "2020-09-27"} | values
    return _new(models.Target, defaults | _stored(fields, indicator=make_indicator, term=term, source=source), fields)


def new_target_proposal(**fields):
    """A new target that is proposed: at least 7 as the value of 2025."""
    target = new_target()
    columns = {field.name: getattr(target, field.name) for field in models.targets.TargetColumns._meta.local_fields}
    return _new(models.TargetProposal, columns | {"kind": "new"}, fields)


def new_figure(**fields):
    """6.5 for the year 2021, reported on 10 January 2022, one of a later year in its own, and approved."""
    published_on = f"{min(max(2022, fields.get('year', 2021)), 2100)}-01-10"
    defaults = {"year": 2021, "value": "6.5", "status": "reported", "published_on": published_on, "state": "approved"}
    return _new(models.Figure, defaults | _stored(fields, indicator=make_indicator, source=source), fields)


def new_aggregate(**fields):
    """The average 6.5 of 2021–2022, reported on 10 January 2023."""
    defaults = {"first_year": 2021, "last_year": 2022, "measure": "average", "value": "6.5", "status": "reported"}
    defaults |= {"published_on": "2023-01-10", "quote_vi": "bình quân 6,5%"}
    return _new(models.Aggregate, defaults | _stored(fields, indicator=make_indicator, source=source), fields)


def new_comparison(**fields):
    defaults = {"year": 2021, "measure": "percent_of_plan", "value": "105.3"}
    return _new(models.Comparison, defaults | _stored(fields, indicator=make_indicator, source=source), fields)


def new_official_result(**fields):
    defaults = {"declared_targets": 20, "met_or_exceeded": 18}
    return _new(models.OfficialResult, defaults | _stored(fields, term=term, source=source), fields)


def new_official_verdict(**fields):
    defaults = {"verdict": "achieved", "reason": "Thông báo của Tỉnh ủy", "decided_on": "2026-03-01"}
    return _new(models.OfficialVerdict, defaults | _stored(fields, target=make_target), fields)


def new_membership(**fields):
    return _new(models.Membership, _stored(fields, user=make_person, agency=make_agency), fields)


def new_assignment(**fields):
    """Another agency answers from 1 March 2025 on."""
    defaults = {"valid_from": "2025-03-01"}
    return _new(models.Assignment, defaults | _stored(fields, indicator=make_indicator, agency=make_agency), fields)


def new_deadline(**fields):
    """For the figures of the first five months, which no usual deadline is about."""
    return _new(models.Deadline, {"through_month": 5}, fields)


def new_explanation(**fields):
    """Asked on 1 November 2026, due on the 15th, not answered; what there is was released on its day."""
    defaults = {"question": "Vì sao chậm?", "asked_on": "2026-11-01", "due_on": "2026-11-15"}
    defaults |= {"question_released_on": fields.get("asked_on", "2026-11-01")}
    defaults |= {"answer_released_on": fields.get("answered_on")}
    defaults |= _stored(fields, target=make_target, agency=make_agency, asked_by=make_person)
    return _new(models.Explanation, defaults, fields)


def make_sector(**fields):
    return _saved(new_sector(**fields))


def make_agency(**fields):
    return _saved(new_agency(**fields))


def make_source(**fields):
    return _saved(new_source(**fields))


def make_term(**fields):
    return _saved(new_term(**fields))


def make_indicator(**fields):
    return _saved(new_indicator(**fields))


def make_target(**fields):
    return _saved(new_target(**fields))


def make_figure(**fields):
    return _saved(new_figure(**fields))


def make_aggregate(**fields):
    return _saved(new_aggregate(**fields))


def make_comparison(**fields):
    return _saved(new_comparison(**fields))


def make_official_result(**fields):
    return _saved(new_official_result(**fields))


def make_official_verdict(**fields):
    return _saved(new_official_verdict(**fields))


def make_membership(**fields):
    return _saved(new_membership(**fields))


def make_assignment(**fields):
    return _saved(new_assignment(**fields))


def make_deadline(**fields):
    return _saved(new_deadline(**fields))


def make_explanation(**fields):
    return _saved(new_explanation(**fields))


def make_step(**fields):
    """Somebody entered a figure, now."""
    defaults = {"kind": "enter", "at": timezone.now()} | _stored(fields, figure=make_figure, by=make_person)
    return models.Step.objects.create(**defaults | fields)


def make_evidence(**fields):
    """What is known of a file; the file itself is not there."""
    defaults = {"file": "evidence/0.pdf", "name": "Báo cáo.pdf", "content_type": "application/pdf", "size": 1}
    defaults |= {"added_at": timezone.now()} | _stored(fields, figure=make_figure, added_by=make_person)
    return models.Evidence.objects.create(**defaults | fields)


def make_person(username="", *, groups=(), rights=(), agency=None, **fields):
    """A member of staff with the password "secret", in the groups and with the rights named, working for `agency`."""
    name = username or _code("person")
    person = User.objects.create_user(name, password="secret", **{"is_staff": True} | fields)
    person.groups.set(Group.objects.get(name=group) for group in groups)
    person.user_permissions.set(Permission.objects.get(codename=right) for right in rights)
    if agency:
        make_membership(user=person, agency=agency)
    return person


def sector():
    """The sector that indicators have unless a test says otherwise."""
    return models.Sector.objects.filter(code="economy").first() or make_sector(code="economy")


def source():
    """The source that everything rests on unless a test says otherwise."""
    return models.Source.objects.filter(code="report").first() or make_source(code="report")


def term():
    """The term 2021–2025."""
    return models.Term.objects.filter(last_year=2025).first() or make_term(code="XVII")


def _code(kind):
    return f"{kind}-{next(_numbers)}"


def _stored(fields, **makers):
    """What the makers give for the relations that `fields` leaves open."""
    return {name: make() for name, make in makers.items() if name not in fields}


def _new(model, defaults, fields):
    values = {name: _typed(model._meta.get_field(name), value) for name, value in (defaults | fields).items()}
    return model(**values)


def _typed(field, value):
    return value if field.is_relation else field.to_python(value)


def _saved(record):
    record.save()
    return record


# --- facts of the judgement, which knows no database


def target_fact(**fields):
    """An indicator and target in one: a level, better higher, at least 30 in 2025, from the end of 2020."""
    values = {} if "bound" in fields else {"bound": "at_least", "low": "30"}
    defaults = {"first_year": 2021, "last_year": 2025, "baseline_year": None, "low": None, "high": None}
    defaults |= {"basis": "value", "kind": "level", "better": "higher", "path": "linear"} | values
    return assessment.TargetFact(**_plain(defaults | fields))


def figure_fact(year, value, through_month=12, **fields):
    """A final figure, published on the day after its period."""
    defaults = {"qualifier": "exact", "status": "final"}
    defaults |= {"published_on": last_day(Period(year, through_month)) + timedelta(days=1)}
    defaults |= {"series_break": False, "source": "report"}
    return assessment.FigureFact(**_plain({"value": value} | defaults | fields), year=year, through_month=through_month)


def aggregate_fact(first_year, last_year, value, **fields):
    """A final published average, published on the day after its last year."""
    defaults = {"measure": "average", "qualifier": "exact", "status": "final"}
    defaults |= {"published_on": date(last_year + 1, 1, 1), "source": "report"}
    return assessment.AggregateFact(
        **_plain({"value": value} | defaults | fields), first_year=first_year, last_year=last_year
    )


def _plain(fields):
    """The fields with numbers and days made of text."""
    numbers = {name: Decimal(fields[name]) for name in ("value", "low", "high") if fields.get(name) is not None}
    days = {name: date.fromisoformat(str(value)) for name, value in fields.items() if name.endswith("_on")}
    return fields | numbers | days


# --- data packages

_ROWS = {
    "sectors": {"code": "economy", "order": "1", "name_vi": "Kinh tế"},
    "agencies": {"code": "finance", "name_vi": "Sở Tài chính"},
    "sources": {"code": "report", "title_vi": "Báo cáo", "reliability": "A"},
    "terms": {"code": "XVII", "name_vi": "Nhiệm kỳ", "first_year": "2021", "last_year": "2025"},
    "indicators": {
        "code": "growth",
        "sector": "economy",
        "order": "1",
        "name_vi": "Tăng trưởng",
        "unit_vi": "%",
        "decimals": "2",
        "better": "higher",
        "kind": "level",
        "path": "linear",
        "judged_by_parts": "false",
        "headline": "true",
        "agency": "finance",
    },
    "targets": {
        "indicator": "growth",
        "term": "XVII",
        "scope": "term",
        "first_year": "2021",
        "last_year": "2025",
        "bound": "between",
        "low": "7",
        "high": "7.5",
        "basis": "value",
        "status": "adopted",
        "counted": "true",
        "decided_on": "2020-09-27",
        "source": "report",
    },
    "figures": {
        "indicator": "growth",
        "year": "2021",
        "through_month": "12",
        "value": "6.67",
        "qualifier": "exact",
        "status": "reported",
        "published_on": "2022-01-10",
        "series_break": "false",
        "source": "report",
    },
    "aggregates": {
        "indicator": "growth",
        "first_year": "2021",
        "last_year": "2022",
        "measure": "average",
        "value": "6.95",
        "qualifier": "exact",
        "status": "reported",
        "published_on": "2023-12-31",
        "source": "report",
        "quote_vi": "bình quân 6,95%",
    },
    "comparisons": {
        "indicator": "growth",
        "year": "2021",
        "through_month": "12",
        "measure": "percent_of_plan",
        "value": "105.3",
        "qualifier": "exact",
        "source": "report",
    },
    "official_results": {"term": "XVII", "declared_targets": "20", "met_or_exceeded": "18", "source": "report"},
    "verdicts": {
        "indicator": "growth",
        "term": "XVII",
        "scope": "term",
        "first_year": "2021",
        "last_year": "2025",
        "decided_on_target": "2020-09-27",
        "verdict": "achieved",
        "reason": "Thông báo",
        "decided_on": "2026-03-01",
    },
}


def write_package(folder, **rows):
    """A valid package of one row a table in `folder`; `figures=[{"year": "2022"}, …]` overrides the rows of a table."""
    folder.mkdir(exist_ok=True)
    for table in TABLES:
        with (folder / table.file_name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table.column_names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(_ROWS[table.name] | row for row in rows.get(table.name, [{}]))
    return folder
