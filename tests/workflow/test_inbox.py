"""What waits for a person: on the first staff page, and in the mail of the morning."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from indicators import workflow
from indicators.models import Deadline, Figure, StepKind
from indicators.workflow.inbox import open_work
from tests.factories import (
    make_agency,
    make_explanation,
    make_figure,
    make_indicator,
    make_person,
    make_step,
    make_target,
)
from tests.reading import see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)
DUE = date(2026, 12, 21)  # when the figures of 2026 are due
SOON = date(2026, 12, 14)  # five working days before


@pytest.fixture(autouse=True)
def _usual_deadlines():
    for month in (3, 6, 9, 12):
        Deadline.objects.get_or_create(through_month=month, agency=None, year=None)


@pytest.fixture
def finance():
    return make_agency(name_vi="Sở Tài chính")


@pytest.fixture
def clerk(finance):
    return make_person("nhaplieu", groups=["Nhập liệu"], agency=finance, email="hoa@langson.gov.vn", last_name="Hoa")


@pytest.fixture
def approver():
    return make_person("duyet", groups=["Duyệt số liệu"], email="minh@langson.gov.vn")


@pytest.fixture
def revenue(finance):
    """Answered for September 2025, so asked for in September 2026; a target speaks about 2026."""
    indicator = make_indicator(name_vi="Thu ngân sách", unit_vi="tỷ đồng", agency=finance)
    make_target(indicator=indicator, first_year=2026, last_year=2030, decided_on="2026-01-01")
    make_figure(indicator=indicator, year=2025, through_month=9, published_on="2025-09-20")
    return indicator


def returned(revenue, clerk, approver, year=2026):
    figure = make_figure(indicator=revenue, year=year, state="submitted", published_on="2026-11-20", value="120")
    make_step(figure=figure, kind="submit", by=clerk, at=datetime(2026, 11, 20, 2, tzinfo=UTC))
    workflow.apply_transition(StepKind.RETURN, {figure.pk: figure.version}, by=approver, reason="Sai đơn vị")
    return Figure.objects.get(pk=figure.pk)


# --- what waits for whom


def periods(items):
    return [item.period.code for item in items]


@pytest.mark.parametrize(("as_of", "due"), [(date(2026, 12, 11), []), (SOON, ["2026"]), (DUE, ["2026"])])
def test_a_clerk_is_told_five_working_days_before(clerk, revenue, as_of, due):
    waits = open_work(as_of).inbox_of(clerk)
    assert periods(waits.due) == due
    assert periods(waits.overdue) == ["2026-9M"]


def test_after_the_day_it_is_overdue(clerk, revenue):
    waits = open_work(date(2026, 12, 22)).inbox_of(clerk)
    assert (periods(waits.due), periods(waits.overdue)) == ([], ["2026-9M", "2026"])


def test_figures_that_came_back_carry_the_words_of_the_approver(clerk, approver, revenue):
    returned(revenue, clerk, approver)
    assert [figure.words for figure in open_work(TODAY).inbox_of(clerk).returned] == ["Sai đơn vị"]


def test_figures_that_were_taken_off_the_public_pages_carry_those_words_too(clerk, approver, revenue):
    figure = make_figure(indicator=revenue, year=2026, published_on="2026-11-20", value="120")
    workflow.apply_transition(StepKind.RETRACT, {figure.pk: figure.version}, by=approver, reason="Nguồn đã đính chính")
    assert [figure.words for figure in open_work(TODAY).inbox_of(clerk).returned] == ["Nguồn đã đính chính"]


def test_a_clerk_of_another_agency_is_told_nothing_of_it(approver, clerk, revenue):
    returned(revenue, clerk, approver)
    make_explanation(agency=clerk.memberships.get().agency)
    other = make_person(groups=["Nhập liệu"], agency=make_agency())
    assert not open_work(TODAY).inbox_of(other).has_news


def test_a_question_waits_for_its_agency_until_it_is_answered(clerk, finance):
    question = make_explanation(agency=finance)
    answer = {"answer": "Do giá", "answered_by": clerk, "answered_on": "2026-11-10"}
    make_explanation(agency=finance, **answer)
    assert open_work(TODAY).inbox_of(clerk).questions == [question]


def test_an_approver_is_told_the_queue_and_which_agencies_are_late(approver, clerk, finance, revenue):
    for year, day in ((2026, 20), (2025, 18)):
        figure = make_figure(indicator=revenue, year=year, state="submitted", published_on="2026-11-20")
        make_step(figure=figure, kind="submit", at=datetime(2026, 11, day, 2, tzinfo=UTC))
    waits = open_work(TODAY).inbox_of(approver)
    assert (waits.queue["length"], waits.queue["since"].day) == (2, 18)
    assert waits.late == ((finance, 1),)


def test_a_reader_has_nothing_waiting(revenue):
    assert not open_work(TODAY).inbox_of(make_person(groups=["Xem"])).has_news


@pytest.mark.parametrize("number", [1, 6])
def test_open_work_takes_ten_queries(finance, number, django_assert_num_queries):
    for _one in range(number):
        make_explanation(agency=finance)
        make_figure(state="returned")
    with django_assert_num_queries(10):
        open_work(TODAY)


# --- the first staff page


def test_a_clerk_sees_what_came_back_and_what_is_overdue(client, clerk, approver, revenue):
    returned(revenue, clerk, approver)
    client.force_login(clerk)
    lines = [line.text for line in see(client, "/admin/").one("section", **{"aria-labelledby": "waits"}).all("li")]
    assert lines == [
        "1 bị trả lại",
        "0 chưa trình",
        "1 quá hạn ( 9 tháng 2026: 1 )",
        "0 đến hạn trong 5 ngày làm việc",
        "0 giải trình phải trả lời",
    ]


def test_an_approver_sees_the_length_of_the_queue(client, approver, clerk, revenue):
    client.force_login(approver)
    section = see(client, "/admin/").one("section", **{"aria-labelledby": "waits"})
    texts = ["0 chờ duyệt", "0 giải trình chờ công khai", "1 cơ quan chậm báo cáo ( 9 tháng 2026: 1 )"]
    assert [line.text for line in section.all("li")] == texts
    assert section.all("a")[0]["href"] == "/admin/indicators/figure/queue/"


def test_a_reader_sees_no_panel(client, revenue):
    client.force_login(make_person(groups=["Xem"]))
    assert see(client, "/admin/").all("section", class_="waits-for-you") == []


def test_every_link_of_the_panel_leads_to_a_page(client, clerk, approver, revenue):
    for person in (clerk, approver):
        client.force_login(person)
        for link in see(client, "/admin/").one("section", **{"aria-labelledby": "waits"}).all("a"):
            assert client.get(link["href"]).status_code == 200, link["href"]


# --- the mail


def digest(**options):
    call_command("send_digest", **options)
    return {message.to[0]: message for message in mail.outbox}


def test_a_clerk_gets_a_mail_with_everything_that_waits(clerk, approver, revenue, finance, settings, capsys):
    settings.SITE_URL = "https://chitieu.langson.gov.vn"
    figure = returned(revenue, clerk, approver)
    make_explanation(agency=finance, question="Vì sao thu thấp?", due_on="2026-11-30")
    message = digest(as_of=SOON)["hoa@langson.gov.vn"]
    assert message.subject == "Chỉ tiêu: việc đang chờ ngày 14/12/2026"
    for text in (
        "Kính gửi Hoa,",
        "- Thu ngân sách, 9 tháng 2026: hạn 21/09/2026, đã muộn 84 ngày",
        "- Thu ngân sách, 2026: hạn 21/12/2026",
        "- Thu ngân sách, 2026: 120 tỷ đồng: Sai đơn vị",
        f"https://chitieu.langson.gov.vn/admin/indicators/figure/{figure.pk}/change/",
        "Vì sao thu thấp? (hạn 30/11/2026)",
    ):
        assert text in message.body
    assert "CHỜ DUYỆT" not in message.body


def test_an_approver_gets_the_queue_and_the_late_agencies(approver, clerk, revenue, capsys):
    figure = make_figure(indicator=revenue, year=2026, state="submitted", published_on="2026-11-20")
    make_step(figure=figure, kind="submit", at=datetime(2026, 11, 20, 2, tzinfo=UTC))
    body = digest()["minh@langson.gov.vn"].body
    assert "- 1 số liệu, lâu nhất từ 20/11/2026" in body
    assert "- Sở Tài chính: 1 số liệu" in body


def test_names_with_signs_are_written_as_they_are(clerk, finance, capsys):
    make_explanation(agency=finance, question='Tăng <5% & giảm "mạnh"?')
    assert 'Tăng <5% & giảm "mạnh"?' in digest()["hoa@langson.gov.vn"].body


def test_nobody_gets_a_mail_with_nothing_in_it(clerk, approver, capsys):
    make_figure(indicator=make_indicator(agency=clerk.memberships.get().agency), state="entered")
    assert digest() == {}
    assert "Đã gửi 0 thư." in capsys.readouterr().out


def test_who_left_gets_none_and_who_has_no_address_is_named(clerk, approver, revenue, capsys):
    clerk.is_active, clerk.email, approver.email = False, "hoa@langson.gov.vn", ""
    clerk.save()
    approver.save()
    assert digest() == {}
    assert "duyet chưa có địa chỉ thư điện tử." in capsys.readouterr().err


def test_a_dry_run_prints_and_sends_nothing(clerk, revenue, capsys):
    assert digest(dry_run=True) == {}
    assert "Kính gửi Hoa," in capsys.readouterr().out


def test_a_mail_that_cannot_be_sent_stops_no_other(clerk, approver, revenue, monkeypatch, capsys):
    class Server:
        def send_messages(self, messages):
            if messages[0].to == ["hoa@langson.gov.vn"]:
                raise SMTPException("mailbox full")
            mail.outbox.extend(messages)
            return 1

    monkeypatch.setattr("indicators.management.commands.send_digest.get_connection", Server)
    with pytest.raises(CommandError, match=r"Không gửi được: hoa@langson\.gov\.vn\."):
        digest()
    assert [message.to for message in mail.outbox] == [["minh@langson.gov.vn"]]
    assert "mailbox full" in capsys.readouterr().err


# --- the settings of mails


@pytest.mark.parametrize(
    ("environment", "text"),
    [
        ({"EMAIL_URL": "mail.langson.gov.vn"}, "EMAIL_URL cannot be read"),
        ({"EMAIL_URL": "smtp+tls://"}, "EMAIL_URL cannot be read"),
        ({"EMAIL_URL": "smtp://mail.langson.gov.vn:abc"}, "EMAIL_URL cannot be read"),
        ({"EMAIL_URL": "smtp://mail.langson.gov.vn"}, "DEFAULT_FROM_EMAIL='' is not an address"),
        ({"DEFAULT_FROM_EMAIL": "chitieu"}, "DEFAULT_FROM_EMAIL='chitieu' is not an address"),
        ({"SITE_URL": "chitieu.langson.gov.vn"}, "SITE_URL='chitieu.langson.gov.vn' is not the address of a site"),
        ({"SITE_URL": "https://langson.gov.vn/chitieu"}, "is not the address of a site"),
    ],
)
def test_a_setting_that_cannot_be_meant_stops_the_start(environment, text):
    assert text in start(environment, "None")[1]


def test_a_mail_server_is_read_from_one_address():
    environment = {"EMAIL_URL": "smtp+tls://u:p%40ss@mail.vn:587", "DEFAULT_FROM_EMAIL": "Chỉ tiêu <a@b.vn>"}
    shown = "(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS)"
    assert start(environment, shown)[0] == "('mail.vn', 587, 'p@ss', True)\n"


def test_links_begin_with_the_first_host():
    secret = "".join(map(chr, range(40, 95)))
    environment = {"DEBUG": "off", "SECRET_KEY": secret, "ALLOWED_HOSTS": "chitieu.langson.gov.vn,other.vn"}
    assert start(environment, "s.SITE_URL")[0] == "https://chitieu.langson.gov.vn\n"


def start(environment, shown):
    """What a fresh interpreter prints of the settings, and what it complains about."""
    script = f"import lanson.settings as s; import sys; sys.stdout.write(str({shown}) + chr(10))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"DEBUG": "on"} | environment, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout, done.stderr
