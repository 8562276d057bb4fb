"""The files that show where a figure comes from: what is taken, who may add, read and remove it, where it lies.

A file is taken when its content is what its name says and nothing in it runs, hides or fetches anything
(evidence_content). It is stored under a random name, and is read by the agency's clerks and by approvers, never in public.
"""

import logging
import unicodedata
from contextlib import suppress
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..core.disk_full import is_full
from ..models import Evidence, Figure
from ..models.workflow import random_name
from .evidence_content import content_type
from .guards import Refused, guard_attach, guard_detach
from .permissions import Person

logger = logging.getLogger(__name__)

LONGEST_STEM = 120


def most_bytes() -> int:
    """How large one file may be."""
    return settings.EVIDENCE_MAX_MB * 2**20


def safe_name(name: str) -> str:
    """`name` without folders, control characters, signs that turn the direction of writing, and excess length."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    path = PurePath("".join(char for char in last if unicodedata.category(char)[0] != "C").strip(" ."))
    stem = " ".join(path.stem.split()).strip(" .")[:LONGEST_STEM].rstrip()
    return stem + path.suffix.lower()


def attach(figure: Figure, upload: UploadedFile, *, by: Person) -> Evidence:
    """Store one file with a figure. Raises ValidationError for a file that is not taken, Refused for a person who may not.

    File and row come and go together: without the row no file stays behind.
    """
    name = safe_name(upload.name or "")
    if (upload.size or 0) > most_bytes():
        raise ValidationError(
            _("“%(name)s” is larger than %(most)d MB. Send a smaller scan, or only the pages that matter."),
            "size",
            {"name": name, "most": settings.EVIDENCE_MAX_MB},
        )
    kind = content_type(name, upload.read())
    evidence = Evidence(figure=figure, name=name, content_type=kind, size=upload.size or 0, added_at=timezone.now())
    evidence.added_by_id = by.pk  # type: ignore[assignment]
    # The place is chosen before anything is written: a disk that fills up leaves half a file there.
    storage, place = evidence.file.storage, random_name(evidence, name)
    if why_not := guard_attach(figure, by):
        raise Refused(why_not)
    try:
        # A store may be slow: nobody waits for it at the figure, which is asked again once the file is there.
        _store(evidence, place, upload)
        with transaction.atomic():
            if why_not := guard_attach(Figure.objects.select_for_update().get(pk=figure.pk), by):
                raise Refused(why_not)
            evidence.save()
    except BaseException:
        with suppress(OSError):  # a store that is away keeps the half file until clean_evidence
            storage.delete(place)
        raise
    return evidence


def _store(evidence: Evidence, place: str, upload: UploadedFile) -> None:
    """Raises ValidationError where the store does not answer, OSError where a disk is full."""
    try:
        evidence.file = evidence.file.storage.save(place, upload)
    except OSError as error:
        if is_full(error):
            raise  # a page of its own tells what to do
        logger.error("A file could not be stored: %s", error)
        raise ValidationError(
            _("“%(name)s” could not be stored: the file store does not answer. Try again in a minute."),
            "store",
            {"name": evidence.name},
        ) from error


def remove_evidence(evidence: Evidence, *, by: Person) -> None:
    """Delete a file and its row; the file goes when the transaction is through. Raises Refused."""
    with transaction.atomic():
        if why_not := guard_detach(Figure.objects.select_for_update().get(pk=evidence.figure_id), by):
            raise Refused(why_not)
        storage, name = evidence.file.storage, str(evidence.file)
        evidence.delete()
        # Robust: a store that is away keeps the file, for clean_evidence to find, and the row is gone all the same.
        transaction.on_commit(lambda: storage.delete(name), robust=True)


def evidence_key(evidence: Evidence) -> str:
    """The random part of the stored name, by which the file is asked for."""
    return PurePath(str(evidence.file)).stem


def stored_as(key: str) -> str:
    """What the stored name of the file with this key begins with."""
    return f"evidence/{key}."
