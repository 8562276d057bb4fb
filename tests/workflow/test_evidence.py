"""Evidence files: what is taken for what it is, who may add, read and remove it, and what is left in the store."""

import os
import re
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from indicators.models import Evidence, Figure
from indicators.workflow import Refused, evidence
from indicators.workflow.evidence import attach, evidence_key, safe_name
from lanson import environment
from lanson import settings as configured
from tests.factories import make_agency, make_evidence, make_figure, make_indicator, make_person, make_step
from tests.files import jpeg, pdf, png
from tests.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

CLERK, APPROVER, VIEWER = "Nhập liệu", "Duyệt số liệu", "Xem"


@pytest.fixture
def media(settings, tmp_path):
    """The folder of the files, empty."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def agency():
    return make_agency(code="finance")


@pytest.fixture
def figure(agency):
    """One that the finance department has entered and not submitted."""
    return make_figure(indicator=make_indicator(agency=agency), state="entered")


@pytest.fixture
def clerk(agency):
    return make_person("lan", groups=[CLERK], agency=agency)


@pytest.fixture
def people(clerk):
    """One person of every kind."""
    return {
        "clerk": clerk,
        "clerk of another agency": make_person("hoa", groups=[CLERK], agency=make_agency()),
        "approver": make_person("minh", groups=[APPROVER]),
        "viewer": make_person("xem", groups=[VIEWER]),
        "viewer of the agency": make_person("tuan", groups=[VIEWER], agency=clerk.memberships.get().agency),
        "superuser": make_person("quantri", is_superuser=True),
        "nobody in particular": make_person("khach"),
    }


def upload(name="Báo cáo 310.pdf", content=None):
    return SimpleUploadedFile(name, pdf() if content is None else content)


def stored(media):
    """The names of the files in the store."""
    return sorted(path.name for path in media.glob("evidence/*"))


def address(action, figure, *more):
    return reverse(f"staff:{action}", args=[figure.pk, *more])


def send(client, figure, *uploads):
    return client.post(address("evidence-add", figure), {"files": list(uploads)})


def fetch(client, evidence_file, figure=None):
    return client.get(address("evidence", figure or evidence_file.figure, evidence_key(evidence_file)))


def moved(figure, state, **step):
    Figure.objects.filter(pk=figure.pk).update(state=state)
    if step:
        make_step(figure=figure, **step)
    figure.refresh_from_db()
    return figure


# --- what is taken


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Báo cáo 310/BC-UBND.PDF", "BC-UBND.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\lan\\bao cao.docx", "bao cao.docx"),
        ("gpj.\u202efdp.pdf", "gpj.fdp.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("Ba\u0301o ca\u0301o.pdf", "Báo cáo.pdf"),
        ("  .hidden.pdf", "hidden.pdf"),
        ("a \u2028 b.pdf", "a b.pdf"),
        ("\u200b.pdf", "pdf"),
    ],
)
def test_a_name_is_made_safe(name, safe):
    assert safe_name(name) == safe


def test_a_long_name_is_shortened_and_keeps_its_kind():
    name = safe_name("ộ" * 1000 + ".xlsx")
    assert name.endswith("ộ.xlsx")
    assert len(name) <= Evidence._meta.get_field("name").max_length


# --- storing


def test_a_file_lies_under_a_random_name_that_only_the_application_reads(media, figure, clerk):
    evidence_file = attach(figure, upload(), by=clerk)
    (name,) = stored(media)
    assert re.fullmatch(r"[0-9a-f]{32}\.pdf", name)
    path = media / "evidence" / name
    assert path.read_bytes() == pdf()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert (evidence_file.name, evidence_file.size, evidence_file.added_by) == ("Báo cáo 310.pdf", len(pdf()), clerk)
    assert timezone.now() - evidence_file.added_at < timedelta(minutes=1)


def test_no_address_hands_out_the_folder(client, public, settings, media, figure, clerk):
    attach(figure, upload(), by=clerk)
    (name,) = stored(media)
    for start in ("/media/", "/static/", "/evidence/", "/"):
        assert client.get(f"{start}evidence/{name}").status_code == 404


def test_a_file_that_is_too_large_is_refused(media, settings, figure, clerk):
    settings.EVIDENCE_MAX_MB = 1
    attach(figure, upload(content=pdf().ljust(2**20)), by=clerk)
    with pytest.raises(ValidationError) as refused:
        attach(figure, upload(content=pdf().ljust(2**20 + 1)), by=clerk)
    assert "1 MB" in refused.value.messages[0]
    assert len(stored(media)) == 1


def test_without_its_row_no_file_stays(media, monkeypatch, figure, clerk):
    def fails(self, *args, **options):
        assert stored(media), "the file is there before its row"
        raise IntegrityError

    monkeypatch.setattr(Evidence, "save", fails)
    with pytest.raises(IntegrityError):
        attach(figure, upload(), by=clerk)
    assert stored(media) == []


@pytest.mark.usefixtures("media")
@pytest.mark.django_db(transaction=True)
def test_a_file_goes_when_its_removal_is_certain(media, figure, clerk):
    evidence_file = attach(figure, upload(), by=clerk)
    with transaction.atomic():
        evidence.remove_evidence(evidence_file, by=clerk)
        transaction.set_rollback(True)
    assert len(stored(media)) == Evidence.objects.count() == 1
    evidence.remove_evidence(Evidence.objects.get(), by=clerk)
    assert (stored(media), Evidence.objects.count()) == ([], 0)


# --- who may


@pytest.mark.parametrize(
    ("who", "state", "may"),
    [
        ("clerk", "entered", True),
        ("clerk", "returned", True),
        ("clerk", "submitted", False),
        ("clerk", "approved", False),
        ("clerk of another agency", "entered", False),
        ("approver", "entered", False),
        ("approver", "submitted", False),
        ("viewer", "approved", False),
        ("viewer of the agency", "entered", False),
        ("nobody in particular", "entered", False),
        ("superuser", "entered", True),
        ("superuser", "submitted", True),
        ("superuser", "approved", True),
    ],
)
def test_who_may_add_a_file(media, client, figure, people, who, state, may):
    client.force_login(people[who])
    send(client, moved(figure, state), upload())
    assert (len(stored(media)) == 1) is (Evidence.objects.count() == 1) is may


@pytest.mark.parametrize(("mine", "may"), [(True, True), (False, False)])
def test_a_clerk_adds_what_was_forgotten_to_what_they_submitted_themselves(media, figure, clerk, people, mine, may):
    moved(figure, "submitted", kind="submit", by=clerk if mine else people["superuser"])
    if may:
        assert attach(figure, upload(), by=clerk).pk
    else:
        with pytest.raises(Refused):
            attach(figure, upload(), by=clerk)
    assert (len(stored(media)) == 1) is may


def test_what_is_approved_in_the_meantime_takes_no_file_any_more(media, figure, clerk):
    stale = Figure.objects.get(pk=figure.pk)
    moved(figure, "approved")
    with pytest.raises(Refused):
        attach(stale, upload(), by=clerk)
    assert stored(media) == []


READERS = {
    "clerk": True,
    "clerk of another agency": False,
    "approver": True,
    "viewer": False,
    "viewer of the agency": False,
    "nobody in particular": False,
    "superuser": True,
}


@pytest.mark.parametrize("state", ["submitted", "approved"])
@pytest.mark.parametrize(("who", "may"), READERS.items())
def test_who_may_read_a_file(client, figure, clerk, people, who, may, state):
    evidence_file = attach(figure, upload(), by=clerk)
    moved(figure, state)
    client.force_login(people[who])
    response = fetch(client, evidence_file)
    assert response.status_code == 200 if may else response.status_code in (403, 404)
    assert may is (b"".join(response) == pdf())


def test_an_approver_does_not_read_what_was_not_submitted(client, figure, clerk, people):
    evidence_file = attach(figure, upload(), by=clerk)
    client.force_login(people["approver"])
    assert fetch(client, evidence_file).status_code == 404


def test_an_open_dashboard_does_not_open_the_files(client, public, figure, clerk):
    evidence_file = attach(moved(figure, "entered"), upload(), by=clerk)
    moved(figure, "approved")
    response = fetch(client, evidence_file)
    assert response.status_code == 302
    assert "/login/" in response["Location"]
    assert send(client, figure, upload()).status_code in (302, 403)
    assert Evidence.objects.count() == 1


def test_who_is_not_of_the_staff_gets_no_file(client, figure, clerk):
    evidence_file = attach(figure, upload(), by=clerk)
    client.force_login(User.objects.create_user("reader"))
    assert fetch(client, evidence_file).status_code == 302


@pytest.mark.parametrize("change", ["other figure", "guess", "prefix", "number", "path"])
def test_a_tampered_address_leads_nowhere(client, agency, figure, clerk, change):
    own = attach(figure, upload(), by=clerk)
    foreign = make_figure(indicator=make_indicator(agency=make_agency()), state="entered")
    theirs = attach(foreign, upload(), by=make_person(is_superuser=True))
    client.force_login(clerk)
    key = evidence_key(own)
    figure_and_key = {
        "other figure": (figure.pk, evidence_key(theirs)),
        "guess": (figure.pk, "0" * 32),
        "prefix": (figure.pk, key[:31]),
        "number": (figure.pk, own.pk),
        "path": (foreign.pk, key),
    }[change]
    for name in ("evidence", "evidence-remove"):
        place = reverse(f"staff:{name}", args=figure_and_key)
        response = client.get(place) if name == "evidence" else client.post(place)
        assert response.status_code in (403, 404)
    assert Evidence.objects.count() == 2
    assert fetch(client, own).status_code == 200


@pytest.mark.parametrize(
    ("who", "state", "may"),
    [
        ("clerk", "entered", True),
        ("clerk", "returned", True),
        ("clerk", "submitted", False),
        ("clerk", "approved", False),
        ("clerk of another agency", "entered", False),
        ("approver", "submitted", False),
        ("viewer of the agency", "entered", False),
        ("superuser", "returned", True),
        ("superuser", "approved", False),
    ],
)
def test_who_may_remove_a_file(client, figure, clerk, people, who, state, may):
    evidence_file = attach(figure, upload(), by=clerk)
    moved(figure, state)
    client.force_login(people[who])
    client.post(address("evidence-remove", figure, evidence_key(evidence_file)))
    assert Evidence.objects.exists() is not may


@pytest.mark.parametrize("action", ["evidence-add", "evidence-remove"])
def test_a_link_alone_adds_and_removes_nothing(client, figure, clerk, action):
    evidence_file = attach(figure, upload(), by=clerk)
    client.force_login(clerk)
    arguments = [evidence_key(evidence_file)] if action == "evidence-remove" else []
    assert client.get(address(action, figure, *arguments)).status_code == 405


# --- the download


def test_a_file_is_sent_to_be_kept_and_not_to_be_shown(client, figure, clerk):
    evidence_file = attach(figure, upload("Báo cáo “quý III”.pdf"), by=clerk)
    client.force_login(clerk)
    response = fetch(client, evidence_file)
    assert response.streaming
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in response["Cache-Control"]
    kind, _semicolon, name = response["Content-Disposition"].partition("; filename*=utf-8''")
    assert (kind, unquote(name)) == ("attachment", "Báo cáo “quý III”.pdf")


def test_a_file_that_is_gone_from_the_store_is_not_found(client, media, figure, clerk):
    evidence_file = attach(figure, upload(), by=clerk)
    for path in media.glob("evidence/*"):
        path.unlink()
    client.force_login(clerk)
    assert fetch(client, evidence_file).status_code == 404


# --- the panel on the page of the figure


def panel(client, figure):
    """The evidence panel of the figure's page, None where there is none."""
    panels = read(client.get(reverse("admin:indicators_figure_change", args=[figure.pk]))).all("section", id="evidence")
    return panels[0] if panels else None


