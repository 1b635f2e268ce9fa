"""Sends calls: with credentials, within their time, again where that is safe."""

from __future__ import annotations

import platform
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from queuecraft_client import _body
from queuecraft_client._events import Events
from queuecraft_client._io import Exchange, Io
from queuecraft_client._request import M, Request, many, result
from queuecraft_client._retries import Attempts
from queuecraft_client._tracing import trace_headers
from queuecraft_client._version import VERSION
from queuecraft_client.errors import ConnectionFailed, UnexpectedAnswer

T = TypeVar("T")
_MAX_PAGE: Final = 200
_AGENT: Final = f"queuecraft-client/{VERSION} python/{platform.python_version()}"


@dataclass(frozen=True, slots=True)
class Config:
    """Where to send calls, as whom, and how patiently. Raises ``ValueError`` for what does not fit together."""

    url: str
    email: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    #: Seconds for one answer.
    timeout_s: float = 30.0
    #: How often a call is repeated.
    retries: int = 4
    #: Where events come from; by default the API says it.
    ws_url: str | None = None

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise ValueError("url begins with http:// or https://")
        if (self.email is None) != (self.password is None) or (self.email is None) == (self.token is None):
            raise ValueError("Give either email and password, or token")
        if self.timeout_s <= 0 or self.retries < 0:
            raise ValueError("timeout is above 0, and retries are not below 0")


def new_key() -> str:
    """Return a new idempotency key."""
    return uuid.uuid4().hex


class Session:
    """Credentials and retries around ``Io``."""

    def __init__(self, io: Io, config: Config) -> None:
        self.io = io
        self.config = config
        self._url = config.url.rstrip("/")
        self._token = config.token
        self._log_in = io.lock()
        self.events = Events(self)

    async def send(self, request: Request[T], *, timeout_s: float | None = None) -> T:
        """Return the result of a call. Raises ``ApiError``, ``ConnectionFailed``, ``UnexpectedAnswer``.

        ``timeout_s`` is for all attempts together.
        """
        ends = None if timeout_s is None else self.io.now() + timeout_s
        attempts = Attempts(request, self.config.retries, self.io.now, ends)
        may_log_in = not request.public and self.config.password is not None
        while True:
            token = None if request.public else await self._credentials()
            try:
                answer = await self.io.exchange(self._exchange(request, token, attempts))
            except ConnectionFailed as error:
                wait = attempts.after_loss(error)
            else:
                if answer.status < 400:
                    return result(request, answer)
                if attempts.is_deleted(answer):
                    return request.read({})
                if may_log_in and answer.status == 401:
                    may_log_in = False
                    await self._forget(token)
                    continue
                wait = attempts.after_refusal(answer)
            await self.io.sleep(wait)

    async def pages(
        self, kind: type[M], path: str, name: str, query: Mapping[str, Any], limit: int | None = None
    ) -> AsyncIterator[M]:
        """Yield the elements of a list, page by page, at most ``limit``."""
        left, cursor = limit, None
        while left is None or left > 0:
            size = _MAX_PAGE if left is None else min(left, _MAX_PAGE)
            asked = _body.query({**query, "cursor": cursor, "limit": size})
            body = await self.send(Request("GET", path, _whole, query=asked))
            for each in many(kind, name)(body):
                yield each
            left = None if left is None else left - size
            cursor = body.get("nextCursor")
            if cursor is None:
                return

    def _exchange(self, request: Request[Any], token: str | None, attempts: Attempts) -> Exchange:
        headers = {**trace_headers(), "Accept": "application/json", "User-Agent": _AGENT}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if request.key is not None:
            headers["Idempotency-Key"] = request.key
        has_body = request.has_body or request.body is not None
        if has_body:
            headers["Content-Type"] = "application/json"
        return Exchange(
            request.method,
            self._url + request.path,
            headers,
            request.query,
            _body.encoded(request.body) if has_body else None,
            attempts.timeout_s(self.config.timeout_s),
        )

    async def _credentials(self) -> str:
        """Return a token; the first call logs in. Calls that need one at the same time wait for one log-in."""
        if self._token is not None:
            return self._token
        async with self._log_in:
            if self._token is None:
                body = {"email": self.config.email, "password": self.config.password}
                asked = Request("POST", "/login", _token, body=body, repeatable=True, public=True)
                self._token = await self.send(asked)
            return self._token

    async def _forget(self, token: str | None) -> None:
        """Have the next call log in, unless another call has done so since ``token`` was used."""
        async with self._log_in:
            if self._token == token:
                self._token = None


def _whole(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise UnexpectedAnswer("The answer is not an object")
    return body


def _token(body: Any) -> str:
    token = _whole(body).get("jwt")
    if not isinstance(token, str):
        raise UnexpectedAnswer("The answer to the log-in has no token")
    return token
