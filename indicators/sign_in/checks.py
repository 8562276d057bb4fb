"""Settings that are allowed, and that an office should not run with."""

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def second_factor_is_on(**_options: Any) -> list[checks.CheckMessage]:
    if settings.SECOND_FACTOR:
        return []
    hint = "Remove SECOND_FACTOR=off, so that approvers and administrators sign in with a second factor."
    return [checks.Warning("A stolen password alone can approve figures.", hint=hint, id="sign_in.W001")]
