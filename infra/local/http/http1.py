"""HTTP/1.1: bytes to requests and responses to bytes, without input and output.

A general server costs more time than the rest of a request's way through the gateway; this one knows only what
a gateway needs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson
from multidict import CIMultiDict

MAX_HEAD_BYTES = 32 * 1024
REASONS = {status.value: status.phrase for status in HTTPStatus}
LINE_END = b"\r\n"


class BadRequestError(ValueError):
    """Raised when the bytes are no request; the connection ends with `status`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class Request:
    """A request as it came."""

    method: str
    #: path and query, percent-encoded
    target: str
    #: names as they were written, in order
    headers: list[tuple[str, str]]
    #: by name in lower case; of several values the last
    lookup: dict[str, str] = field(default_factory=dict)
    #: None when it was larger than allowed
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
        """A response with a JSON body."""
        return cls(status, CIMultiDict({"Content-Type": "application/json", **(headers or {})}), orjson.dumps(body))

    @classmethod
    def text(
        cls, status: int, text: str = "", headers: Mapping[str, str] | None = None, media_type: str = "text/plain"
    ) -> "Response":
        """A response with text in UTF-8."""
        fields = CIMultiDict({"Content-Type": f"{media_type}; charset=utf-8", **(headers or {})})
        return cls(status, fields, text.encode())

    def encode(self, *, is_head: bool = False, keep_alive: bool = True) -> bytes:
        """The bytes on the wire; the answer to a HEAD has no body."""
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, '')}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.status != HTTPStatus.NO_CONTENT:
            lines.append(f"Content-Length: {len(self.body)}")
        if not keep_alive:
            lines.append("Connection: close")
        head = "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n"
        return head if is_head else head + self.body


class RequestParser:
    """Feed it what arrives; it gives the requests that are complete."""

    def __init__(self, max_body_bytes: int) -> None:
        self._max_body_bytes = max_body_bytes
        self._buffer = bytearray()
        self._request: Request | None = None
        #: what is left of the body: a number of bytes, or None while chunks are read
        self._size: int | None = 0
        self._chunks = bytearray()
        #: what still comes is the rest of a refused body, or nothing that will be answered
        self._is_over = False
        #: set when the client waits for leave to send its body
        self.expects_continue = False

    def feed(self, data: bytes) -> Iterable[Request]:
        """Complete requests in these bytes and those before; BadRequestError ends the connection."""
        self._buffer += data
        while not self._is_over:
            if self._request is None and not self._read_head():
                return
            if not self._read_body():
                return
            assert self._request is not None  # noqa: S101 - _read_head made it
            request, self._request = self._request, None
            self.expects_continue = False
            self._is_over = not request.keep_alive
            yield request
        self._buffer.clear()

    def _read_head(self) -> bool:
        while self._buffer.startswith(LINE_END):
            del self._buffer[:2]
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > MAX_HEAD_BYTES:
                raise BadRequestError(431, "Request header fields too large")
            return False
        self._request = _parse_head(self._buffer[:end].decode("latin-1"))
        del self._buffer[: end + 4]
        self._size = self._body_size(self._request)
        if self._size is not None and self._size > self._max_body_bytes:
            self._request.body = None
            self._request.keep_alive = False
            self._size = 0
        self.expects_continue = self._size != 0 and self._request.lookup.get("expect", "").lower() == "100-continue"
        self._chunks.clear()
        return True

    def _body_size(self, request: Request) -> int | None:
        length = request.lookup.get("content-length")
        coding = request.lookup.get("transfer-encoding")
        if coding is not None:
            if length is not None or coding.lower() != "chunked":
                raise BadRequestError(400, "Unsupported transfer coding")
            return None
        if length is None:
            return 0
        if not length.isascii() or not length.isdigit():
            raise BadRequestError(400, "Invalid Content-Length")
        return int(length)

    def _read_body(self) -> bool:
        """Take the body from the buffer; False until it is whole."""
        if self._size is None:
            return self._read_chunks()
        if self._size == 0:
            return True
        if len(self._buffer) < self._size:
            return False
        assert self._request is not None  # noqa: S101 - there is a head
        self._request.body = bytes(self._buffer[: self._size])
        del self._buffer[: self._size]
        return True

    def _read_chunks(self) -> bool:
        assert self._request is not None  # noqa: S101 - there is a head
        while (end := self._buffer.find(LINE_END)) >= 0:
            try:
                size = int(self._buffer[:end].split(b";")[0], 16)
            except ValueError:
                raise BadRequestError(400, "Invalid chunk") from None
            if size == 0:
                return self._read_trailer(end)
            if len(self._buffer) < end + 2 + size + 2:
                return False
            self._chunks += self._buffer[end + 2 : end + 2 + size]
            del self._buffer[: end + 2 + size + 2]
            if len(self._chunks) > self._max_body_bytes:
                self._request.body, self._request.keep_alive = None, False
                return True
        return False

    def _read_trailer(self, end: int) -> bool:
        """The last chunk is at `end`; trailer fields up to an empty line are ignored."""
        rest = self._buffer[end:]
        finish = rest.find(b"\r\n\r\n")
        if finish < 0:
            return False
        del self._buffer[: end + finish + 4]
        if self._request is not None:
            self._request.body = bytes(self._chunks)
        return True


def _parse_head(head: str) -> Request:
    first, *lines = head.split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or parts[2] not in {"HTTP/1.1", "HTTP/1.0"} or not parts[1]:
        raise BadRequestError(400, "Malformed request line")
    headers = []
    lookup = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequestError(400, "Malformed header")
        value = value.strip(" \t")
        headers.append((name, value))
        lookup[name.lower()] = value
    connection = lookup.get("connection", "").lower()
    keep_alive = connection != "close" if parts[2] == "HTTP/1.1" else connection == "keep-alive"
    return Request(parts[0], _path_of(parts[1]), headers, lookup, keep_alive=keep_alive)


def _path_of(target: str) -> str:
    """The target without the scheme and host that a proxy's client writes."""
    if target.startswith("/"):
        return target
    _, scheme, rest = target.partition("://")
    return f"/{rest.partition('/')[2]}" if scheme else "/"
