"""A file with another value for what is on its way: the same question as on the sheet."""

import pytest

from indicators import workflow
from indicators.models import Figure, Indicator, StepKind
from tests.factories import make_agency, make_indicator, make_person, make_source, new_figure
from tests.importing import address, csv_file, details, upload
from tests.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def clerk(client):
    finance = make_agency(code="finance", name_vi="Sở Tài chính")
    make_source(code="report", title_vi="Báo cáo 310", number="310/BC-UBND")
    make_indicator(code="growth", name_vi="Tăng trưởng", kind="rate", agency=finance)
    person = make_person("lan", groups=["Nhập liệu"], agency=finance)
    client.force_login(person)
    return client


@pytest.fixture
def waiting(clerk):
    """A submitted value for what the row of `csv_file` is about, from another source."""
    person = type(make_person()).objects.get(username="lan")
    upload(clerk, csv_file({}))
    clerk.post(address(clerk), {"confirm": "", "reason": "x"})
    row = Figure.objects.get()
    fields = {name: getattr(row, name) for name in ("year", "through_month", "status", "published_on")}
    row.delete()
    figure = new_figure(
        indicator=Indicator.objects.get(),
        source=make_source(title_vi="Báo cáo cũ"),
        value="3.1",
        state="entered",
        **fields,
    )
    workflow.write(figure, by=person)
    workflow.apply_transition(StepKind.SUBMIT, {figure.pk: figure.version}, by=person)
    return Figure.objects.get()


def answer(client, **data):
    return read(client.post(address(client), {"confirm": "", "reason": "số mới"} | data, follow=True))


def test_the_preview_asks_before_anything_is_written(clerk, waiting):
    assert "Đã có số khác chưa duyệt (đã trình): Tăng trưởng" in details(upload(clerk, csv_file({})))
    assert "Hãy chọn: số trong tệp thay cho" in answer(clerk).text
    assert Figure.objects.get().value == waiting.value


def test_the_value_of_the_file_takes_its_place_and_is_submitted_again(clerk, waiting):
    upload(clerk, csv_file({}))
    answer(clerk, rivals="replace")
    corrected = Figure.objects.get()
    assert (corrected.pk, corrected.state, corrected.source.code) == (waiting.pk, "submitted", "report")
    assert corrected.value != waiting.value
    assert [step.kind for step in corrected.steps.all()] == ["enter", "submit", "withdraw", "edit", "submit"]


def test_both_stay_when_that_is_said(clerk, waiting):
    upload(clerk, csv_file({}))
    answer(clerk, rivals="keep")
    assert sorted(Figure.objects.values_list("state", flat=True)) == ["entered", "submitted"]
