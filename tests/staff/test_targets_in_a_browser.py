"""In a real browser: a keeper pastes the 34 targets of a term, an approver reads and approves them."""

import pytest

from indicators.models import Target, TargetProposal
from tests.browsing import NARROW, WIDE, resize, sideways, violations
from tests.factories import make_indicator, make_person, make_source, make_term

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today", "public")]

NAMES = [f"Chỉ tiêu {letter}{letter} số {number}" for number, letter in enumerate("abcdeghiklmnopqrstuvxyabcdeghiklmn")]


def log_in(page, url, name):
    page.context.clear_cookies()
    page.goto(f"{url}/admin/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", "secret")
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")


def looked_at(page):
    """What is wrong with the page as it stands, wide and narrow."""
    faults = []
    for width in (NARROW, WIDE):
        resize(page, width)
        faults += violations(page)
        assert sideways(page) <= 0
    return faults


def test_the_targets_of_a_term_are_pasted_looked_through_and_approved(live_server, page):
    make_term(first_year=2026, last_year=2030, name_vi="Nhiệm kỳ 2026–2030")
    make_source(title_vi="Nghị quyết Đại hội XVIII", issued_on="2025-10-15")
    for name in NAMES[:33]:
        make_indicator(name_vi=name)
    make_person("giu", groups=["Quản trị chỉ tiêu"])
    make_person("duyet", groups=["Duyệt số liệu"])

    log_in(page, live_server.url, "giu")
    page.get_by_role("link", name="Nhập mục tiêu từ danh sách").click()
    page.select_option("[name=source]", index=1)
    page.fill("[name=pasted]", "\n".join(f"{n}. {name} đạt trên {n + 40}%" for n, name in enumerate(NAMES, start=1)))
    page.get_by_role("button", name="Đọc danh sách").click()
    page.wait_for_selector("#read-lines")
    assert looked_at(page) == []
    page.get_by_role("button", name="Trình các dòng đã chọn").click()
    page.wait_for_selector(".messagelist")
    assert TargetProposal.objects.filter(state="submitted").count() == 33

    log_in(page, live_server.url, "duyet")
    page.goto(f"{live_server.url}/admin/indicators/figure/queue/?check=targets")
    assert looked_at(page) == []
    page.get_by_role("button", name="Duyệt các mục tiêu đã chọn").click()
    page.wait_for_selector(".messagelist")
    assert Target.objects.count() == 33
