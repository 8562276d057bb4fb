"""The mail that tells each person what waits for them."""

from datetime import date

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from .inbox import open_work


def digests(as_of: date) -> list[tuple[User, EmailMessage]]:
    """Each active person for whom something waits on `as_of` and their mail, in the language of the office.

    The mail of a person without an address goes to nobody.
    """
    mails = []
    with translation.override(settings.LANGUAGE_CODE):
        work = open_work(as_of)
        for person in User.objects.filter(is_active=True).order_by("pk"):
            inbox = work.inbox_of(person)
            if not inbox.has_news:
                continue
            context = {
                "name": person.get_full_name() or _("colleague"),
                "inbox": inbox,
                "as_of": as_of,
                "site": settings.SITE_URL,
                "sheet": settings.SITE_URL + reverse("staff:sheet"),
            }
            subject = render_to_string("email/digest_subject.txt", context).strip()
            body = render_to_string("email/digest.txt", context)
            mails.append((person, EmailMessage(subject, body, to=[person.email] if person.email else [])))
    return mails
