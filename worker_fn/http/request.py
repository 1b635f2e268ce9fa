"""One HTTP request with limits on its address, its time and the size of the answer."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import aiohttp
from yarl import URL

from chalicelib.domain.retry import DoNotRetry, Retry
from worker_fn.http.addresses import GuardedResolver

MAX_REDIRECTS: Final = 5
#: Response headers kept, in characters.
MAX_HEADER_CHARS: Final = 8_192
_CHUNK: Final = 16 * 1024
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
#: Statuses after which a later attempt may succeed.
_LATER: Final = frozenset({408, 425, 429})
#: Headers that are dropped when a redirect leads to another origin.
_SECRET: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
_OF_BODY: Final = frozenset({"content-type", "content-encoding", "content-language", "content-length"})


@dataclass(frozen=True, slots=True)
class Request:
    """A request to send."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    timeout_s: float
    max_response_bytes: int
    follow_redirects: bool = True


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. ``body`` is cut at the limit; then ``truncated`` is true."""

    status: int
    url: str
    headers: dict[str, str]
    body: bytes
    truncated: bool
    redirects: int

    def as_result(self) -> dict[str, Any]:
        """Return the answer as the result of a job: the body as text if it is text, else base64."""
        try:
            body, encoding = self.body.decode(), "utf-8"
        except UnicodeDecodeError:
            body, encoding = base64.b64encode(self.body).decode(), "base64"
        return {
            "status": self.status,
            "url": self.url,
            "headers": self.headers,
            "body": body,
            "encoding": encoding,
            "truncated": self.truncated,
            "redirects": self.redirects,
        }


async def fetch(request: Request, resolver: GuardedResolver) -> Response:
    """Send ``request`` and return the answer, whatever its status.

    Raises ``Retry`` without an answer in time, ``DoNotRetry`` for a request that is not allowed; their ``kind`` says
    why.
    """
    try:
        async with asyncio.timeout(request.timeout_s), _session(resolver) as session:
            return await _follow(request, session, resolver)
    except TimeoutError:
        late = f"no answer from {shown(request.url)} within {request.timeout_s:g} s"
        raise Retry(late, kind="NoAnswerInTime") from None
    except aiohttp.InvalidURL:
        raise DoNotRetry("the URL is not valid", kind="InvalidURL") from None
    except (aiohttp.ClientError, OSError) as error:
        raise Retry(f"no answer from {shown(request.url)}: {type(error).__name__}") from error


def check_status(response: Response, expected: frozenset[int] | None, now: datetime) -> None:
    """Raise unless the status is as expected (``None``: any of 2xx).

    ``Retry`` for 408, 425, 429 and 5xx, after what ``Retry-After`` says; ``DoNotRetry`` for the others. Their kind is
    the status, so that each status is a group of its own in the DLQ.
    """
    status = response.status
    if status in expected if expected is not None else HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    message, kind = f"{shown(response.url)} answered {status}", f"HTTP {status}"
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Retry(message, delay_s=_retry_after_s(response, now), kind=kind)
    raise DoNotRetry(message, kind=kind)


def shown(url: str) -> str:
    """Return ``url`` without credentials, query and fragment, for logs and errors."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path}"


def _session(resolver: GuardedResolver) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        resolver=resolver, use_dns_cache=False, force_close=True, socket_factory=resolver.socket
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # a small answer may unpack to a huge one
        trust_env=False,  # no proxy: it would connect where we cannot look
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=10),
        headers={"Accept-Encoding": "identity", "User-Agent": "QueueCraft"},
    )


async def _follow(request: Request, session: aiohttp.ClientSession, resolver: GuardedResolver) -> Response:
    method, url, headers, body = request.method, request.url, dict(request.headers), request.body
    for redirects in range(MAX_REDIRECTS + 1):
        target = _target(url)
        async with session.request(method, target, headers=headers, data=body, allow_redirects=False) as answer:
            location = answer.headers.get("Location")
            if not request.follow_redirects or answer.status not in _REDIRECTS or location is None:
                return await _read(answer, url, redirects, request.max_response_bytes)
            status = answer.status
        following = urljoin(url, location)
        if _origin(following) != _origin(url):
            headers = {name: value for name, value in headers.items() if name.lower() not in _SECRET}
        if status == HTTPStatus.SEE_OTHER or (status in {301, 302} and method == "POST"):
            method, body = "HEAD" if method == "HEAD" else "GET", None
            headers = {name: value for name, value in headers.items() if name.lower() not in _OF_BODY}
        url = following
    raise DoNotRetry(f"more than {MAX_REDIRECTS} redirects from {shown(request.url)}", kind="TooManyRedirects")


def _target(url: str) -> URL:
    """Return the URL as sent. Raises ``DoNotRetry`` for one that is not allowed."""
    try:
        target = URL(url)
    except ValueError:
        raise DoNotRetry("the URL is not valid", kind="InvalidURL") from None
    if target.scheme not in {"http", "https"} or not target.host:
        served = f"only http and https are served, not {target.scheme or 'nothing'}"
        raise DoNotRetry(served, kind="InvalidURL")
    if target.user or target.password:
        raise DoNotRetry("credentials belong in a header, not in the URL", kind="InvalidURL")
    return target


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = _target(url)
    return parts.scheme, parts.host, parts.port


async def _read(answer: aiohttp.ClientResponse, url: str, redirects: int, limit: int) -> Response:
    body = bytearray()
    truncated = False
    async for chunk in answer.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > limit:
            truncated = True
            del body[limit:]
            break
    return Response(answer.status, url, _kept(answer.headers), bytes(body), truncated, redirects)


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    room = MAX_HEADER_CHARS
    for name, value in headers.items():
        room -= len(name) + len(value)
        if room < 0:
            break
        lower = name.lower()
        kept[lower] = f"{kept[lower]}, {value}" if lower in kept else value
    return kept


def _retry_after_s(response: Response, now: datetime) -> float | None:
    """Return ``Retry-After`` in seconds, ``None`` if it is missing or not valid."""
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())
