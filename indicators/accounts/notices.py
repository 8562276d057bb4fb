"""Mails to people about their own account, when somebody else changed what they sign in with."""

import logging
from functools import partial

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from .models import SignInKind

logger = logging.getLogger(__name__)


def tell(person: User, kind: SignInKind, by: User, address: str = "") -> bool:
    """Mail `person`, at `address` where it is no longer theirs, what `by` did; False where there is no address.

    It leaves once the change is stored. A mail server that is away undoes nothing: the log says what was not sent.
    """
    address = address or person.email
    if not address:
        return False
    context = {
        "name": person.get_username(),
        "full_name": person.get_full_name() or person.get_username(),
        "what": kind.label,
        "by": by,
        "at": timezone.now(),
        "help_contact": settings.HELP_CONTACT,
    }
    with translation.override(settings.LANGUAGE_CODE):
        subject = render_to_string("email/account_subject.txt", context).strip()
        text = render_to_string("email/account.txt", context | {"site": settings.SITE_URL})
    transaction.on_commit(partial(_send, subject, text, address))
    return True


def _send(subject: str, text: str, address: str) -> None:
    try:
        send_mail(subject, text, None, [address])
    except OSError as error:  # what smtplib raises is one
        logger.error("A mail about a changed account could not be sent: %s", error)
