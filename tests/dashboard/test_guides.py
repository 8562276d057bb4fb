"""Help by role: open for officials, behind the login for staff, and true: what it calls by name is there."""

import pytest
from django.contrib.auth.models import User

from indicators.dashboard.views.guides import ROLES
from indicators.models import StepKind
from indicators.workflow import apply_transition
from tests.conftest import FIXTURES
from tests.factories import make_agency, make_explanation, make_figure, make_indicator, make_person, make_target
from tests.reading import see

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "public")]

SHEET, QUEUE, FIGURES = (f"/admin/indicators/figure/{page}" for page in ("sheet/", "queue/", ""))
# Where each role meets what its help calls by name.
PLACES = {
    "official": ["/", "/indicators/", "/indicators/growth/", "/terms/2025/", "/admin/"],
    "clerk": ["/admin/", f"{SHEET}?year=2019&months=12", f"{SHEET}?year=2020&months=12", "{approved}"],
    "approver": ["/admin/", QUEUE],
    "keeper": ["/admin/"],
    "administrator": ["/admin/", "/admin/auth/user/"],
}
PICTURES = FIXTURES.parent / "static" / "help"
GROUPS = {"official": ["Xem"], "clerk": ["Nhập liệu"], "approver": ["Duyệt số liệu"], "keeper": ["Quản trị chỉ tiêu"]}

# The years whose figure somebody has to do something about: what came back, what was submitted, what is to be corrected.
WAITING = [
    (2019, "submitted", StepKind.RETURN, "approver"),
    (2021, "entered", StepKind.SUBMIT, "clerk"),
    (2024, "approved", StepKind.ASK, "clerk"),
]


@pytest.fixture
def member(client):
    """Logs somebody of a role in, who finds one of everything that waits."""
    agency = make_agency()
    indicator = make_indicator(code="growth", agency=agency)
    make_target(indicator=indicator, low="9", first_year=2026, last_year=2026, decided_on="2025-12-10")
    make_explanation(agency=agency)
    groups = {"clerk": "Nhập liệu", "approver": "Duyệt số liệu"}
    people = {name: make_person(f"some-{name}", groups=[group], agency=agency) for name, group in groups.items()}
    for year, before, kind, by in WAITING:
        figure = make_figure(indicator=indicator, year=year, state=before)
        apply_transition(kind, {figure.pk: figure.version}, by=people[by], reason="Nhầm dấu phẩy")
    approved = make_figure(indicator=indicator, year=2020)
    make_figure(indicator=indicator, year=2026, value="3", status="estimate", published_on="2026-11-10")

    def log_in(role):
        person = make_person(role, groups=GROUPS.get(role, ()), agency=agency, is_superuser=role not in GROUPS)
        client.force_login(person)
        return {"approved": f"{FIGURES}{approved.pk}/change/"}

    return log_in


def words(client, address):
    """All that a page says, in small letters."""
    return see(client, address).text.casefold()


@pytest.mark.parametrize("before", ["", "/en"])
@pytest.mark.parametrize("role", ROLES)
def test_what_help_calls_by_name_is_on_the_pages_of_the_role(client, member, role, before):
    known = member(role)
    told = [node.text for node in see(client, f"{before}/help/{role}/").one("ol", class_="help-steps").all("b")]
    there = " ".join(words(client, before + place.format(**known)) for place in PLACES[role])
    assert [label for label in told if label.casefold() not in there] == []


@pytest.mark.parametrize("role", ROLES)
def test_help_is_as_long_in_both_languages(client, member, role):
    member(role)
    vietnamese, english = (
        see(client, f"{before}/help/{role}/").one("ol", class_="help-steps") for before in ("", "/en")
    )
    assert 5 <= len(vietnamese.all("li")) == len(english.all("li")) <= 9
    assert len(vietnamese.all("b")) == len(english.all("b"))


def test_every_role_has_a_light_picture_in_both_languages():
    pictures = {path.relative_to(PICTURES).as_posix(): path.stat().st_size for path in PICTURES.rglob("*.webp")}
    assert set(pictures) == {f"{language}/{role}.webp" for language in ("vi", "en") for role in ROLES}
    assert max(pictures.values()) <= 60_000


def test_a_stranger_reads_the_help_of_officials_and_is_led_to_the_login_for_the_others(client):
    assert client.get("/help/official/").status_code == 200
    for role in ROLES:
        if role != "official":
            assert client.get(f"/help/{role}/").headers["Location"].startswith("/login/")
    assert "sau khi đăng nhập" in see(client, "/help/").text


def test_there_is_no_help_for_a_role_that_is_none(client):
    client.force_login(make_person())
    assert client.get("/help/nobody/").status_code == 404


@pytest.mark.parametrize(
    ("address", "role"),
    [
        (SHEET, "clerk"),
        ("/admin/indicators/figure/import/", "clerk"),
        (QUEUE, "approver"),
        ("/admin/indicators/target/", "keeper"),
        ("/admin/", "administrator"),
    ],
)
def test_help_is_linked_where_the_question_arises(client, member, address, role):
    member("administrator")
    User.objects.update(is_superuser=True)
    assert any(link["href"] == f"/help/{role}/" for link in see(client, address).all("a") if "href" in link.attributes)
