"""Evidence in a bucket of an S3-compatible store: private, without addresses of its own, read through our views only."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

Answer = TypeVar("Answer")

IN_MEMORY = 5 * 2**20  # what is larger lies in a temporary file while it is sent

_CONFIG = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"max_attempts": 2, "mode": "standard"},
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    # Newer checksums are unknown to many stores that are compatible otherwise.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class StoreAway(OSError):
    """The file store does not answer, or refuses us."""


def _as_file_error(method: Callable[..., Answer]) -> Callable[..., Answer]:
    """The same, failing as a disk fails: who keeps files need not know which store it is. Raises StoreAway."""

    @wraps(method)
    def guarded(*args: Any, **kwargs: Any) -> Answer:
        """Raises StoreAway, and FileNotFoundError as it is."""
        try:
            return method(*args, **kwargs)
        except (BotoCoreError, ClientError, Boto3Error) as error:
            raise StoreAway(f"The file store of FILES_URL: {error}") from error

    return guarded


class Bucket(S3Storage):
    """Django's view of the bucket. Errors are OSErrors, FileNotFoundError among them."""

    def __init__(self, **options: Any) -> None:
        fixed = {"client_config": _CONFIG, "default_acl": "private", "file_overwrite": False}
        super().__init__(**fixed, max_memory_size=IN_MEMORY, **options)

    @_as_file_error
    def _open(self, name: str, mode: str = "rb") -> File:
        file = super()._open(name, mode)
        if "r" in mode:
            _ = file.file  # fetched now: what cannot be read fails before the answer has begun
        return file

    @_as_file_error
    def _save(self, name: str, content: File) -> str:
        return super()._save(name, content)

    @_as_file_error
    def delete(self, name: str) -> None:
        super().delete(name)

    @_as_file_error
    def exists(self, name: str) -> bool:
        return super().exists(name)

    @_as_file_error
    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        return super().listdir(name)

    @_as_file_error
    def get_modified_time(self, name: str) -> Any:
        return super().get_modified_time(name)

    def url(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises NotImplementedError: files are read through our views, which ask who may."""
        raise NotImplementedError("Evidence has no public address.")
