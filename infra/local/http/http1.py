"""HTTP/1.1: bytes to requests and responses to bytes, without I/O.

The parser is httptools' (llhttp, the parser of Node.js); this module adds the limits, and what a gateway makes of a
request.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Any

import httptools
import orjson
from multidict import CIMultiDict

MAX_HEAD_BYTES = 32 * 1024
#: Maximum overhead of chunks: sizes and extensions of a small chunk, and a trailer.
FRAMING_PER_BYTE = 16
VERSIONS = {"1.0", "1.1"}
#: The first byte of a TLS client: a handshake record.
TLS = b"\x16\x03"
REASONS = {status.value: status.phrase for status in HTTPStatus}


class BadRequestError(ValueError):
    """Raised when the bytes are no request; the connection ends with `status`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class Request:
    """A request as received."""

    method: str
    #: path and query, percent-encoded
    target: str
    #: names as received, in order
    headers: list[tuple[str, str]]
    #: by name in lower case; the last of several values
    lookup: dict[str, str] = field(default_factory=dict)
    #: None if it was larger than allowed
    body: bytes | None = b""
    #: whether the client may send another request
    keep_alive: bool = True
    source_ip: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Response:
    """Status, headers and body, ready to be written."""

    status: int
    headers: CIMultiDict[str]
    body: bytes

    @classmethod
    def json(cls, body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> "Response":
        """Return a response with a JSON body."""
        return cls(status, CIMultiDict({"Content-Type": "application/json", **(headers or {})}), orjson.dumps(body))

    @classmethod
    def text(
        cls, status: int, text: str = "", headers: Mapping[str, str] | None = None, media_type: str = "text/plain"
    ) -> "Response":
        """Return a response with text in UTF-8."""
        fields = CIMultiDict({"Content-Type": f"{media_type}; charset=utf-8", **(headers or {})})
        return cls(status, fields, text.encode())

    def encode(self, *, is_head: bool = False, keep_alive: bool = True) -> bytes:
        """Return the bytes on the wire; the answer to a HEAD has no body."""
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, '')}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.status != HTTPStatus.NO_CONTENT:
            lines.append(f"Content-Length: {len(self.body)}")
        if not keep_alive:
            lines.append("Connection: close")
        head = "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n"
        return head if is_head else head + self.body


class Stage(Enum):
    """The state of a connection."""

    IDLE = "idle"
    HEAD = "head"
    BODY = "body"


#: In Python 3.11, looking up a member by name takes longer than the rest of a callback.
IDLE, HEAD, BODY = Stage


class _Enough(Exception):  # noqa: N818 - ends the parsing from within a callback
    """Raised to stop parsing the connection: a body is too large, or the request is the last."""


