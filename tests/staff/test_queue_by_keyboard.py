"""In a real browser, by keyboard alone: an approver approves many figures and returns one with words."""

import pytest

from indicators import workflow
from indicators.datapackage.loader import load_package
from indicators.models import Agency, Deadline, Figure, Indicator, Source, StepKind
from tests.browsing import NARROW, WIDE, resize, sideways, violations
from tests.conftest import FIXTURES
from tests.factories import make_explanation, make_person

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = "/admin/indicators/figure/queue/"
MISSING = "/admin/indicators/figure/completeness/"


@pytest.fixture
def home(live_server, today):
    """Lạng Sơn with three figures of the statistics office that wait, and one of the approver's own."""
    load_package(FIXTURES / "langson")
    for month in (3, 6, 9, 12):
        Deadline.objects.get_or_create(through_month=month, agency=None, year=None)
    statistics = Agency.objects.get(code="provincial-statistics")
    clerk = make_person("thongke", groups=["Nhập liệu"], agency=statistics)
    approver = make_person("duyet", groups=["Nhập liệu", "Duyệt số liệu"], agency=statistics)
    for code, value in (("grdp-growth", "9.05"), ("grdp-per-capita", "790"), ("population", "830000")):
        wait(clerk, code, value)
    wait(approver, "grdp-size", "60")
    make_explanation(agency=statistics)
    return live_server.url


def wait(person, code, value):
    figure = Figure(
        indicator=Indicator.objects.get(code=code), year=2026, value=value, status="estimate",
        published_on="2026-11-20", source=Source.objects.first(), quote_vi=f"ước đạt {value}",
    )  # fmt: skip
    workflow.write(figure, by=person, reason="Đã kiểm tra")
    workflow.apply_transition(StepKind.SUBMIT, {figure.pk: figure.version}, by=person)


def log_in(page, home, name):
    page.goto(f"{home}/admin/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", "secret")
    page.click("[type=submit]")
    page.wait_for_url(f"{home}/admin/")


def focused(page):
    """What a screen reader would call the thing in focus, as far as its own text goes."""
    return page.evaluate(
        "[document.activeElement.innerText, ...[...document.activeElement.labels || []].map(one => one.innerText)].join(' ')"
    )


def tab_to(page, words, limit=120):
    for _press in range(limit):
        page.keyboard.press("Tab")
        if words in " ".join(focused(page).split()):
            return
    raise AssertionError(f"Tab does not reach {words}")


def states():
    """Of the figures that were typed here, not of those that the package brings."""
    typed_here = Figure.objects.filter(year=2026, steps__kind=StepKind.ENTER)
    return dict(typed_here.values_list("indicator__code", "state"))


def test_an_approver_approves_many_and_returns_one_with_words(home, page):
    log_in(page, home, "duyet")
    tab_to(page, "chờ duyệt")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{QUEUE}")

    for name in ("Tốc độ tăng trưởng GRDP", "Dân số"):
        tab_to(page, f"Chọn: {name}")
        page.keyboard.press("Space")
    page.keyboard.press("Enter")  # the first button of the form: approve what is chosen
    page.locator(".messagelist .success").wait_for()
    assert states() == {
        "grdp-growth": "approved",
        "population": "approved",
        "grdp-per-capita": "submitted",
        "grdp-size": "submitted",
    }

    tab_to(page, "Trả lại : GRDP bình quân đầu người")
    page.keyboard.press("Enter")
    tab_to(page, "Lý do : GRDP bình quân đầu người")
    page.keyboard.type("790 triệu đồng là nhầm dấu phẩy")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".messagelist .success").wait_for()
    assert states()["grdp-per-capita"] == "returned"
    assert Figure.objects.get(indicator__code="grdp-per-capita", year=2026).steps.last().reason.startswith("790 triệu")
    assert page.locator("input[name=chosen]").count() == 0
    assert "Không ai tự duyệt" in page.locator(".waits").inner_text()


def test_single_keys_lead_through_the_queue_and_can_be_switched_off(home, page):
    log_in(page, home, "duyet")
    page.goto(home + QUEUE)
    page.keyboard.press("j")
    assert "Tốc độ tăng trưởng GRDP" in focused(page)
    page.keyboard.press("d")
    page.locator(".messagelist .success").wait_for()
    assert states()["grdp-growth"] == "approved"
    page.locator(".queue .waits :focus").wait_for()
    page.keyboard.press("t")  # of the figure that has come to the same place
    page.keyboard.type("djk là chữ, không phải phím")
    page.keyboard.press("Tab")
    with page.expect_navigation():  # the message of the approval stands there until then
        page.keyboard.press("Enter")
    (back,) = [code for code, state in states().items() if state == "returned"]
    assert Figure.objects.get(indicator__code=back, year=2026).steps.last().reason == "djk là chữ, không phải phím"

    page.uncheck("#queue-keys input")
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("d")
    assert focused(page).strip() == "" or page.evaluate("document.activeElement === document.body")
    assert sorted(states().values()) == ["approved", "returned", "submitted", "submitted"]


@pytest.mark.parametrize("address", ["/admin/", QUEUE, f"{QUEUE}?check=all", f"{MISSING}?month=12"])
def test_the_pages_of_the_office_are_accessible_and_fit_a_phone(home, page, address):
    log_in(page, home, "duyet")
    page.goto(home + address)
    for scheme, width in (("light", WIDE), ("dark", WIDE), ("light", NARROW), ("dark", NARROW)):
        page.emulate_media(color_scheme=scheme)
        resize(page, width)
        page.wait_for_timeout(300)  # links of the admin change their colour slowly
        assert violations(page) == [], (scheme, width)
        assert sideways(page) == 0, width
