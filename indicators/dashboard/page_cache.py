"""HTTP: an answer is worked out once after each change: who has it already is told so, everybody else gets it as it is kept.

The database names the present state of everything public by its stamp (models/data_version.py), whatever server asks. The day
belongs to the question (a figure may be published tomorrow), and so do the code and the settings that word the answer.
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

from ..models import DataVersion

logger = logging.getLogger(__name__)

LONGEST = 3600  # seconds an answer nobody asks for stays in the cache
PATIENCE = 5  # seconds that one who asks waits for the work of another
LARGEST = 4_000_000  # bytes; what is larger is worked out again each time
QUICKLY = 1  # packed so, a page takes a fifth of its place
WORDING = (
    *("SAMPLE_DATA", "PUBLIC_DASHBOARD", "EMBED_ORIGINS", "SITE_URL"),
    *("API_PER_MINUTE", "PLOTLY_BUNDLE", "PLOTLY_LOCALE"),
)
LOCKS = ("constraints.txt", "package-lock.json")  # which packages, and so which static files

# After a change many ask for the same: one thread works it out, the others of the process wait and get it as it is kept.
_WORKING = [Lock() for _place in range(64)]

# What stands in a kept page where the reader's own tokens belong.
_NONCE, _TOKEN = b"\x00nonce\x00", b"\x00token\x00"
_CSRF_FIELD = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]+')


def fresh(request: HttpRequest, work_out: Callable[[], HttpResponseBase], *question: str) -> HttpResponseBase:
    """The answer to `question` (address, language, kind of reader, …): 304 to who has it, the kept one, or a new one.

    The state is read before the content: a change in between makes the answer too new for its name, never too old.
    """
    name = _name(DataVersion.objects.current(), *question)
    # A page holds tokens of its reader, which are others after the next login.
    tag = f'W/"{_name(name, request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""))}"'
    known = get_conditional_response(request, etag=tag)
    if known is not None:
        known["ETag"] = tag
        # The reader's copy goes with the policy it came with: its nonce is in it.
        known._csp_exempt = True  # type: ignore[attr-defined]
        return known
    response = _again(name, request) or once(name, request, work_out)
    if response.status_code == 200:
        response["ETag"] = tag
    return response


def once(name: str, request: HttpRequest, work_out: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What `work_out` answers, kept under `name`; of many who ask at once only one does the work."""
    lock = _WORKING[int(name, 16) % len(_WORKING)]
    waited = lock.acquire(timeout=PATIENCE)  # what takes longer is no reason to hold up the rest
    try:
        return _again(name, request) or _keeping(name, request, work_out())
    finally:
        if waited:
            lock.release()


def _name(*parts: str) -> str:
    told = (*parts, str(timezone.localdate()), _code(), *(str(getattr(settings, one)) for one in WORDING))
    return hashlib.sha256("\x00".join(told).encode()).hexdigest()[:32]


def _again(name: str, request: HttpRequest) -> HttpResponse | None:
    """The answer that the cache holds, made this reader's. A cache that is away or holds something else has none."""
    try:
        found = cache.get(name)
        if isinstance(found, HttpResponse):
            found.content = _made_personal(request, zlib.decompress(found.content))
            return found
    except Exception:
        logger.warning("Answers are worked out anew: the cache does not answer, or with something else.", exc_info=True)
    return None


def _keep(name: str, response: HttpResponse) -> None:
    """Keep `response`, which holds its content packed; what decorators said of it goes along."""
    try:
        cache.set(name, response, LONGEST)
    except Exception:
        logger.warning("An answer is not kept: the cache does not take it.", exc_info=True)


def _keeping(name: str, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """`response`, which is kept under `name` unless it is an error, a file on disk or too large."""
    if response.status_code != 200 or request.method != "GET":
        return response
    if type(response) is StreamingHttpResponse:
        pieces = map(response.make_bytes, response)
        response.streaming_content = _kept_when_through(name, pieces, dict(response.headers))
    elif isinstance(response, HttpResponse) and len(response.content) <= LARGEST:
        own, response.content = response.content, zlib.compress(_made_common(request, response.content), QUICKLY)
        _keep(name, response)
        response.content = own
    return response


def _kept_when_through(name: str, pieces: Iterable[bytes], headers: dict[str, str]) -> Iterator[bytes]:
    """The same pieces; together they are kept once the last one has been asked for. Memory stays bounded."""
    packing, packed, size = zlib.compressobj(QUICKLY), b"", 0
    for piece in pieces:
        size += len(piece)
        packed = packed + packing.compress(piece) if size <= LARGEST else b""
        yield piece
    if size <= LARGEST:
        _keep(name, HttpResponse(packed + packing.flush(), headers=headers))


def _made_common(request: HttpRequest, content: bytes) -> bytes:
    """The page without the tokens of its first reader."""
    nonce = getattr(request, "csp_nonce", None)
    plain = content.replace(str(nonce).encode(), _NONCE) if nonce else content
    return _CSRF_FIELD.sub(_TOKEN, plain)


def _made_personal(request: HttpRequest, content: bytes) -> bytes:
    """The kept page with the tokens of this reader."""
    if _NONCE in content:
        content = content.replace(_NONCE, str(request.csp_nonce).encode())  # type: ignore[attr-defined]
    if _TOKEN in content:
        content = content.replace(_TOKEN, get_token(request).encode())
    return content


@lru_cache
def _code() -> str:
    """A fingerprint of code, words and looks: another release may tell the same records differently."""
    found = hashlib.sha256()
    places = [Path(settings.BASE_DIR) / name for name in ("indicators", "lanson", "templates", "static")]
    files = [path for place in places for path in place.rglob("*.*")]
    for path in sorted([*files, *(Path(settings.BASE_DIR) / name for name in LOCKS)]):
        if path.suffix != ".pyc" and path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()
