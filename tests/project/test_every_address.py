"""Closed by default: every address of the project stands in a table that says who gets in, and the walk tries it.

An address that is in no row fails, and so does a row that no address needs. Who may do what with which record is
another table: tests/workflow/test_permissions_matrix.py.
"""

import re
from fnmatch import fnmatchcase

import pytest
from django.apps import apps
from django.conf import settings as project
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, get_resolver

from indicators.accounts.models import SignInKind, log_sign_in
from indicators.models import ApiToken
from indicators.workflow.history_withdrawal import withdraw_from_history
from tests import factories
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

# Who gets in:
#   everybody   whoever asks
#   dashboard   whoever is logged in; everybody where PUBLIC_DASHBOARD is on; others are led to the login
#   machines    the same, or a token; others are told 401
#   token       whoever has METRICS_TOKEN, where METRICS is on; not there otherwise, as here
#   members     whoever is logged in, also before an open dashboard
#   door        whoever is_staff is led on, strangers to the login, others are told that they may not
#   staff       whoever is_staff; nothing of a record is told
#   right       whoever has a right to the record; 403 or 404 for others
# "post" after it: by POST alone, a link does nothing.
TABLE = """
healthz                                          everybody
readyz                                           everybody
metrics                                          token
favicon.ico                                      everybody
login/                                           everybody
logout/                                          everybody post
login/code/                                      members
account/                                         members
account/password/                                members
account/second-factor/                           members
account/recovery-codes/                          members
account/saved-filters/                           members post
account/sign-out-everywhere/                     members post
admin/login/                                     door
admin/password_change/                           members

reports/*.csv                                    dashboard
reports/terms/<int:last_year>.xlsx               dashboard
reports/years/<int:year>.xlsx                    dashboard
reports/package.zip                              dashboard
api/v1/                                          dashboard

                                                 dashboard
terms/<int:last_year>/                           dashboard
terms/<int:last_year>/present/                   dashboard
compare/                                         dashboard
years/<int:year>/                                dashboard
sectors/<slug:code>/                             dashboard
agencies/<slug:code>/                            dashboard
embed/<slug:code>/                               dashboard
indicators/                                      dashboard
indicators/<slug:code>/                          dashboard
sources/                                         dashboard
sources/<slug:code>/                             dashboard
reports/                                         dashboard
reports/terms/<int:last_year>/print/             dashboard
reports/terms/<int:last_year>/text/              dashboard
reports/years/<int:year>/print/                  dashboard
method/                                          dashboard
help/                                            dashboard
help/official/                                   dashboard
help/<slug:role>/                                members

api/v1/?*                                        machines
sdmx/*                                           machines

admin/                                           staff
admin/logout/                                    staff post
admin/password_change/done/                      staff
admin/jsi18n/                                    staff
admin/r/*                                        staff
admin/^(?P<app_label>*)/$                        right
admin/autocomplete/                              right
admin/(?P<url>.*)$                               staff
admin/indicators/figure/sheet/                   right
admin/indicators/figure/queue/                   right
admin/indicators/figure/completeness/            right
admin/indicators/figure/targets/list/            right
admin/indicators/figure/targets/moves/           right post
admin/indicators/figure/import/                  right
admin/indicators/figure/import/template/         right
admin/indicators/figure/import/<int:pk>/         right
admin/indicators/figure/import/<int:pk>/to-mend/  right
admin/indicators/figure/<int:pk>/transition/           right post
admin/indicators/figure/<int:pk>/evidence/       right post
admin/indicators/figure/<int:pk>/evidence/<slug:key>/         right
admin/indicators/figure/<int:pk>/evidence/<slug:key>/remove/  right post
admin/indicators/figure/explanations/<int:pk>/decide/         right post
admin/auth/user/<id>/password/                   right
admin/auth/user/<int:pk>/history/<slug:key>/restore/          right post
"""
# The pages that Django gives to every record, and the records that have them.
RECORDS = """
indicators  sector agency term source indicator assignment membership explanation deadline figure aggregate comparison
indicators  target targetproposal officialresult officialverdict apitoken historywithdrawal
auth        user group
accounts    signin
"""
PAGES = {
    "": "right",
    "add/": "right",
    "<path:object_id>/": "staff",  # leads on to the page of the record, whatever it is
    "<path:object_id>/change/": "right",
    "<path:object_id>/delete/": "right",
    "<path:object_id>/history/": "right",
    "^([^/]+)/history/([^/]+)/$": "right",
}
ROWS = [
    (line[:49].strip() if line[:1] == " " else line.split("  ")[0], line.split()) for line in TABLE.split("\n") if line
]
DECIDED = {address: words[words[0] == address :] for address, words in ROWS}
MODELS = [(app, name) for app, *names in map(str.split, RECORDS.strip().split("\n")) for name in names]
DECIDED |= {f"admin/{app}/{name}/{page}": [who] for app, name in MODELS for page, who in PAGES.items()}