def test_several_files_are_taken_at_once_each_for_itself(client, figure, clerk):
    client.force_login(clerk)
    response = client.post(
        address("evidence-add", figure),
        {"files": [upload("a.pdf"), upload("b.exe", b"MZ"), upload("c.png", png()), upload("d.jpg", jpeg())]},
        follow=True,
    )
    assert [evidence_file.name for evidence_file in figure.evidence.all()] == ["a.pdf", "c.png", "d.jpg"]
    lines = [evidence_file.text for evidence_file in read(response).one("ul", class_="messagelist").all("li")]
    assert len(lines) == 2
    assert "b.exe" in lines[0]
    assert "3" in lines[1]


def test_a_post_without_a_file_says_so(client, figure, clerk):
    client.force_login(clerk)
    response = client.post(address("evidence-add", figure), follow=True)
    assert read(response).one("ul", class_="messagelist").text


def test_the_panel_names_files_who_added_them_and_what_was_removed(client, figure, clerk, people):
    attach(figure, upload("Báo cáo.pdf"), by=clerk)
    evidence_file = attach(figure, upload("Nhầm.pdf"), by=clerk)
    client.force_login(clerk)
    client.post(address("evidence-remove", figure, evidence_key(evidence_file)))
    shown = panel(client, figure)
    (file,) = shown.one("ul", class_="files").all("li")
    assert "Báo cáo.pdf" in file.text
    assert "lan" in file.text
    (removed,) = shown.one("ul", class_="removed").all("li")
    assert "Nhầm.pdf" in removed.text
    assert "lan" in removed.text
    assert len(shown.all("input", type="file")) == 1


