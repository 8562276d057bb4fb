"""Evidence files on an S3-compatible store: a real server that speaks S3 on this machine."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from urllib.error import HTTPError
from urllib.request import urlopen

import boto3
import pytest
import time_machine as clock
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from moto.server import ThreadedMotoServer

from indicators.models import Evidence
from indicators.workflow.evidence import attach, evidence_key, remove_evidence
from lanson import services
from tests.factories import make_agency, make_evidence, make_figure, make_indicator, make_person
from tests.files import pdf
from tests.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def store():
    """Where an S3-compatible store listens."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield "{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(store, configure):
    """The empty bucket that the evidence goes to."""
    configure(f"s3+http://key:s%2Fecret@{store}/evidence-test?region=vn-hn")
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "s/ecret", "region_name": "us-east-1"}
    bucket = boto3.resource("s3", endpoint_url=f"http://{store}", **keys).Bucket("evidence-test")
    bucket.create()
    yield bucket
    bucket.objects.all().delete()


@pytest.fixture
def configure(settings, monkeypatch):
    """Takes a FILES_URL for the time of the test."""

    def take(url):
        monkeypatch.setenv("FILES_URL", url)
        settings.STORAGES = {**settings.STORAGES, "default": services.files()}

    return take


@pytest.fixture
def figure():
    return make_figure(indicator=make_indicator(agency=make_agency(code="finance")), state="entered")


@pytest.fixture
def clerk(figure):
    return make_person("lan", groups=["Nhập liệu"], agency=figure.indicator.agency)


def upload(content=None):
    return SimpleUploadedFile("Báo cáo 310.pdf", content or pdf())


def names(bucket):
    return sorted(one.key for one in bucket.objects.all())


def fetch(client, one):
    return client.get(reverse("staff:evidence", args=[one.figure_id, evidence_key(one)]), follow=True)


def told(response):
    return read(response).one("ul", class_="messagelist").text


@pytest.mark.parametrize("content", [pdf(), pdf().ljust(7 * 2**20)], ids=["small", "larger than memory takes"])
def test_a_file_goes_there_and_comes_back_through_our_own_page(client, bucket, figure, clerk, content):
    client.force_login(clerk)
    one = attach(figure, upload(content), by=clerk)
    assert names(bucket) == [one.file.name]
    response = fetch(client, one)
    assert b"".join(response) == content
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Length"] == str(len(content))
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_nobody_but_the_application_reads_the_bucket(bucket, store, figure, clerk):
    one = attach(figure, upload(), by=clerk)
    grants = bucket.Object(one.file.name).Acl().grants
    assert [(grant["Grantee"]["Type"], grant["Permission"]) for grant in grants] == [("CanonicalUser", "FULL_CONTROL")]
    with pytest.raises(HTTPError) as refused:
        urlopen(f"http://{store}/evidence-test/{one.file.name}")
    assert refused.value.code == 403
    with pytest.raises(NotImplementedError):
        _ = one.file.url


def test_a_file_that_is_gone_from_the_bucket_is_not_found(client, bucket, figure, clerk):
    one = attach(figure, upload(), by=clerk)
    bucket.Object(one.file.name).delete()
    client.force_login(clerk)
    assert fetch(client, one).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_removed_file_leaves_the_bucket(bucket, figure, clerk):
    remove_evidence(attach(figure, upload(), by=clerk), by=clerk)
    assert (names(bucket), Evidence.objects.count()) == ([], 0)


