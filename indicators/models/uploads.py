"""Files of figures between their upload and their import. They wait in the database, which every machine that
serves the pages shares, and only their owner's pages read them."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT_FOR = timedelta(days=1)


class UploadQuerySet(models.QuerySet):
    def forget_old(self) -> None:
        """Delete what nobody came back for."""
        self.filter(added_at__lt=timezone.now() - KEPT_FOR).delete()


class Upload(models.Model):
    """A file somebody is about to import, and what it would change.

    `shared` has what was said at the upload for rows that leave it empty: the text by the name of the column.
    `review` has a line of JSON for each row, compressed; `summary` counts them. Both are empty until the file was gone
    through, `language` is the one they are worded in. `content` is emptied when the figures are written.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploads", verbose_name=_("by whom")
    )
    name = models.CharField(_("file name"), max_length=200)
    content = models.BinaryField()
    added_at = models.DateTimeField(_("added at"), default=timezone.now, db_index=True)
    shared = models.JSONField(null=True)
    notation = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=2, blank=True)
    review = models.BinaryField(null=True)
    summary = models.JSONField(null=True)
    written_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        ordering = ["-added_at", "-pk"]

    def __str__(self) -> str:
        return self.name
