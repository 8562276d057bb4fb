"""A tool that knows nothing of us asks what the description allows, and what it forbids, and finds nothing to say.

Here it asks a little of everything and everything of a little; all of everything is asked by the tool alone, of a server
that runs: `schemathesis run http://127.0.0.1:8000/api/v1/openapi.json`.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from indicators.models import ApiToken
from lanson.environment import BASE_DIR
from tests.conftest import TODAY

TOOL = Path(sys.executable).with_name("schemathesis")

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def secret(site, django_db_blocker):
    """The secret of a token that the server's threads know; the server's own fixture wipes it."""
    token, secret = ApiToken.issue("schemathesis")
    with django_db_blocker.unblock():
        token.save()
    return secret


def complaints(site, tmp_path, *options):
    """What the tool found, empty when nothing."""
    command = [TOOL, "run", f"{site}/api/v1/openapi.json", "--max-examples", "5", "--seed", "1", "--no-color", *options]
    own = os.environ | {"SCHEMATHESIS_HOOKS": "tests.schemathesis_hooks", "PYTHONPATH": str(BASE_DIR)}
    own["TODAY"] = TODAY.date().isoformat()
    result = subprocess.run(command, cwd=tmp_path, env=own, capture_output=True, text=True, timeout=600)
    return result.stdout[-6000:] if result.returncode else ""


def test_every_address_of_an_open_dashboard_holds_to_its_description(site, tmp_path):
    assert complaints(site, tmp_path, "--phases", "examples,fuzzing") == ""


def test_every_parameter_of_a_closed_one_does_so_for_who_has_a_token(site, secret, tmp_path, settings):
    settings.PUBLIC_DASHBOARD = False
    header = ("--header", f"Authorization: Bearer {secret}")
    assert (
        complaints(site, tmp_path, "--phases", "coverage", "--include-path-regex", "progress|figures/", *header) == ""
    )
