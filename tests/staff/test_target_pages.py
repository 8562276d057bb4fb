"""The pages of targets: what stands is only looked at; every change is proposed, read back and decided by another person."""

import pytest
from django.urls import reverse

from indicators.models import Target, TargetProposal
from tests.factories import make_indicator, make_person, make_source, make_target, make_term

pytestmark = pytest.mark.django_db

ADD = reverse("admin:indicators_targetproposal_add")
MOVES = reverse("staff:target-moves")
QUEUE = reverse("staff:queue")


@pytest.fixture
def keeper():
    return make_person("giu", groups=["Quản trị chỉ tiêu"])


@pytest.fixture
def approver():
    return make_person("duyet", groups=["Duyệt số liệu"])


@pytest.fixture
def term():
    return make_term(first_year=2026, last_year=2030)


def typed(term, **fields):
    """What a keeper types for a new target; bound, numbers and years come from the words."""
    indicator = fields.pop("indicator", None) or make_indicator(name_vi="Độ che phủ rừng")
    source = make_source(title_vi="Nghị quyết Đại hội")
    values = {"indicator": indicator.pk, "term": term.pk, "scope": "term", "as_written_vi": "trên 40%"}
    return values | {"decided_on": "15/10/2025", "source": source.pk, "status": "adopted", "_submit": ""} | fields


def submit(client, address, data):
    """Send the form, and once more what it understood."""
    page = client.post(address, data)
    assert page.status_code == 200, page
    understood = page.context["adminform"].form.data.get("understood")
    assert understood, page.context["adminform"].form.errors
    return understood, client.post(address, data | {"understood": understood}, follow=True)


def test_a_new_target_is_read_back_before_it_is_submitted(client, keeper, term):
    client.force_login(keeper)
    understood, _page = submit(client, ADD, typed(term))
    assert "Độ che phủ rừng, năm 2030: trên 40% (bốn mươi)" in understood
    proposal = TargetProposal.objects.get()
    assert (proposal.state, proposal.bound, proposal.low, proposal.first_year) == ("submitted", "more_than", 40, 2026)
    assert not Target.objects.exists()


def test_an_approver_reads_it_in_the_queue_and_approves(client, keeper, approver, term):
    client.force_login(keeper)
    submit(client, ADD, typed(term))
    client.force_login(approver)
    page = client.get(QUEUE).content.decode()
    assert "trên 40% (bốn mươi)" in page
    proposal = TargetProposal.objects.get()
    client.post(MOVES, {"move": "approve", "chosen": f"{proposal.pk}:{proposal.version}"})
    assert Target.objects.get().as_written_vi == "trên 40%"


def test_a_target_that_stands_is_only_looked_at(client, keeper):
    target = make_target()
    client.force_login(keeper)
    page = reverse("admin:indicators_target_change", args=[target.pk])
    assert f"kind=adjust&amp;target={target.pk}" in client.get(page).content.decode()
    assert client.post(page, {"low": "1"}).status_code == 403
    assert client.post(reverse("admin:indicators_target_delete", args=[target.pk]), {"post": "yes"}).status_code == 403


def test_a_correction_begins_with_what_stands_and_needs_a_reason(client, keeper):
    target = make_target(low="14", as_written_vi="14% trở lên", first_year=2025)
    client.force_login(keeper)
    address = f"{ADD}?kind=correct&target={target.pk}"
    form = client.get(address).context["adminform"].form
    assert (form["as_written_vi"].value(), form["last_year"].value()) == ("14% trở lên", 2025)
    data = {name: form[name].value() or "" for name in form.fields if name != "counted"}
    data |= {"as_written_vi": "40% trở lên", "low": "40", "decided_on": "27/09/2020", "_submit": ""}
    assert "reason" in client.post(address, data).context["adminform"].form.errors
    submit(client, address, data | {"reason": "Gõ nhầm 40 thành 14"})
    proposal = TargetProposal.objects.get()
    assert (proposal.kind, proposal.target, proposal.low) == ("correct", target, 40)


def test_a_new_target_of_what_stands_already_takes_its_place(client, keeper, term):
    older = make_target(term=term, first_year=2026, last_year=2030, as_written_vi="35% trở lên", low="35")
    client.force_login(keeper)
    understood, _page = submit(client, ADD, typed(term, indicator=older.indicator))
    assert "thay cho “35% trở lên”" in understood
    assert TargetProposal.objects.get().target == older


def test_taking_back_asks_for_the_reason_alone(client, keeper):
    target = make_target()
    client.force_login(keeper)
    client.post(f"{ADD}?kind=retract&target={target.pk}", {"reason": "Nhập nhầm chỉ tiêu", "_submit": ""})
    assert TargetProposal.objects.get().kind == "retract"


def test_a_forged_kind_or_target_is_refused(client, keeper):
    client.force_login(keeper)
    assert client.get(f"{ADD}?kind=whatever").status_code == 403
    assert client.get(f"{ADD}?kind=correct&target=x").status_code == 404


def test_proposals_are_for_who_keeps_or_approves_targets(client):
    client.force_login(make_person("xem", groups=["Xem"]))
    assert client.get(reverse("admin:indicators_targetproposal_changelist")).status_code == 403
    assert client.get(ADD).status_code == 403


def test_the_front_page_counts_what_waits(client, keeper, approver, term):
    client.force_login(keeper)
    submit(client, ADD, typed(term))
    client.force_login(approver)
    assert "#targets" in client.get(reverse("admin:index")).content.decode()