def addresses(patterns, before=""):
    """Every address that leads to a view, as its pattern, namespaces and the admin included."""
    for one in patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield address
        else:
            yield from addresses(one.url_patterns, address)


ALL = sorted(set(addresses(get_resolver().url_patterns)))


def decision(address):
    """What the table says of an address: its row, and who gets in; a row that names it goes before one that covers it."""
    if address in DECIDED:
        return address, DECIDED[address]
    return next(((row, who) for row, who in DECIDED.items() if fnmatchcase(address, row)), (None, None))


def test_somebody_has_decided_about_every_address():
    assert [address for address in ALL if decision(address)[0] is None] == []


def test_no_row_is_left_over():
    needed = {decision(address)[0] for address in ALL}
    # Groups and sign-ins have no old versions, and those of people are kept in a page of their own.
    without = {f"admin/{name}/^([^/]+)/history/([^/]+)/$" for name in ("auth/user", "auth/group", "accounts/signin")}
    assert set(DECIDED) - needed - without == set()


# --- one of everything, and the addresses with it filled in


@pytest.fixture
def world():
    """A record of every model that has pages, its first by name."""
    indicator = factories.make_indicator(code="growth")
    factories.make_target(indicator=indicator)
    figure = factories.make_figure(indicator=indicator, state="entered")
    factories.make_figure(indicator=indicator, year=2020)
    factories.make_evidence(figure=figure)
    for name in ("assignment", "membership", "explanation", "deadline", "aggregate", "comparison", "official_result"):
        getattr(factories, f"make_{name}")()
    factories.make_official_verdict()
    factories.new_target_proposal().save()
    ApiToken.issue("other system")[0].save()
    withdrawn = factories.make_figure(indicator=indicator, year=2019, state="returned")
    withdraw_from_history(withdrawn, "Nhầm", by=make_person(is_superuser=True))
    Group.objects.get_or_create(name="Xem")
    log_sign_in(SignInKind.FAILED, "nobody")
    return {"figure": figure, "indicator": indicator}


def filled_in(address, world):
    """The address as somebody would ask for it."""
    parts = address.split("/")
    known = {"<int:last_year>": "2025", "<int:year>": "2025", "<id>": str(make_person().pk)}
    known |= {"<int:pk>": str(world["figure"].pk), "<slug:key>": "abc"}
    if parts[0] == "admin" and len(parts) > 3 and (parts[1], parts[2]) in MODELS:
        pk = str(apps.get_model(parts[1], parts[2]).objects.order_by("pk").first().pk)
        known |= {"<path:object_id>": pk, "^([^/]+)/history/([^/]+)/$": f"{pk}/history/1/"}
    codes = {"sectors": world["indicator"].sector, "agencies": factories.make_agency(), "sources": factories.source()}
    known["<slug:role>"] = "clerk"
    known["<slug:code>"] = getattr(codes.get(parts[0]), "code", "growth")
    known |= {
        "<path:content_type_id>/<path:object_id>": "1/1",
    }
    known |= {"(?P<url>.*)$": "nowhere/", "(?P<path>.+)": "nowhere", "(?P<path>.*)": "nowhere", "<key>": "1"}
    known |= {"<str:kind>": "dataflow", "<str:agency>": "*", "<str:id_>": "*", "<str:version>": "*"}
    known |= {"<str:flow>": "FIGURES", "<str:key>": "*"}
    # The admin names its apps here in the order in which they were registered.
    address = re.sub(r"\^\(\?P<app_label>[a-z|]+\)/\$", "indicators/", address)
    for pattern, example in known.items():
        address = address.replace(pattern, example)
    assert not re.search(r"[<>^$]", address), f"{address}: give an example in filled_in"
    return f"/{address}"


