"""Where the store of evidence and the database disagree: files that no row has, rows whose file is gone."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from ..models import Evidence

FOLDER = "evidence"
# A file is stored before its row: a younger one may belong to an upload that is under way.
OLD_ENOUGH = timedelta(days=1)


def orphans_and_missing() -> tuple[list[str], list[Evidence]]:
    """The stored files, by name, that no figure has any more, and the rows whose file is gone.

    Raises OSError where the store does not answer.
    """
    # Files first: one that is stored in between has its row by the time the rows are read.
    stored = _stored_files()
    named = set(Evidence.objects.values_list("file", flat=True))
    latest = timezone.now() - OLD_ENOUGH
    orphans = [name for name in sorted(stored - named) if default_storage.get_modified_time(name) < latest]
    rows = Evidence.objects.select_related("figure__indicator")
    return orphans, [row for row in rows if row.file.name not in stored]


def _stored_files() -> set[str]:
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:  # nothing was ever stored
        return set()
    return {f"{FOLDER}/{name}" for name in names}
