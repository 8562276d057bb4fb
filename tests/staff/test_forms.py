"""Numbers and days as people type them, and what the forms ask back."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.forms import modelform_factory
from django.utils.translation import override

from indicators.models import Comparison, Figure, Source, Target
from indicators.staff.forms import ComparisonForm, DayField, FigureForm, NumberField, RecordForm, TargetForm, months
from tests.factories import make_figure, make_indicator, make_target, source

VALUE = ["indicator", "year", "through_month", "value", "qualifier", "status", "published_on", "source", "quote_vi"]


@pytest.fixture(autouse=True)
def _vietnamese():
    with override("vi"):
        yield


def number(**options):
    return NumberField(max_digits=15, decimal_places=4, **options)


def refusal(field, text):
    """The message a field answers with."""
    with pytest.raises(ValidationError) as caught:
        field.clean(text)
    return " ".join(caught.value.messages)


class OneNumber(forms.Form):
    value = NumberField(max_digits=15, decimal_places=4)


@pytest.mark.parametrize(
    ("text", "value"),
    [("11.728,3", "11728.3"), ("-1,79", "-1.79"), (" 63 479 ", "63479"), ("82,0", "82"), ("11,728.3", "11728.3")],
)
def test_a_number_is_read_as_vietnamese_offices_write_it(text, value):
    assert number().clean(text) == Decimal(value)


def test_in_english_the_same_digits_mean_another_number():
    assert number().clean("11,728") == Decimal("11.728")
    with override("en"):
        assert number().clean("11,728") == 11728


def test_an_empty_number_is_no_number_and_not_zero():
    assert number(required=False).clean("  ") is None


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [("vi", "11728.3", "11.728,3"), ("en", "11728.3", "11,728.3"), ("vi", "82.0000", "82"), ("vi", "0.1234", "0,1234")],
)
def test_a_stored_number_is_shown_with_all_its_digits(language, value, shown):
    with override(language):
        assert OneNumber(initial={"value": Decimal(value)})["value"].value() == shown


def test_a_number_left_as_shown_has_not_changed():
    form = OneNumber({"value": "11.728,3"}, initial={"value": Decimal("11728.3000")})
    assert not form.has_changed()


def test_what_was_typed_stays_typed():
    form = OneNumber({"value": "15.320 (ước)"})
    assert not form.is_valid()
    assert form["value"].value() == "15.320 (ước)"


def test_a_word_beside_the_number_is_named_with_an_example():
    message = refusal(number(), "15.320 (ước)")
    assert "“(ước)”" in message
    assert "11.728,3" in message


@pytest.mark.parametrize("text", ["1.2.3", "12,34,5", "1,234.56,7", "--5"])
def test_marks_in_the_wrong_place_are_told_with_an_example(text):
    message = refusal(number(), text)
    assert f"“{text}”" in message
    assert "dấu chấm, dấu phẩy" in message


@pytest.mark.parametrize("text", ["-", "–", "…", "..."])
def test_a_printed_dash_is_sent_to_its_own_field(text):
    assert "không phát sinh (-)" in refusal(number(), text)


@pytest.mark.parametrize(
    ("text", "limit"),
    [("123456789012", "11 chữ số trước"), ("1,23456", "4 chữ số sau"), ("1234567890123456", "15 chữ số")],
)
def test_too_many_digits_are_explained(text, limit):
    assert limit in refusal(number(), text)


def test_a_text_of_any_length_gets_a_short_message():
    assert len(refusal(number(), "1" * 100_000)) < 300


@pytest.mark.parametrize("text", ["27/09/2020", "27-9-2020", "27.9.2020", "2020-09-27", " 27/09/2020 "])
def test_days_come_first(text):
    assert DayField().clean(text) == date(2020, 9, 27)


@pytest.mark.parametrize("text", ["31/02/2020", "09/27/2020", "27/09/20", "hôm qua"])
def test_a_day_that_does_not_exist_is_named(text):
    message = refusal(DayField(), text)
    assert f"“{text}”" in message
    assert "27/09/2020" in message


def test_a_month_alone_can_be_chosen_too():
    assert sorted(month for month, _label in months()) == list(range(1, 13))
    assert [str(label) for _month, label in months()][:2] == ["cả năm", "9 tháng"]


@pytest.mark.django_db
def test_text_is_kept_as_data_packages_keep_it():
    form_class = modelform_factory(Source, form=RecordForm, fields=["code", "title_vi", "note", "reliability"])
    typed = {"code": "a", "title_vi": "Ba\u0301o\u00a0ca\u0301o", "note": "một\r\nhai ", "reliability": "A"}
    record = form_class(typed).save()
    assert (record.title_vi, record.note) == ("Báo cáo", "một\nhai")


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "expected"), [("S¶n xuÊt", "Sản xuất"), ("tăng\aso", "U+0007")])
def test_no_form_takes_a_text_that_nobody_could_read_or_send_out(text, expected):
    form = figure_form(make_indicator(), "5", quote_vi=text)
    assert expected in refusal(form.fields["quote_vi"], text)
    assert expected in refusal(form.fields["reason"], text)


# What can mean two things


def figure_form(indicator, value, **fields):
    """The form of a new figure with `value` typed, and why it is right."""
    typed = {"indicator": indicator.pk, "year": 2025, "through_month": 12, "value": value, "qualifier": "exact"}
    typed |= {"status": "final", "published_on": "10/01/2026", "source": source().pk, "reason": "Đúng như in"} | fields
    return modelform_factory(Figure, form=FigureForm, fields=VALUE)(typed)


@pytest.mark.django_db
def test_a_number_that_can_mean_two_things_is_asked_when_the_other_is_nearer():
    latest = make_figure(value="7.1")
    form = figure_form(latest.indicator, "6.950")
    assert form.errors["value"] == ["“6.950” có thể là 6950 hoặc 6,95; hãy viết 6950 hoặc 6,95."]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["6950", "6,95"])
def test_the_answer_to_the_question_is_taken(text):
    latest = make_figure(value="7.1")
    assert figure_form(latest.indicator, text).is_valid()


@pytest.mark.django_db
def test_a_number_of_the_usual_size_is_not_asked_about():
    latest = make_figure(value="6500")
    form = figure_form(latest.indicator, "6.950")
    assert form.is_valid()
    assert form.cleaned_data["value"] == 6950


@pytest.mark.django_db
@pytest.mark.parametrize("unit", ["%", "tỷ đồng"])
def test_without_an_earlier_figure_or_a_target_it_is_asked(unit):
    form = figure_form(make_indicator(unit_vi=unit, decimals=1), "6.950")
    assert "6950 hoặc 6,95" in form.errors["value"][0]


@pytest.mark.django_db
def test_what_is_counted_has_no_decimals_to_ask_about():
    form = figure_form(make_indicator(unit_vi="đảng viên", decimals=0), "1.188")
    assert form.is_valid()
    assert form.cleaned_data["value"] == 1188


@pytest.mark.django_db
@pytest.mark.parametrize(("low", "is_right"), [("7", False), ("6500", True)])
def test_without_an_earlier_figure_any_target_tells_the_size(low, is_right):
    target = make_target(indicator=make_indicator(unit_vi="tỷ đồng", decimals=1), low=low, last_year=2030)
    assert figure_form(target.indicator, "6.950").is_valid() == is_right


@pytest.mark.django_db
def test_in_english_the_question_comes_for_the_comma():
    latest = make_figure(value="7.1")
    with override("en"):
        assert "6950 or 6.95" in figure_form(latest.indicator, "6,950").errors["value"][0]


@pytest.mark.django_db
def test_a_figure_that_is_not_in_force_says_nothing_about_the_size():
    waiting = make_figure(value="7.1", state="entered", indicator=make_indicator(unit_vi="tỷ đồng"))
    assert figure_form(waiting.indicator, "6.950").is_valid()


@pytest.mark.django_db
def test_a_number_that_is_left_alone_is_not_asked_about():
    make_figure(value="7.1", indicator=(indicator := make_indicator()), year=2020)
    odd = make_figure(value="6950", indicator=indicator, year=2021, status="estimate")
    form_class = modelform_factory(Figure, form=FigureForm, fields=["value", "note"])
    typed = {"value": "6.950", "through_month": 12, "note": "đã kiểm tra", "read_version": odd.version}
    assert form_class(typed, instance=odd).is_valid()


@pytest.mark.django_db
def test_a_percentage_in_the_thousands_is_asked_about():
    form_class = modelform_factory(Comparison, form=ComparisonForm, fields=["value"])
    assert "6,95" in form_class({"value": "6.950", "through_month": 12}).errors["value"][0]


# What the constraints forbid


@pytest.mark.django_db
def test_a_missing_value_is_explained_before_the_database_refuses():
    form = figure_form(make_indicator(), "")
    assert form.non_field_errors() == [
        "“Không phát sinh” và “chưa thu thập” thì để trống giá trị; các trường hợp khác phải có giá trị."
    ]


@pytest.mark.django_db
def test_a_second_record_of_the_same_publication_is_explained():
    final = make_figure(year=2025, status="final", published_on="2026-01-10")
    form = figure_form(final.indicator, "6,5")
    assert "Số liệu này đã có" in form.non_field_errors()[0]


@pytest.mark.django_db
def test_a_target_without_an_indicator_is_told_so():
    form = modelform_factory(Target, form=TargetForm, fields=["indicator", "bound", "low", "high"])(
        {"bound": "at_most"}
    )
    assert "indicator" in form.errors


@pytest.mark.django_db
def test_a_target_against_the_direction_of_its_indicator_is_explained():
    poverty = make_indicator(better="lower")
    typed = {"indicator": poverty.pk, "bound": "at_least", "low": "3"}
    form = modelform_factory(Target, form=TargetForm, fields=["indicator", "bound", "low", "high"])(typed)
    assert any("càng cao càng tốt" in message for message in form.non_field_errors())


def test_every_field_of_a_figure_teaches():
    form = modelform_factory(Figure, form=FigureForm, exclude=["state"])()
    assert [field.name for field in form.visible_fields() if not field.help_text] == []