VISITORS = {
    "a stranger before a closed dashboard": (None, False),
    "a stranger before an open one": (None, True),
    "a reader": ({"is_staff": False}, False),
    "staff without a right": ({"is_staff": True}, False),
}
# What each of them gets, by who gets in.
LET_IN = {
    "everybody": ["in", "in", "in", "in"],
    "dashboard": ["login", "in", "in", "in"],
    "machines": ["401", "in", "in", "in"],
    "token": ["refused", "refused", "refused", "refused"],
    "members": ["login", "login", "in", "in"],
    "door": ["login", "login", "refused", "in"],
    "staff": ["login", "login", "login", "in"],
    "right": ["login", "login", "login", "refused"],
}


def visiting(name):
    """Asks as that kind of visitor, who is logged in anew each time: some address may have logged them out."""
    fields, project.PUBLIC_DASHBOARD = VISITORS[name]
    client, person = Client(raise_request_exception=False), fields and make_person(**fields)

    def ask(address, sent=None):
        if person:
            client.force_login(person)
        response = client.get(address) if sent is None else client.post(address, sent)
        b"".join(response)  # a download that nobody takes is broken off
        return response

    return ask


def outcome(response):
    """What became of a request, in a word."""
    location = response.headers.get("Location", "")
    if "/login/?next=" in location:
        return "login"
    if response.status_code == 401:
        return "401"
    if response.status_code in (403, 404) or (response.status_code == 302 and location == "/admin/"):
        return "refused"
    return "error" if response.status_code >= 500 else "in"


@pytest.mark.parametrize("name", VISITORS)
def test_who_gets_in_is_what_the_table_says(world, settings, name):
    settings.SECOND_FACTOR = True
    ask, place, wrong = visiting(name), list(VISITORS).index(name), []
    for address in ALL:
        who, *post = decision(address)[1]
        response = ask(filled_in(address, world), {} if post else None)
        expected, got = LET_IN[who][place], outcome(response)
        kept = bool(post) and expected == "login" and response.status_code == 403
        nothing = expected == "in" and response.status_code == 404 and who in ("machines", "staff")
        led_on = got == "refused" and response.status_code == 302 and address in ("admin/login/", "admin/logout/")
        if got != expected and not (kept or nothing or led_on):
            wrong.append(f"{address}: {expected} expected, {got} found ({response.status_code})")
    assert wrong == []


def test_a_link_does_nothing_where_a_form_is_needed(world, admin_client):
    for address in ALL:
        if "post" in decision(address)[1]:
            assert admin_client.get(filled_in(address, world)).status_code in (403, 405), address


def stored():
    """How many rows each table of ours has."""
    return {model._meta.label: model.objects.count() for model in apps.get_app_config("indicators").get_models()}


@pytest.mark.parametrize("name", list(VISITORS)[1:])
def test_nothing_changes_for_a_form_from_who_has_no_right(world, settings, name):
    ask, asked = visiting(name), [filled_in(address, world) for address in ALL]
    sent = {"post": "yes", "transition": "submit", "_submit": "1", "action": "delete_selected", "_selected_action": "1"}
    before = stored()
    assert [address for address in asked if outcome(ask(address, sent)) == "error"] == []
    assert stored() == before