@pytest.mark.parametrize(("who", "may"), READERS.items())
def test_the_panel_is_there_for_those_who_may_read_the_files(client, figure, people, who, may):
    moved(figure, "approved")
    if who == "nobody in particular":
        return
    client.force_login(people[who])
    shown = panel(client, figure)
    assert (shown is not None) is may
    if who in ("clerk", "approver"):
        assert shown.all("form") == []


# --- what is left behind


def clean(*options):
    out = StringIO()
    call_command("clean_evidence", *options, stdout=out)
    return out.getvalue().splitlines()


def age(path, hours):
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def test_files_of_deleted_figures_are_cleaned_away_and_others_stay(media, figure, clerk):
    staying = attach(figure, upload(), by=clerk)
    doomed = make_figure(indicator=figure.indicator, year=2024, state="entered")
    old, young = (attach(doomed, upload(), by=clerk).file.name for _number in range(2))
    for path in media.glob("evidence/*"):
        age(path, hours=25)
    age(media / young, hours=23)
    doomed.delete()
    assert clean("--dry-run") == [f"would delete {old}", "1 left behind, 0 missing"]
    assert len(stored(media)) == 3
    assert clean() == [f"deleted {old}", "1 left behind, 0 missing"]
    assert stored(media) == sorted(Path(name).name for name in (staying.file.name, young))