class RequestParser:
    """Parses received bytes into complete requests."""

    def __init__(self, max_body_bytes: int) -> None:
        self._max_body_bytes = max_body_bytes
        self._parser = httptools.HttpRequestParser(self)
        self._target = b""
        #: names and values of the head as received
        self._fields: list[tuple[bytes, bytes]] = []
        self._request: Request | None = None
        self._body = bytearray()  # not a list of parts: small chunks would cost many times their size
        self._body_bytes = 0
        #: bytes of the current message besides its content
        self._framing_bytes = 0
        self._complete: list[Request] = []
        self._refusal: BadRequestError | None = None
        self._is_over = False
        self.stage = IDLE
        #: set when the client waits for permission to send its body
        self.expects_continue = False

    def feed(self, data: bytes) -> Iterator[Request]:
        """Yield the requests that these bytes complete. Raises BadRequestError, which ends the connection."""
        if self._is_over:
            return
        if self.stage is IDLE and data.startswith(TLS):
            raise BadRequestError(400, "This port speaks http, not https")
        content_before = self._body_bytes
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:  # answered as if it had not asked
            self._last()
        except httptools.HttpParserCallbackError as error:
            self._is_over = True
            self._refusal = error.__context__ if isinstance(error.__context__, BadRequestError) else None
            if self._refusal is None and not isinstance(error.__context__, _Enough):
                raise
        except httptools.HttpParserError as error:
            self._is_over = True
            self._refusal = BadRequestError(400, f"Not an HTTP request: {error}")
        complete, self._complete = self._complete, []
        yield from complete
        if self._refusal is not None:
            raise self._refusal
        self._count(len(data), content_before, is_new=bool(complete))

    def _count(self, arrived: int, content_before: int, *, is_new: bool) -> None:
        """Limit the overhead of a message besides its content.

        Exact except for the last read of the previous message.
        """
        if self.stage is IDLE or self._is_over:
            self._framing_bytes = 0
            return
        self._framing_bytes = 0 if is_new else self._framing_bytes + arrived - (self._body_bytes - content_before)
        if self._framing_bytes > MAX_HEAD_BYTES + self._body_bytes * FRAMING_PER_BYTE:
            self._is_over = True
            if self.stage is HEAD:
                raise BadRequestError(431, "Request header fields too large")
            raise BadRequestError(400, "Chunks or trailers too large")

    def _last(self) -> None:
        self._is_over = True
        if self._complete:
            self._complete[-1].keep_alive = False

    # What httptools calls

    def on_message_begin(self) -> None:
        """Start a request."""
        self.stage = HEAD
        self._target = b""
        self._fields = []
        self._body, self._body_bytes = bytearray(), 0

    def on_url(self, part: bytes) -> None:
        """Add a part of the target."""
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a field of the head; those of a trailer are dropped."""
        if self.stage is HEAD:
            self._fields.append((name, value))

    def on_headers_complete(self) -> None:
        """Check the complete head."""
        self.stage = BODY
        if self._parser.get_http_version() not in VERSIONS:
            raise BadRequestError(400, "Only HTTP/1.1 and HTTP/1.0 are supported")
        headers, lookup = _decoded(self._fields)
        if lookup.get("transfer-encoding", "chunked").lower() != "chunked":
            raise BadRequestError(400, "Unsupported transfer coding")
        self._request = Request(
            self._parser.get_method().decode(),
            _path_of(self._target.decode("latin-1")),
            headers,
            lookup,
            keep_alive=self._parser.should_keep_alive(),
        )
        if int(lookup.get("content-length") or 0) > self._max_body_bytes:
            self._refuse_body()
        self.expects_continue = lookup.get("expect", "").lower() == "100-continue"

    def on_body(self, part: bytes) -> None:
        """Add a part of the body."""
        self._body += part
        self._body_bytes += len(part)
        self.expects_continue = False
        if self._body_bytes > self._max_body_bytes:
            self._refuse_body()

    def on_message_complete(self) -> None:
        """Finish the request."""
        assert self._request is not None  # noqa: S101 - on_headers_complete made it
        self._request.body = bytes(self._body)
        self._emit()
        if not self._complete[-1].keep_alive:
            raise _Enough

    def _refuse_body(self) -> None:
        """Emit the request without its body, the rest of which is not parsed."""
        assert self._request is not None  # noqa: S101 - on_headers_complete made it
        self._request.body, self._request.keep_alive = None, False
        self._emit()
        raise _Enough

    def _emit(self) -> None:
        assert self._request is not None  # noqa: S101 - on_headers_complete made it
        self._complete.append(self._request)
        self._request = None
        self._body, self._body_bytes = bytearray(), 0
        self.stage = IDLE
        self.expects_continue = False


def _decoded(fields: list[tuple[bytes, bytes]]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Return the fields of a head in order, and by name in lower case."""
    headers, lookup = [], {}
    for name, value in fields:
        text, content = name.decode("latin-1"), value.decode("latin-1").strip(" \t")
        key = text.lower()
        if key == "host" and key in lookup:
            raise BadRequestError(400, "More than one Host")
        headers.append((text, content))
        lookup[key] = content
    return headers, lookup


def _path_of(target: str) -> str:
    """Return the target without the scheme and host that a client of a proxy writes."""
    if target.startswith("/"):
        return target
    _, scheme, rest = target.partition("://")
    return f"/{rest.partition('/')[2]}" if scheme else "/"
