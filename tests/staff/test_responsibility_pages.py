"""Members of agencies and changes of the responsible agency: their pages, their history, bringing back what was."""

import pytest
from django.urls import reverse

from indicators.models import Assignment, Explanation, Membership
from tests.factories import make_agency, make_assignment, make_explanation, make_indicator, make_membership, make_person
from tests.project.test_repository import INLINE

pytestmark = pytest.mark.django_db

MAKERS = {"assignment": make_assignment, "membership": make_membership, "explanation": make_explanation}


def address(record, action, *more):
    return reverse(f"admin:indicators_{record._meta.model_name}_{action}", args=[record.pk, *more])


def old_version(record):
    """The page of the first version of a record."""
    return address(record, "simple_history", record.history.last().pk)


def assigned(record, **fields):
    """The form of an assignment as a browser sends it."""
    values = {"indicator": record.indicator_id, "agency": record.agency_id, "valid_from": "01/03/2025"}
    return values | {"read_version": record.version} | fields


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_record_has_its_pages_without_inline_code(admin_client, make, prefix):
    record = make()
    name = record._meta.model_name
    pages = [reverse(f"admin:indicators_{name}_{action}") for action in ("changelist", "add")]
    pages += [address(record, "change"), address(record, "history"), old_version(record)]
    for page in pages:
        response = admin_client.get(prefix + page)
        assert response.status_code == 200
        assert INLINE.search(response.content.decode()) is None


@pytest.mark.parametrize("name", MAKERS)
def test_a_longer_list_asks_no_more_of_the_database(admin_client, name, django_assert_max_num_queries):
    MAKERS[name]()
    page = reverse(f"admin:indicators_{name}_changelist")
    admin_client.get(page)
    for _place in range(5):
        MAKERS[name]()
    with django_assert_max_num_queries(14):
        assert admin_client.get(page).status_code == 200


def test_an_assignment_is_told_and_brought_back(admin_client, admin_user):
    record, first = make_assignment(), make_agency()
    was = record.agency
    admin_client.post(address(record, "change"), assigned(record, agency=first.pk))
    record.refresh_from_db()
    assert record.agency == first
    history = admin_client.get(address(record, "history")).content.decode()
    assert was.name_vi in history
    assert admin_user.username in history
    admin_client.post(old_version(record), assigned(record, agency=was.pk))
    record.refresh_from_db()
    assert (record.agency, record.version, record.history.count()) == (was, 3, 3)


def test_an_old_version_is_not_brought_back_over_what_somebody_just_saved(admin_client):
    record = make_assignment()
    read = assigned(record, valid_from="02/03/2025")
    record.agency = theirs = make_agency()
    record.save()
    response = admin_client.post(old_version(record), read)
    assert response.status_code == 200
    assert "read_version" in response.content.decode()
    assert Assignment.objects.get().agency == theirs


def test_a_deleted_record_is_brought_back_from_its_history(admin_client):
    record = make_membership()
    pages = old_version(record)
    sent = {"user": record.user_id, "agency": record.agency_id, "read_version": ""}
    record.delete()
    assert admin_client.post(pages, sent).status_code == 302
    assert Membership.objects.get().user_id == sent["user"]


def test_a_withdrawn_request_is_brought_back_by_who_may_ask(client):
    record = make_explanation()
    page = old_version(record)
    record.delete()
    client.force_login(make_person(groups=["Nhập liệu"]))
    assert client.post(page, {}).status_code == 403
    client.force_login(make_person(groups=["Duyệt số liệu"]))
    assert client.post(page, {"answer": "gefälscht"}).status_code == 302
    again = Explanation.objects.get()
    assert (again.question, again.answer) == (record.question, "")


@pytest.mark.parametrize(
    ("group", "may"), [("Quản trị chỉ tiêu", True), ("Duyệt số liệu", False), ("Nhập liệu", False), ("Xem", False)]
)
def test_who_keeps_members_and_assignments(client, group, may):
    client.force_login(make_person(groups=[group]))
    person, agency, indicator = make_person(), make_agency(), make_indicator()
    pages = {name: reverse(f"admin:indicators_{name}_add") for name in ("membership", "assignment")}
    client.post(pages["membership"], {"user": person.pk, "agency": agency.pk})
    client.post(pages["assignment"], {"indicator": indicator.pk, "agency": agency.pk, "valid_from": "01/03/2025"})
    assert (Membership.objects.exists(), Assignment.objects.exists()) == (may, may)


def test_nobody_changes_through_the_history_what_they_may_not_change(client):
    record = make_assignment()
    client.force_login(make_person(groups=["Duyệt số liệu"]))
    assert client.get(address(record, "history")).status_code == 200
    assert client.post(old_version(record), assigned(record)).status_code == 403