def test_a_row_without_its_file_is_named(media):
    evidence_file = make_evidence(file="evidence/gone.pdf")
    out = StringIO()
    with pytest.raises(CommandError, match="1 evidence files are missing"):
        call_command("clean_evidence", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith(
        f"missing evidence/gone.pdf: {evidence_file.name}, evidence of figure {evidence_file.figure_id}"
    )
    assert lines[1] == "0 left behind, 1 missing"
    assert Evidence.objects.exists()


def test_an_empty_store_is_clean():
    assert clean() == ["0 left behind, 0 missing"]


# --- settings


@pytest.mark.parametrize("text", ["", "big", "0", "201", "1.5", "-1", "٢٠"])
def test_a_size_that_cannot_be_meant_stops_the_start(monkeypatch, text):
    monkeypatch.setenv("EVIDENCE_MAX_MB", text)
    with pytest.raises(ImproperlyConfigured, match="Set EVIDENCE_MAX_MB=20"):
        environment.whole_number("EVIDENCE_MAX_MB")


def test_the_folder_of_files_is_never_one_that_is_served(monkeypatch):
    for folder in (configured.STATIC_ROOT, f"{configured.STATIC_ROOT}/evidence", configured.BASE_DIR / "static" / "e"):
        monkeypatch.setenv("MEDIA_ROOT", str(folder))
        with pytest.raises(ImproperlyConfigured, match="choose a folder of its own"):
            environment.media_root(configured.STATIC_ROOT)
    monkeypatch.setenv("MEDIA_ROOT", str(configured.BASE_DIR))
    with pytest.raises(ImproperlyConfigured):
        environment.media_root(configured.STATIC_ROOT)


def test_the_folder_of_files_lies_beside_the_code_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv("MEDIA_ROOT", raising=False)
    assert environment.media_root(configured.STATIC_ROOT) == str(configured.BASE_DIR / "var" / "media")