def test_without_its_row_no_file_stays_in_the_bucket(bucket, monkeypatch, figure, clerk):
    monkeypatch.setattr(Evidence, "save", lambda *args, **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        attach(figure, upload(), by=clerk)
    assert names(bucket) == []


def test_what_is_left_behind_is_cleaned_away(bucket, figure, clerk):
    kept = attach(figure, upload(), by=clerk)
    doomed = make_figure(indicator=figure.indicator, year=2024, state="entered")
    old = attach(doomed, upload(), by=clerk).file.name
    doomed.delete()
    with clock.travel(datetime.now(UTC) + timedelta(hours=25)):
        assert f"deleted {old}" in cleaned()
    assert names(bucket) == [kept.file.name]


def test_a_file_that_is_missing_fails_the_cleaning(bucket):
    make_evidence(file="evidence/gone.pdf")
    with pytest.raises(CommandError, match="1 evidence files are missing"):
        cleaned()


def cleaned():
    out = StringIO()
    call_command("clean_evidence", stdout=out)
    return out.getvalue()


def test_an_empty_bucket_is_clean(bucket):
    assert cleaned() == "0 left behind, 0 missing\n"


# --- the store is away, or refuses us

AWAY = "s3+http://key:secret@127.0.0.1:9/evidence-test"


def test_a_clerk_is_told_that_the_file_was_not_stored(client, configure, figure, clerk):
    configure(AWAY)
    client.force_login(clerk)
    address = reverse("staff:evidence-add", args=[figure.pk])
    assert "kho tệp không trả lời" in told(client.post(address, {"files": upload()}, follow=True))
    assert Evidence.objects.count() == 0


def test_who_fetches_a_file_is_told_to_try_again(client, configure, bucket, figure, clerk):
    one = attach(figure, upload(), by=clerk)
    configure(AWAY)
    client.force_login(clerk)
    assert "Chưa lấy được “Báo cáo 310.pdf”: kho tệp không trả lời" in told(fetch(client, one))


@pytest.mark.django_db(transaction=True)
def test_a_row_goes_although_its_file_cannot(client, configure, bucket, figure, clerk):
    one = attach(figure, upload(), by=clerk)
    configure(AWAY)
    remove_evidence(one, by=clerk)
    assert (len(names(bucket)), Evidence.objects.count()) == (1, 0)


def test_cleaning_says_that_it_could_not(configure):
    configure(AWAY)
    with pytest.raises(CommandError, match="Nothing was cleaned"):
        cleaned()


def test_a_bucket_that_is_not_there_is_told_like_a_store_that_is_away(configure, store, figure, clerk):
    configure(f"s3+http://key:secret@{store}/no-such-bucket")
    with pytest.raises(ValidationError) as refused:
        attach(figure, upload(), by=clerk)
    assert refused.value.code == "store"


# --- the setting


def test_without_a_setting_files_lie_in_a_folder_that_only_the_application_reads(monkeypatch):
    monkeypatch.delenv("FILES_URL", raising=False)
    assert services.files()["OPTIONS"] == {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}


def test_an_address_names_store_bucket_region_and_keys(monkeypatch):
    monkeypatch.setenv("FILES_URL", "s3://KEY:a%2Fb%40c@s3.langson.gov.vn:9000/evidence?region=vn-1")
    assert services.files()["OPTIONS"] == {
        "endpoint_url": "https://s3.langson.gov.vn:9000",
        "bucket_name": "evidence",
        "region_name": "vn-1",
        "access_key": "KEY",
        "secret_key": "a/b@c",
    }


@pytest.mark.parametrize(
    "text",
    [
        "on",
        "s3://",
        "s3://host/bucket",
        "s3://KEY@host/bucket",
        "s3://KEY:secret@host",
        "s3://KEY:secret@host/",
        "s3://KEY:secret@host/a/b",
        "s3://KEY:secret@host/Bucket",
        "s3://KEY:secret@host:port/bucket",
        "s3://KEY:se/cret@host/bucket",
        "s3://KEY:secret@host/bucket?acl=public-read",
        "https://KEY:secret@host/bucket",
        "/srv/files",
    ],
)
def test_anything_else_is_refused_without_repeating_the_secret(monkeypatch, text):
    monkeypatch.setenv("FILES_URL", text)
    with pytest.raises(ImproperlyConfigured, match="Write s3://KEY:SECRET@host:port/bucket") as refused:
        services.files()
    assert "secret" not in str(refused.value)
