"""Receivers are told of an approval: signed, once it is stored, tried again when they are away, and never led astray."""

import hashlib
import hmac
import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from indicators import workflow
from indicators.api import webhooks
from indicators.api.webhooks import NotSent, allowed_addresses
from indicators.models import Delivery, State, StepKind
from lanson import environment
from tests.factories import make_figure, make_indicator, make_person

pytestmark = pytest.mark.django_db

SECRET = "s" * 32


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it is told and answers with a status."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def receiver(settings):
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.told, server.status = [], 200
    Thread(target=server.serve_forever, daemon=True).start()
    settings.WEBHOOK_URLS = [f"http://127.0.0.1:{server.server_port}/hook?from=lanson"]
    settings.WEBHOOK_SECRET = SECRET
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def figure():
    return make_figure(indicator=make_indicator(code="growth"), state=State.SUBMITTED, value="6.5")


def approve(figure):
    approver = make_person(groups=["Duyệt số liệu"])
    outcome = workflow.apply_transition(StepKind.APPROVE, {figure.pk: figure.version}, by=approver)
    assert len(outcome.moved) == 1


def send(capsys):
    """What one run of the command prints, and whether it found everything in order."""
    try:
        call_command("send_webhooks")
    except SystemExit as stop:
        return stop.code == 0, capsys.readouterr()
    return True, capsys.readouterr()


def later(**pause):
    """As if so much time had passed since the last try."""
    for record in Delivery.objects.exclude(next_try_at=None):
        Delivery.objects.filter(pk=record.pk).update(next_try_at=record.next_try_at - timedelta(**pause))


def test_nothing_is_kept_where_nobody_is_to_be_told(figure):
    approve(figure)
    assert not Delivery.objects.exists()


def test_an_approval_is_told_signed_and_once(receiver, figure, capsys, settings):
    approve(figure)
    assert receiver.told == []  # not by the request of the approver
    assert send(capsys)[0]
    ((path, headers, body),) = receiver.told
    content = json.loads(body)
    assert path == "/hook?from=lanson"
    assert (content["event"], content["indicator"], content["period"]) == ("figure.approved", "growth", "2021")
    assert content["url"] == f"{settings.SITE_URL}/api/v1/figures/{figure.pk}"
    signed = hmac.new(SECRET.encode(), f"{headers['X-Timestamp']}.".encode() + body, hashlib.sha256)
    assert headers["X-Signature"] == f"sha256={signed.hexdigest()}"
    assert b"6.5" not in body
    assert send(capsys)[0]
    assert len(receiver.told) == 1


def test_only_an_approval_is_told(receiver, figure):
    approver = make_person(groups=["Duyệt số liệu"])
    workflow.apply_transition(StepKind.RETURN, {figure.pk: figure.version}, by=approver, reason="Thiếu nguồn")
    assert not Delivery.objects.exists()


def test_an_approval_that_is_undone_is_never_told(receiver, figure):
    with transaction.atomic():
        approve(figure)
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_what_fails_is_tried_again_after_twice_the_pause(receiver, figure, capsys):
    receiver.status = 500
    approve(figure)
    in_order, printed = send(capsys)
    assert not in_order
    assert "HTTP 500" in printed.err
    assert send(capsys)[0]  # its time has not come
    assert len(receiver.told) == 1
    delivery = Delivery.objects.get()
    assert timedelta(minutes=1) < delivery.next_try_at - timezone.now() <= timedelta(minutes=2)
    later(minutes=2)
    assert not send(capsys)[0]
    pause = Delivery.objects.get().next_try_at - timezone.now()
    assert timedelta(minutes=3) < pause <= timedelta(minutes=4)
    receiver.status = 204
    later(minutes=4)
    assert send(capsys)[0]
    delivery.refresh_from_db()
    assert delivery.delivered_at
    assert (delivery.error, delivery.next_try_at) == ("", None)


def test_a_receiver_that_stays_away_is_given_up(receiver, figure, capsys):
    receiver.status = 500
    approve(figure)
    printed = ""
    for _ in range(20):
        later(days=9)
        printed += send(capsys)[1].err
    assert len(receiver.told) == 12
    assert printed.endswith("(given up)\n")


def test_a_try_belongs_to_one_process(receiver, figure):
    approve(figure)
    one, other = Delivery.objects.get(), Delivery.objects.get()
    assert [one.claim(), other.claim()] == [True, False]


def test_a_figure_that_was_taken_back_is_not_told(receiver, figure, capsys):
    approve(figure)
    figure.refresh_from_db()
    figure.state = State.RETURNED
    figure.save()
    send(capsys)
    assert receiver.told == []


def test_a_figure_of_tomorrow_is_told_tomorrow(receiver, capsys, today, time_machine):
    approve(make_figure(state=State.SUBMITTED, published_on="2026-11-23"))
    send(capsys)
    assert receiver.told == []
    time_machine.shift(timedelta(days=1))
    send(capsys)
    assert len(receiver.told) == 1


def test_a_redirect_is_not_followed(receiver, figure, capsys):
    receiver.status = 302
    approve(figure)
    assert "HTTP 302" in send(capsys)[1].err


def test_a_receiver_that_is_not_configured_any_more_is_told_nothing(receiver, figure, capsys, settings):
    approve(figure)
    settings.WEBHOOK_URLS = []
    assert send(capsys)[1].out == "0 sent, 0 failed\n"
    assert receiver.told == []


# --- where it may lead


@pytest.mark.parametrize(
    ("address", "internal", "allowed"),
    [
        ("93.184.216.34", False, True),
        ("10.1.2.3", False, False),
        ("10.1.2.3", True, True),
        ("192.168.1.1", False, False),
        ("169.254.169.254", True, False),
        ("127.0.0.1", True, False),
        ("0.0.0.0", True, False),
        ("224.0.0.1", True, False),
        ("::1", True, False),
        ("fe80::1", True, False),
        ("::ffff:127.0.0.1", True, False),
        ("::ffff:10.1.2.3", False, False),
        ("fd00::1", True, True),
    ],
)
def test_a_name_leads_only_to_where_it_may(monkeypatch, settings, address, internal, allowed):
    settings.WEBHOOK_INTERNAL = internal
    monkeypatch.setattr(webhooks.socket, "getaddrinfo", lambda *_args, **_options: [(0, 0, 0, "", (address, 443))])
    if allowed:
        assert allowed_addresses("ioc.example.vn", 443) == [address]
    else:
        with pytest.raises(NotSent, match="not allowed"):
            allowed_addresses("ioc.example.vn", 443)


def test_one_bad_address_of_a_name_is_enough(monkeypatch):
    both = [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(webhooks.socket, "getaddrinfo", lambda *_args, **_options: both)
    with pytest.raises(NotSent, match=r"10\.0\.0\.1"):
        allowed_addresses("ioc.example.vn", 443)


@pytest.mark.parametrize(
    "url",
    [
        "http://ioc.example.vn/",
        "ftp://ioc.example.vn/",
        "https://user:secret@ioc.example.vn/",
        "https:///hook",
        "ioc.example.vn",
    ],
)
def test_an_address_that_is_neither_https_nor_this_machine_stops_the_start(monkeypatch, url):
    monkeypatch.setenv("WEBHOOK_URLS", url)
    with pytest.raises(ImproperlyConfigured, match="https://ioc"):
        environment.webhook_urls()


def test_a_receiver_needs_a_secret(monkeypatch):
    monkeypatch.setenv("WEBHOOK_SECRET", "short")
    with pytest.raises(ImproperlyConfigured, match="at least 32"):
        environment.webhook_secret(["https://ioc.example.vn/hook"])
