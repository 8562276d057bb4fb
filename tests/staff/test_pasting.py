"""Cells copied from a spreadsheet find their rows of the entry sheet by name, code or order; what is not sure is asked."""

import pytest
from django.contrib.auth.models import Group, User

from indicators.models import Figure, Membership
from indicators.staff.forms.fields import split_qualifier
from indicators.staff.pasted_table import read_table
from tests.factories import make_agency, make_indicator
from tests.reading import read, rows

pytestmark = pytest.mark.django_db

SHEET = "/admin/indicators/figure/sheet/?year=2019&months=9"


@pytest.fixture
def clerk(client, today):
    user = User.objects.create_user("lan", is_staff=True)
    user.groups.add(Group.objects.get(name="Nhập liệu"))
    agency = make_agency()
    Membership.objects.create(user=user, agency=agency)
    names = ["Chăn nuôi, thú y", "Hòa giải ở cơ sở", "Số hộ nghèo", "Tỷ lệ hộ nghèo"]
    for order, name in enumerate(names, 1):
        make_indicator(code=f"row-{order}", name_vi=name, unit_vi="tỷ đồng", decimals=1, order=order, agency=agency)
    client.force_login(user)
    return client


def pasted(clerk, text, button="_paste", **more):
    return read(clerk.post(SHEET, {"status": "estimate", "pasted": text, button: ""} | more))


def preview(page):
    return [row[1:4] for row in rows(page.one("table", class_="paste-rows"))]


def filled(clerk, text, **more):
    """What stands in the rows of the sheet afterwards: value and word."""
    page = pasted(clerk, text, "_fill", **more)
    fields = [item for item in page.all("input") if item.attributes.get("name", "").endswith("-value")]
    words = [item for item in page.all("select") if item.attributes["name"].endswith("-qualifier")]
    return [(item.attributes.get("value", ""), selected(word)) for item, word in zip(fields, words, strict=True)]


def selected(select):
    return next((item["value"] for item in select.all("option") if "selected" in item.attributes), "exact")


def test_a_cell_with_a_line_break_shifts_no_row():
    assert read_table('Trồng trọt\t7,5\r\n"Chăn nuôi,\nthú y"\t6,1\r\n') == [
        ["Trồng trọt", "7,5"],
        ["Chăn nuôi, thú y", "6,1"],
    ]


def test_a_quotation_mark_that_opens_nothing_is_a_letter():
    assert read_table('"Xanh" tỉnh\t7\n') == [['"Xanh" tỉnh', "7"]]


def test_a_table_of_a_page_is_read_with_its_merged_cells():
    html = "<p>x</p><table><tr><td rowspan=2>A<br>b</td><td>1</td></tr><tr><td>2</td></tr></table>"
    assert read_table("lost", html) == [["A b", "1"], ["", "2"]]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [("khoảng 12,5", ("about", "12,5")), ("Trên 2.100", ("over", "2.100")), ("hộ 5", (None, "hộ 5"))],
)
def test_a_word_before_a_number_is_its_qualifier(text, read_as):
    assert split_qualifier(text) == read_as


def test_rows_are_matched_by_name_whatever_their_order_and_spelling(clerk):
    text = 'TT\tChỉ tiêu\tSố liệu\n1\tHoà giải ở cơ sở\t7,5\n2\t"chăn nuôi,\nthú y (tỷ đồng)"\tkhoảng 6,1\n'
    assert preview(pasted(clerk, text)) == [
        ["Hòa giải ở cơ sở (tỷ đồng)", "7,5", ""],
        ["Chăn nuôi, thú y (tỷ đồng)", "6,1", "khoảng"],
    ]
    assert filled(clerk, text)[:3] == [("6,1", "about"), ("7,5", "exact"), ("", "exact")]
    assert not Figure.objects.exists()


def test_rows_are_matched_by_code(clerk):
    assert filled(clerk, "row-3\t12\nrow-1\t14\n")[:3] == [("14", "exact"), ("", "exact"), ("12", "exact")]


def test_numbers_alone_go_down_from_the_row_that_they_were_pasted_into(clerk):
    second = clerk.get(SHEET).context["row_forms"][1][0].row.indicator.pk
    assert [value for value, _word in filled(clerk, "5\n\n6\n", paste_from=second)] == ["", "5", "", "6"]


def test_of_several_columns_with_numbers_none_is_taken_unasked(clerk):
    text = "Chỉ tiêu\tKế hoạch\tThực hiện\nSố hộ nghèo\t10,5\t9,5\nTỷ lệ hộ nghèo\t3,2\t3,1\n"
    page = pasted(clerk, text)
    assert "Cột nào là số liệu" in page.one("details", id="paste").text
    assert filled(clerk, text)[2:] == [("", "exact"), ("", "exact")]
    chosen = {"value_column": "2", "name_column": "0", "paste_of": page.one("input", name="paste_of")["value"]}
    assert filled(clerk, text, **chosen)[2:] == [("9,5", "exact"), ("3,1", "exact")]


def test_a_column_of_words_is_the_qualifier(clerk):
    text = "Số hộ nghèo\tkhoảng\t9,5\nTỷ lệ hộ nghèo\ttrên\t3,1\n"
    assert filled(clerk, text)[2:] == [("9,5", "about"), ("3,1", "over")]


def test_a_name_that_is_only_like_one_is_asked_and_its_suggestion_can_be_taken(clerk):
    text = "Chăn nuôi\t4\nhộ nghèo\t5\n"
    page = pasted(clerk, text)
    assert [row[0] for row in rows(page.one("table", class_="paste-rows"))] == ["Chăn nuôi", "hộ nghèo"]
    assert filled(clerk, text) == [("", "exact")] * 4
    first = pasted(clerk, text, "_accept").one("select", name="paste-0")
    assert [item.text for item in first.all("option") if "selected" in item.attributes] == [
        "Chăn nuôi, thú y (tỷ đồng)"
    ]


def test_two_rows_of_one_indicator_fill_nothing(clerk):
    assert filled(clerk, "Số hộ nghèo\t4\nsố hộ nghèo\t5\n")[2] == ("", "exact")


def test_what_was_pasted_is_taken_back(clerk):
    first = clerk.get(SHEET).context["row_forms"][0][0].row.indicator.pk
    row = {f"i{first}-value": "1", f"i{first}-qualifier": "under"}
    page = pasted(clerk, "khoảng 5\n6\n", "_fill", **row)
    undo = page.one("input", name="paste_undo")["value"]
    now = {f"i{first}-value": "5", f"i{first}-qualifier": "about", "paste_undo": undo}
    back = pasted(clerk, "", "_undo", **now)
    assert back.one("input", name=f"i{first}-value")["value"] == "1"
    assert back.all("input", name="paste_undo") == []


@pytest.mark.parametrize("undo", ["", "[", "[1]", '{"status": "final"}', '{"i1-value": 5}', "[" * 100_000])
def test_a_forged_memory_of_before_changes_nothing(clerk, undo):
    assert clerk.post(SHEET, {"status": "estimate", "_undo": "", "paste_undo": undo}).status_code == 200


@pytest.mark.parametrize("text", ["\t" * 3000, '"' * 9999, "\n" * 5000, "<table>", "١\t٢\n٣\t٤", "a" * 600_000])
def test_whatever_is_pasted_is_answered(clerk, text):
    for more in ({}, {"pasted_html": f"<table><tr><td colspan=9999>{text[:50]}</td></tr></table>"}):
        assert clerk.post(SHEET, {"status": "estimate", "pasted": text, "_paste": ""} | more).status_code == 200
