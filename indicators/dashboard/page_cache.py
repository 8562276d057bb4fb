"""The page cache: an answer is computed once after each change; a reader who has it gets 304, every other the cached bytes.

The database names the present state of everything public (models/data_version.py), whatever server asks. The day belongs
to the cache key (a figure may be published tomorrow), and so do the code and the settings that word the answer.
"""

import hashlib
import logging
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.cache import get_conditional_response

from ..core.deadline import Held
from ..models import DataVersion

logger = logging.getLogger(__name__)

TIMEOUT = 3600  # seconds that an entry nobody asks for stays in the cache
LOCK_TIMEOUT = 5  # seconds that a request waits for another one that computes the same answer
MAX_BYTES = 4_000_000  # what is larger is computed each time
COMPRESSION_LEVEL = 1  # the fastest: a page takes a fifth of its place
KEY_SETTINGS = (
    *("SAMPLE_DATA", "PUBLIC_DASHBOARD", "EMBED_ORIGINS", "SITE_URL"),
    *("API_PER_MINUTE", "PLOTLY_BUNDLE", "PLOTLY_LOCALE", "PAPER_FONT"),
)
LOCK_FILES = ("requirements.lock", "package-lock.json")  # which packages, and so which static files

# After a change many ask for the same: one thread computes it, the others of the process wait and read the cache.
_LOCKS = [Lock() for _index in range(64)]

# What stands in a cached page where the reader's own tokens belong.
_NONCE, _TOKEN = b"\x00nonce\x00", b"\x00token\x00"
_CSRF_FIELD = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]+')


def cached_response(request: HttpRequest, compute: Callable[[], HttpResponseBase], *key_parts: str) -> HttpResponseBase:
    """The answer for `key_parts` (address, language, kind of reader, …): 304 for who has it, else cached or computed.

    The version is read before the content: a change in between makes the answer too new for its name, never too old.
    """
    key = _key(DataVersion.objects.current(), *key_parts)
    # A page holds tokens of its reader, which are others after the next login.
    etag = f'W/"{_key(key, request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""))}"'
    not_modified = get_conditional_response(request, etag=etag)
    if not_modified is not None:
        not_modified["ETag"] = etag
        # The reader's copy goes with the policy it came with: its nonce is in it.
        not_modified._csp_exempt = True  # type: ignore[attr-defined]
        return not_modified
    response = _read(key, request) or compute_once(key, request, compute)
    if response.status_code == 200:
        response["ETag"] = etag
    return response


def compute_once(key: str, request: HttpRequest, compute: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What `compute` answers, cached under `key`; of many requests at once only one computes it."""
    # Few locks for all keys: two answers that share one wait for each other at worst.
    lock = _LOCKS[int(key, 16) % len(_LOCKS)]
    with Held(lock, LOCK_TIMEOUT):  # what takes longer is no reason to hold up the rest
        return _read(key, request) or _store(key, request, compute())


def _key(*parts: str) -> str:
    values = (
        *parts,
        str(timezone.localdate()),
        _code_version(),
        *(str(getattr(settings, name)) for name in KEY_SETTINGS),
    )
    return hashlib.sha256("\x00".join(values).encode()).hexdigest()[:32]


def _read(key: str, request: HttpRequest) -> HttpResponse | None:
    """The cached answer with this reader's tokens. None too when the cache is away or holds something else."""
    try:
        response = cache.get(key)
        if isinstance(response, HttpResponse):
            response.content = _with_tokens(request, zlib.decompress(response.content))
            return response
    except Exception:
        logger.warning("Answers are worked out anew: the cache does not answer, or with something else.", exc_info=True)
    return None


def _write(key: str, response: HttpResponse) -> None:
    """Cache `response`, which holds its content compressed; what decorators said of it goes along."""
    try:
        cache.set(key, response, TIMEOUT)
    except Exception:
        logger.warning("An answer is not kept: the cache does not take it.", exc_info=True)


def _store(key: str, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """`response`, which is cached under `key` unless it is an error, a file on disk or too large."""
    if response.status_code != 200 or request.method != "GET":
        return response
    # Not its subclass FileResponse: a workbook is a file, and is made again when it is asked for again.
    if type(response) is StreamingHttpResponse:
        pieces = map(response.make_bytes, response)
        response.streaming_content = _stored_at_the_end(key, pieces, dict(response.headers))
    elif isinstance(response, HttpResponse) and len(response.content) <= MAX_BYTES:
        content = response.content
        # The copy with compressed content goes into the cache; the reader gets the page as it was.
        response.content = zlib.compress(_without_tokens(request, content), COMPRESSION_LEVEL)
        _write(key, response)
        response.content = content
    return response


def _stored_at_the_end(key: str, pieces: Iterable[bytes], headers: dict[str, str]) -> Iterator[bytes]:
    """The same pieces, cached together once the last one has been asked for. Memory stays bounded."""
    compressor, compressed, size = zlib.compressobj(COMPRESSION_LEVEL), b"", 0
    for piece in pieces:
        size += len(piece)
        # Too large: let go of what was collected, the reader still gets the rest.
        compressed = compressed + compressor.compress(piece) if size <= MAX_BYTES else b""
        yield piece
    if size <= MAX_BYTES:
        _write(key, HttpResponse(compressed + compressor.flush(), headers=headers))


def _without_tokens(request: HttpRequest, content: bytes) -> bytes:
    """The page without the tokens of its first reader."""
    nonce = getattr(request, "csp_nonce", None)
    plain = content.replace(str(nonce).encode(), _NONCE) if nonce else content
    return _CSRF_FIELD.sub(_TOKEN, plain)


def _with_tokens(request: HttpRequest, content: bytes) -> bytes:
    """The cached page with the tokens of this reader."""
    if _NONCE in content:
        content = content.replace(_NONCE, str(request.csp_nonce).encode())  # type: ignore[attr-defined]
    if _TOKEN in content:
        content = content.replace(_TOKEN, get_token(request).encode())
    return content


@lru_cache
def _code_version() -> str:
    """A fingerprint of code, words and looks: another release may tell the same records differently."""
    fingerprint = hashlib.sha256()
    folders = [Path(settings.BASE_DIR) / name for name in ("indicators", "lanson", "templates", "static")]
    files = [path for folder in folders for path in folder.rglob("*.*")]
    for path in sorted([*files, *(Path(settings.BASE_DIR) / name for name in LOCK_FILES)]):
        if path.suffix != ".pyc" and path.is_file():
            fingerprint.update(path.read_bytes())
    return fingerprint.hexdigest()
