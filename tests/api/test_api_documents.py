"""docs/api.md says what is true: its fields, and its ten lines of Python, which draw GRDP growth from a running server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from indicators.api.schemas import ROWS, ChangeRow, ProgressItem
from tests.browsing import NARROW, WIDE, resize, sideways, violations, visit

pytestmark = pytest.mark.django_db

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("row", [*ROWS.values(), ProgressItem, ChangeRow])
def test_every_field_is_documented_as_it_is_described(row):
    table = [
        "| {} | {} | {} |".format(f"`{name}`", *field.description.split(" · "))
        for name, field in row.model_fields.items()
    ]
    assert "\n".join(table) in TEXT


def test_ten_lines_of_python_draw_grdp_growth(site, tmp_path):
    (program,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert len(program.splitlines()) <= 10
    subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=os.environ | {"TRACKER": site}, check=True, timeout=60
    )
    chart = (tmp_path / "grdp-growth.html").read_text(encoding="utf-8")
    assert '"x":[2015,2018,2020,2021,2022,2023,2024,2025]' in chart
    assert '"y":[9.67,8.36,2.09,6.67,7.22,7,6.01,8.06]' in chart


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_to_try_it_can_be_used_by_everybody(site, page, language):
    visit(page, f"{site}/api/v1/?lang={language}")
    for scheme, width in (("light", WIDE), ("dark", NARROW)):
        page.emulate_media(color_scheme=scheme)
        resize(page, width)
        assert violations(page) == [], (scheme, width)
        assert sideways(page) == 0


def test_a_form_of_the_page_answers(site, page):
    visit(page, f"{site}/api/v1/")
    form = page.locator('form[action="/api/v1/figures"]')
    form.locator('[name="indicator"]').fill("grdp-growth")
    form.locator('[name="in_force"]').select_option("true")
    with page.expect_response("**/api/v1/figures?*") as answer:
        form.locator("button").click()
    assert answer.value.status == 200
    assert answer.value.json()["total"] == 16
